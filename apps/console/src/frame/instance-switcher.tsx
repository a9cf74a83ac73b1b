import { Badge, Picker, PickerItem, Text } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { instancesQuery } from '../api/queries.ts';
import type { InstanceView } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';

const whole = style({ flexShrink: 0 });
const row = style({ display: 'flex', alignItems: 'center', gap: 8, minWidth: 0 });

/** The instance that the address names; null where it names none or is unknown. */
export function useShownInstance(): InstanceView | null {
  const { instance } = useParams({ strict: false });
  const instances = useQuery(instancesQuery);
  return instances.data?.find((known) => known.instance === instance) ?? null;
}

/** Which instance is shown, marked so that nobody takes production for another. */
export function InstanceSwitcher() {
  const say = useSay();
  const navigate = useNavigate();
  const shown = useShownInstance();
  const instances = useQuery(instancesQuery);
  if (shown === null || instances.data === undefined) return null;
  return (
    <div className={row}>
      <Picker
        aria-label={say('header.instance')}
        items={instances.data.map((item) => ({ ...item, id: item.instance }))}
        value={shown.instance}
        onChange={(chosen) => {
          if (typeof chosen !== 'string') return;
          void navigate({ to: '/instances/$instance/workflows', params: { instance: chosen } });
        }}
        styles={style({ width: 208, flexShrink: 1 })}
      >
        {(item) => (
          <PickerItem id={item.id} textValue={item.name}>
            <Text slot="label">{item.name}</Text>
            {item.production ? <Text slot="description">{say('header.production')}</Text> : null}
          </PickerItem>
        )}
      </Picker>
      {shown.production ? (
        <Badge variant="negative" size="M" overflowMode="truncate" styles={whole}>
          {say('header.production')}
        </Badge>
      ) : (
        <Badge variant="neutral" fillStyle="outline" overflowMode="truncate" styles={whole}>
          {say('header.nonProduction')}
        </Badge>
      )}
    </div>
  );
}
