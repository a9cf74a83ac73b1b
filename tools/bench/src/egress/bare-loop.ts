import { createCampaignJournal } from '@landbridge/campaign';
import { EgressConfiguration, EventKind } from '@landbridge/contracts';
import { createDynamicsClient, deterministicId, type NewRow } from '@landbridge/dynamics';
import { type CampaignEvent, extractEvent } from '@landbridge/mapping';
import type { BenchSimulators } from '../system/simulators.ts';

const NAMESPACE = '6f2c1f0a-7a1b-4a55-8a4f-0d3f6b0f7c22';

/**
 * Reads the whole journal and creates an activity for each event, in the same batches, a table after
 * the other, and remembers nothing: what a script would do. `scope`: another one makes other ids.
 * Answers how many it wrote.
 * Throws  what either client throws, and Error for an event that cannot be written.
 */
export async function bareLoop(
  { connections }: BenchSimulators,
  {
    eventsPerReadMax,
    rowsMax,
    scope,
  }: { eventsPerReadMax: number; rowsMax: number; scope: string },
): Promise<number> {
  const { eventsUrl = '' } = connections.campaign;
  await using journal = createCampaignJournal({
    connection: { ...connections.campaign, eventsUrl },
  });
  await using dynamics = createDynamicsClient({
    connection: connections.dynamics,
    createMultipleRowsMax: rowsMax,
  });
  const names = EgressConfiguration.parse({}).activities;
  const tables = new Map(
    await Promise.all(
      EventKind.options.map(async (kind) => {
        const table = (await dynamics.table(names[kind].table)).value;
        const binds = (await dynamics.bindNames(names[kind].table)).value;
        return [
          kind,
          { table, bind: binds.find(({ to }) => to === 'contact')?.bind ?? '' },
        ] as const;
      }),
    ),
  );
  const rowOf = (event: CampaignEvent): NewRow => ({
    id: deterministicId(NAMESPACE, `${scope}/${event.id}`),
    columns: {
      [names[event.kind].subject]: event.subject,
      [names[event.kind].date]: event.at,
      adobe_campaignname: event.campaignName,
      adobe_deliveryname: event.deliveryName,
      adobe_mirrorpageurl: event.mirrorPageUrl,
      ...(event.kind === 'click' ? { adobe_trackingurl: event.trackingUrl } : {}),
      [tables.get(event.kind)?.bind ?? '']: `/contacts(${event.profile.value})`,
    },
  });
  let written = 0;
  let position: string | null = null;
  let page;
  do {
    page = (await journal.readJournal({ position, limit: eventsPerReadMax })) satisfies object;
    position = page.next;
    const events = page.events.flatMap(({ event }) => {
      const extracted = extractEvent(event);
      return extracted.outcome === 'event' ? [extracted.event] : [];
    });
    for (const [kind, { table }] of tables) {
      const rows = events.filter((event) => event.kind === kind).map(rowOf);
      if (rows.length === 0) continue;
      const { value } = await dynamics.createRows({ table, rows, by: 'createMultiple' });
      if (value.failure !== null) throw value.failure;
      written += value.results.filter(({ outcome }) => outcome === 'created').length;
    }
  } while (page.events.length > 0);
  return written;
}
