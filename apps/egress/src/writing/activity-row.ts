import type { InstanceId } from '@landbridge/contracts';
import { deterministicId, type NewRow, type WrittenColumns } from '@landbridge/dynamics';
import type { CampaignEvent } from '@landbridge/mapping';
import type { RejectReason } from '@landbridge/pipeline';
import type { ActivityTarget } from '../schema/activity-target.ts';

/** Keeps the ids of activities apart from whatever else is made an id of. */
const ACTIVITIES = '0b5f6f0a-58a1-4d0f-9f0e-6f1d2f4c7b11';

/** The activity's own id: the same for the same event, however often it is told and written. */
export const activityId = (instance: InstanceId, { kind, id }: CampaignEvent): string =>
  deterministicId(ACTIVITIES, `${instance}/${kind}/${id}`);

/** An event as a row of its table; what a column cannot take whole is named, and nothing is cut. */
export function activityRow(
  event: CampaignEvent,
  target: ActivityTarget,
  {
    instance,
    contactsPath,
    contactId,
  }: {
    instance: InstanceId;
    /** Of the table of contacts, such as `/contacts`. */
    contactsPath: string;
    contactId: string;
  },
): { row: NewRow } | { rejected: RejectReason } {
  const { names } = target;
  const texts = [
    [names.campaignName, event.campaignName],
    [names.deliveryName, event.deliveryName],
    [names.trackingUrl, event.trackingUrl],
    [names.mirrorPageUrl, event.mirrorPageUrl],
  ] as const;
  const columns: { [column: string]: WrittenColumns[string] } = {
    [names.subject]: shortened(event.subject, target.lengths.get(names.subject) ?? null),
    [names.date]: event.at,
    [target.bind]: `${contactsPath}(${contactId})`,
  };
  if (target.sortDate !== null && names.date !== target.sortDate) {
    columns[target.sortDate] = event.at;
  }
  for (const [column, value] of texts) {
    if (column === null || value === null) continue;
    const lengthMax = target.lengths.get(column) ?? null;
    if (lengthMax !== null && value.length > lengthMax) {
      const field = `${target.table.table}.${column}`;
      const message = `${field} takes ${lengthMax} characters, and the value has ${value.length}`;
      return { rejected: { code: 'valueTooLong', message } };
    }
    columns[column] = value;
  }
  return { row: { id: activityId(instance, event), columns } };
}

/** The subject only repeats the names, so that its end may be missed. */
function shortened(text: string, lengthMax: number | null): string {
  if (lengthMax === null || text.length <= lengthMax) return text;
  return `${text.slice(0, Math.max(0, lengthMax - 1))}…`;
}
