import {
  ActionButton,
  Menu,
  MenuItem,
  MenuTrigger,
  Text,
  Tooltip,
  TooltipTrigger,
} from '@react-spectrum/s2';
import Contrast from '@react-spectrum/s2/icons/Contrast';
import GlobeGrid from '@react-spectrum/s2/icons/GlobeGrid';
import { LANGUAGES, storedLanguage } from '../locale/locale-choice.ts';
import { useLanguage, useSay } from '../locale/locale.tsx';
import { useTheme } from '../theme/theme.tsx';

/** Chooses the language; each is named in itself. */
export function LanguageMenu() {
  const say = useSay();
  const { language, choose } = useLanguage();
  return (
    <MenuTrigger>
      <ActionButton isQuiet aria-label={say('header.language')}>
        <GlobeGrid />
      </ActionButton>
      <Menu
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[language]}
        onSelectionChange={(selected) => {
          if (selected === 'all') return;
          const [key] = selected;
          const chosen = storedLanguage(typeof key === 'string' ? key : null);
          if (chosen !== null) choose(chosen);
        }}
      >
        {LANGUAGES.map(({ language: id, name }) => (
          <MenuItem key={id} id={id} textValue={name}>
            <Text slot="label">
              <span lang={id}>{name}</span>
            </Text>
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}

/** Switches between light and dark. */
export function ThemeButton() {
  const say = useSay();
  const { theme, choose } = useTheme();
  const other = theme === 'light' ? 'dark' : 'light';
  const label = say(other === 'dark' ? 'header.theme.toDark' : 'header.theme.toLight');
  return (
    <TooltipTrigger>
      <ActionButton isQuiet aria-label={label} onPress={() => choose(other)}>
        <Contrast />
      </ActionButton>
      <Tooltip>{label}</Tooltip>
    </TooltipTrigger>
  );
}
