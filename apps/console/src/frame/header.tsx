import {
  ActionButton,
  Header as MenuHeader,
  Heading,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Text,
} from '@react-spectrum/s2';
import Leave from '@react-spectrum/s2/icons/Leave';
import UserAvatar from '@react-spectrum/s2/icons/UserAvatar';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { signOut } from '../api/calls.ts';
import { sessionQuery } from '../api/queries.ts';
import type { SessionView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';
import { Brand } from './brand.tsx';
import { InstanceSwitcher, useShownInstance } from './instance-switcher.tsx';
import { LanguageMenu, ThemeButton } from './preferences.tsx';

const bar = style({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  columnGap: 16,
  rowGap: 8,
  paddingX: { default: 16, sm: 24 },
  paddingY: 8,
});
const top = style({
  position: 'sticky',
  top: 0,
  zIndex: 3,
  backgroundColor: 'layer-1',
  borderStyle: 'solid',
  borderWidth: 0,
  borderBottomWidth: 1,
  borderColor: 'gray-200',
});
const stripe = style({
  height: 4,
  backgroundColor: { default: 'transparent', isProduction: 'negative' },
});
const home = style({ textDecoration: 'none', borderRadius: 'default', order: 1 });
const switcher = style({
  order: { default: 3, sm: 2 },
  flexBasis: { default: 'full', sm: 'auto' },
  minWidth: 0,
});
const controls = style({
  order: { default: 2, sm: 3 },
  display: 'flex',
  alignItems: 'center',
  gap: 4,
  marginStart: 'auto',
});

/** On every page: the product, the instance, language, theme, and the person. */
export function Header({ session }: { session: SessionView }) {
  const production = useShownInstance()?.production ?? false;
  return (
    <header className={top}>
      <div className={stripe({ isProduction: production })} />
      <div className={bar}>
        <Link to="/" className={home}>
          <Brand />
        </Link>
        <div className={switcher}>
          <InstanceSwitcher />
        </div>
        <div className={controls}>
          <LanguageMenu />
          <ThemeButton />
          <AccountMenu session={session} />
        </div>
      </div>
    </header>
  );
}

function AccountMenu({ session }: { session: SessionView }) {
  const say = useSay();
  const queries = useQueryClient();
  const leave = async () => {
    await signOut();
    queries.clear();
    await queries.invalidateQueries(sessionQuery);
    window.location.assign('/');
  };
  return (
    <MenuTrigger>
      <ActionButton isQuiet aria-label={say('header.account', { name: session.name })}>
        <UserAvatar />
      </ActionButton>
      <Menu onAction={() => void leave()}>
        <MenuSection>
          <MenuHeader>
            <Heading>{session.name}</Heading>
          </MenuHeader>
          <MenuItem id="sign-out" textValue={say('header.signOut')}>
            <Leave />
            <Text slot="label">{say('header.signOut')}</Text>
          </MenuItem>
        </MenuSection>
      </Menu>
    </MenuTrigger>
  );
}
