import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useId, type ReactNode } from 'react';

const section = style({ display: 'flex', flexDirection: 'column', gap: 16, marginTop: 16 });
const heading = style({ font: 'heading', margin: 0 });
const words = style({ font: 'body', margin: 0, marginTop: 4, maxWidth: 720 });
const fields = style({
  display: 'grid',
  gridTemplateColumns: {
    default: ['minmax(0, 1fr)'],
    md: ['minmax(0, 1fr)', 'minmax(0, 1fr)'],
    lg: ['minmax(0, 1fr)', 'minmax(0, 1fr)', 'minmax(0, 1fr)'],
  },
  columnGap: 24,
  rowGap: 20,
  alignItems: 'start',
});

interface Props {
  title: string;
  lead?: string;
  children: ReactNode;
}

/** A part of a form under a heading of its own. */
export function Section({ title, lead, children }: Props) {
  const id = useId();
  return (
    <section className={section} aria-labelledby={id}>
      <div>
        <h2 id={id} className={heading}>
          {title}
        </h2>
        {lead !== undefined && <p className={words}>{lead}</p>}
      </div>
      {children}
    </section>
  );
}

/** Entries beside one another, as many as there is room for. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={fields}>{children}</div>;
}
