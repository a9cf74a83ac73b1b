import { Content, Heading, IllustratedMessage, ProgressCircle } from '@react-spectrum/s2';
import NoFile from '@react-spectrum/s2/illustrations/linear/NoFile';
import { style } from '@react-spectrum/s2/style' with { type: 'macro' };
import { useQuery } from '@tanstack/react-query';
import { ingressQuery } from '../api/queries.ts';
import { ErrorNotice } from '../frame/notices.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { useSay } from '../locale/locale.tsx';
import { mappingOf } from './mapping-draft.ts';
import { MappingEditor } from './mapping-editor.tsx';

const waiting = style({ display: 'flex', justifyContent: 'center', padding: 64 });

/** The mapping of one Dynamics 365 table to one Campaign resource, to be edited and saved. */
export function MappingPage({ instance, table }: { instance: string; table: string }) {
  const say = useSay();
  const configuration = useQuery(ingressQuery(instance));
  const read = configuration.data;
  const mapping = read && mappingOf(read.configuration, table);
  const heading =
    mapping === undefined
      ? say('workflow.ingress')
      : say('mapping.title', { from: table, to: mapping.campaignResource });
  return (
    <>
      <PageHead instance={instance} crumb={say('workflow.ingress')} title={heading} />
      {read === undefined && configuration.error !== null && (
        <ErrorNotice error={configuration.error} onRetry={() => void configuration.refetch()} />
      )}
      {read === undefined && configuration.error === null && (
        <div className={waiting}>
          <ProgressCircle isIndeterminate aria-label={say('mapping.loading')} />
        </div>
      )}
      {read !== undefined && mapping === undefined && (
        <IllustratedMessage>
          <NoFile />
          <Heading level={2}>{say('mapping.missing.title', { table })}</Heading>
          <Content>{say('mapping.missing.how')}</Content>
        </IllustratedMessage>
      )}
      {read !== undefined && mapping !== undefined && (
        <MappingEditor instance={instance} mapping={mapping} read={read} />
      )}
    </>
  );
}
