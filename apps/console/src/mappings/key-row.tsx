import { Badge, Text } from '@react-spectrum/s2';
import Lock from '@react-spectrum/s2/icons/Lock';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import type { TableMapping } from '../api/types.ts';
import { useSay } from '../locale/locale.tsx';

const row = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    md: ['minmax(0, 1fr)', 'minmax(0, 1fr)', '192px'],
  },
  columnGap: 16,
  rowGap: 8,
  alignItems: 'center',
  paddingX: 12,
  paddingY: 12,
  backgroundColor: 'layer-1',
  borderRadius: 'default',
  font: 'ui',
});
const name = style({ overflowWrap: 'anywhere' });
const caption = style({ font: 'detail-sm' });
const help = style({ gridColumnStart: 1, gridColumnEnd: -1, font: 'body-xs', margin: 0 });

interface Props {
  keyFields: TableMapping['key'];
  names: ReadonlyMap<string, string>;
}

/** The pair that identifies a record on both sides; shown, and locked. */
export function KeyRow({ keyFields, names }: Props) {
  const say = useSay();
  return (
    <li className={row} data-row="key">
      <div>
        <div className={caption}>{say('mapping.source')}</div>
        <div className={name}>{names.get(keyFields.dynamics) ?? keyFields.dynamics}</div>
      </div>
      <div>
        <div className={caption}>{say('mapping.target')}</div>
        <div className={name}>{names.get(keyFields.campaign) ?? keyFields.campaign}</div>
      </div>
      <Badge variant="informative" fillStyle="subtle" styles={style({ justifySelf: 'start' })}>
        <Lock />
        <Text>{say('mapping.key')}</Text>
      </Badge>
      <p className={help}>{say('mapping.key.locked')}</p>
    </li>
  );
}
