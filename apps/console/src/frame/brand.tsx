import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';

const brand = style({ display: 'flex', alignItems: 'center', gap: 8, flexShrink: 0 });
const word = style({ font: 'title-lg', color: 'heading' });

/** The product's mark and name. */
export function Brand() {
  const say = useSay();
  return (
    <span className={brand}>
      <img src="/landbridge.svg" alt="" width={28} height={28} />
      <span className={word}>{say('product.name')}</span>
    </span>
  );
}
