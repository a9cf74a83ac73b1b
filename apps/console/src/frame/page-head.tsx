import { Link } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useSay } from '../locale/locale.tsx';
import { usePageTitle } from './use-page-title.ts';

const heading = style({ font: 'heading-xl', margin: 0, marginTop: 8, marginBottom: 24 });
const crumbs = style({
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 8,
  listStyleType: 'none',
  margin: 0,
  padding: 0,
  font: 'body-sm',
});

interface Props {
  instance: string;
  /** Where one is, below the workflows. */
  crumb: string;
  title: string;
}

/** The way back to the workflows, and the title of a page below them, also in the browser's tab. */
export function PageHead({ instance, crumb, title }: Props) {
  const say = useSay();
  usePageTitle(title);
  return (
    <>
      <nav aria-label={say('breadcrumbs')}>
        <ol className={crumbs}>
          <li>
            <Link href={`/instances/${instance}/workflows`} variant="secondary">
              {say('workflows.title')}
            </Link>
          </li>
          <li aria-hidden="true">›</li>
          <li aria-current="page">{crumb}</li>
        </ol>
      </nav>
      <h1 className={heading}>{title}</h1>
    </>
  );
}
