import CloudStateDisconnected from '@react-spectrum/s2/icons/CloudStateDisconnected';
import { iconStyle, style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useIntl } from 'react-intl';
import { useLive } from '../api/live.tsx';
import { useSay } from '../locale/locale.tsx';

const banner = style({
  display: 'flex',
  alignItems: 'center',
  gap: 8,
  paddingX: { default: 16, sm: 24 },
  paddingY: 8,
  backgroundColor: 'notice-subtle',
  borderStyle: 'solid',
  borderWidth: 0,
  borderBottomWidth: 1,
  borderColor: 'gray-200',
  font: 'ui',
  color: 'heading',
});
const icon = iconStyle({ size: 'M', color: 'notice' });

/** Says that the page shows an earlier state because the server cannot be heard. */
export function ConnectionBanner() {
  const { lostAt } = useLive();
  const say = useSay();
  const intl = useIntl();
  return (
    <div role="status">
      {lostAt !== null && (
        <div className={banner}>
          <CloudStateDisconnected styles={icon} />
          <span>
            {say('connection.lost', { time: intl.formatTime(lostAt) })} {say('connection.retrying')}
          </span>
        </div>
      )}
    </div>
  );
}
