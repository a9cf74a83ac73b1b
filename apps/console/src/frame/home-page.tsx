import { Content, Heading, IllustratedMessage } from '@react-spectrum/s2';
import NoData from '@react-spectrum/s2/illustrations/linear/NoFile';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { instancesQuery } from '../api/queries.ts';
import { useSay } from '../locale/locale.tsx';
import { ErrorNotice } from './notices.tsx';

/** Leads to the first instance; where there is none, says how to get one. */
export function HomePage() {
  const say = useSay();
  const instances = useQuery(instancesQuery);
  if (instances.data === undefined) {
    return instances.error === null ? null : (
      <ErrorNotice error={instances.error} onRetry={() => void instances.refetch()} />
    );
  }
  const [first] = instances.data;
  if (first !== undefined) {
    const params = { instance: first.instance };
    return <Navigate to="/instances/$instance/workflows" params={params} replace />;
  }
  return (
    <IllustratedMessage>
      <NoData />
      <Heading level={1}>{say('instances.none.title')}</Heading>
      <Content>{say('instances.none.how')}</Content>
    </IllustratedMessage>
  );
}
