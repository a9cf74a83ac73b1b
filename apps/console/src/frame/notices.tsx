import { Button, Content, Heading, InlineAlert, LinkButton } from '@react-spectrum/s2';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { ApiProblem, ServerUnreachable } from '../api/errors.ts';
import { useSay } from '../locale/locale.tsx';

const stack = style({ display: 'flex', flexDirection: 'column', alignItems: 'start', gap: 16 });
const line = style({ margin: 0 });

/** What went wrong, in words, for an error of any kind. */
export function useExplain(): (error: unknown) => string {
  const say = useSay();
  return (error) => {
    if (error instanceof ServerUnreachable) return say('error.unreachable');
    if (error instanceof ApiProblem) {
      return say('error.serverSays', { detail: error.problem.detail });
    }
    return say('error.unexpected');
  };
}

/** In place of what could not be shown: why, and the way to try again. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const say = useSay();
  const explain = useExplain();
  return (
    <div className={stack}>
      <InlineAlert variant="negative">
        <Heading>{say('error.title')}</Heading>
        <Content>{explain(error)}</Content>
      </InlineAlert>
      <Button variant="secondary" onPress={onRetry}>
        {say('error.retry')}
      </Button>
    </div>
  );
}

/** In place of a page that does not exist. */
export function NotFoundNotice() {
  const say = useSay();
  return (
    <div className={stack}>
      <p className={line}>{say('error.notFound')}</p>
      <LinkButton variant="secondary" href="/">
        {say('error.toWorkflows')}
      </LinkButton>
    </div>
  );
}
