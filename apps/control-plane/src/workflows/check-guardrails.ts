import type { IngressConfiguration, InstanceId, InstanceSettings } from '@landbridge/contracts';
import type { FieldError } from '../invalid-request.ts';
import type { Systems } from '../metadata/systems.ts';
import type { ConfigurationVerdict } from './check-configuration.ts';
import { countIfTold } from './forecast.ts';

type Guardrails = InstanceSettings['guardrails'];

/** Contact is there from the beginning and is no custom table. */
const CONTACT = 'contact';

/** What is past a guardrail by itself; links have theirs in `checkStructure`. */
export function checkSizes(
  { mappings }: IngressConfiguration,
  { customTablesMax, columnsMax }: Guardrails,
): FieldError[] {
  const custom = mappings
    .map((mapping, index) => ({ ...mapping, index }))
    .filter(({ dynamicsTable }) => dynamicsTable !== CONTACT);
  const beyond = custom[customTablesMax];
  const tables =
    beyond === undefined
      ? []
      : [
          {
            pointer: `/mappings/${beyond.index}`,
            message: `makes ${custom.length} tables besides contact; ${customTablesMax} are allowed (customTablesMax)`,
          },
        ];
  const columns = mappings.flatMap(({ dynamicsTable, fields }, index) =>
    fields.length <= columnsMax
      ? []
      : [
          {
            pointer: `/mappings/${index}/fields/${columnsMax}`,
            message: `"${dynamicsTable}" has ${fields.length} mapped columns; ${columnsMax} are allowed (columnsMax)`,
          },
        ],
  );
  return [...tables, ...columns];
}

/** Whether all mapped tables together hold more than is allowed; unknown counts are a warning. */
export async function checkRecords(
  { mappings }: IngressConfiguration,
  { instance, settings }: { instance: InstanceId; settings: InstanceSettings },
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const { recordsMax } = settings.guardrails;
  const connected = await systems.connected(instance);
  if (!connected.dynamics || mappings.length === 0) return { errors: [], warnings: [] };
  const tables = [...new Set(mappings.map(({ dynamicsTable }) => dynamicsTable))];
  const counts = await Promise.all(tables.map((table) => countIfTold(table, instance, systems)));
  const untold = counts.find((count) => 'why' in count);
  if (untold !== undefined) {
    const message = `Not checked whether more than ${recordsMax} records are mapped (recordsMax): ${untold.why}`;
    return { errors: [], warnings: [{ pointer: '/mappings', message }] };
  }
  const sum = counts.reduce((all, count) => all + ('why' in count ? 0 : count.records), 0);
  if (sum <= recordsMax) return { errors: [], warnings: [] };
  const message = `hold ${sum} records together; ${recordsMax} are allowed (recordsMax)`;
  return { errors: [{ pointer: '/mappings', message }], warnings: [] };
}
