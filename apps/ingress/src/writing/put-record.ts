import { type CampaignBodyValue, nestedBody } from '@landbridge/campaign';
import type { QueuedRecord } from '@landbridge/contracts';
import type { MappedFields } from '@landbridge/mapping';
import { COMPLETE_SINCE } from '@landbridge/messaging';
import type { WriteContext } from '@landbridge/pipeline';
import type { CampaignRecordAt } from './campaign-records.ts';
import type { Mapped } from './map-linked-record.ts';
import type { TableWriting } from './record.writer.ts';

export type Put = { mapped: Mapped; loads: boolean; target: CampaignRecordAt };

/**
 * `conflict`: not there under its own key, and yet something of it is taken. `notOurs`: there under
 * its own key, and Landbridge did not write it, so it stays as it is.
 */
export type PutResult = 'inserted' | 'patched' | 'conflict' | 'notOurs';

/** Brings the record to Campaign, in as few calls as what is known of it allows. */
export async function putRecord(
  record: QueuedRecord,
  put: Put,
  {
    wasWritten,
    writing,
    context,
  }: { wasWritten: boolean; writing: TableWriting; context: WriteContext },
): Promise<PutResult> {
  if (wasWritten) return patchFirst(put);
  const isOurs = async () => !(await wouldBeForeign(writing, context));
  const how = await howToBegin(record, writing, context, put.target);
  if (how === 'insert') return insertFirst(put, isOurs);
  return (await isOurs()) ? patchFirst(put) : 'notOurs';
}

/**
 * Whether a record that is found there would be somebody else's: nothing of it is remembered, the
 * memory has forgotten nothing, and no earlier attempt can have written it. A reply that got lost
 * makes a second attempt, so what that one finds counts as ours.
 */
async function wouldBeForeign(
  { mapping, memory }: TableWriting,
  { attempt }: WriteContext,
): Promise<boolean> {
  if (mapping.adoptExisting === true || attempt > 1) return false;
  return (await memory.get(COMPLETE_SINCE)) !== null;
}

/**
 * A key in the URI is unique, so inserting first is safe: a record that is there already answers as
 * a duplicate. Where only a filter finds records, nothing may stand in the way of a second one, so
 * we look first whenever the record might be there: when an earlier attempt may have been applied,
 * when the table is loaded, and when the memory may have forgotten it.
 */
async function howToBegin(
  record: QueuedRecord,
  { place, memory }: TableWriting,
  { attempt }: WriteContext,
  target: CampaignRecordAt,
): Promise<'patch' | 'insert'> {
  if (place.addressing === 'uriKey') return 'insert';
  const isNew =
    attempt === 1 && record.origin === 'change' && (await memory.get(COMPLETE_SINCE)) !== null;
  if (isNew) return 'insert';
  return (await target.exists()) ? 'patch' : 'insert';
}

async function patchFirst({ mapped, loads, target }: Put): Promise<PutResult> {
  if ((await target.patch(updateBody(mapped, loads))) === 'done') return 'patched';
  return (await target.insert(insertBody(mapped))) === 'done' ? 'inserted' : 'conflict';
}

/** `isOurs` is asked only of a record that is found there, since the answer costs a look-up. */
async function insertFirst(
  { mapped, loads, target }: Put,
  isOurs: () => Promise<boolean>,
): Promise<PutResult> {
  if ((await target.insert(insertBody(mapped))) === 'done') return 'inserted';
  if (!(await isOurs())) return (await target.exists()) ? 'notOurs' : 'conflict';
  // The record is there: written by an attempt whose reply was lost, or taken over on purpose.
  return (await target.patch(updateBody(mapped, loads))) === 'done' ? 'patched' : 'conflict';
}

const updateBody = (mapped: Mapped, loads: boolean) =>
  bodyOf(loads ? { ...mapped.followed, ...mapped.onInsert } : mapped.followed);

const insertBody = (mapped: Mapped) =>
  bodyOf({ [mapped.keyField]: mapped.key, ...mapped.followed, ...mapped.onInsert });

const bodyOf = (fields: MappedFields) =>
  nestedBody(fields satisfies Record<string, CampaignBodyValue>);
