import type { HttpReply } from '@landbridge/vendor-http';
import { z } from 'zod';
import type { Asker, Dataverse } from '../dataverse.ts';
import { DataverseRequestError, DynamicsUnreachable, isDynamicsError } from '../errors.ts';
import { guidOf } from '../query.ts';
import { refusalOf } from '../refusal.ts';
import { batchAnswers, batchOf } from './batch-message.ts';
import { bulkSize, type BulkSize } from './bulk-size.ts';
import type { CreatedRows, DynamicsWrites, NewRow, RowResult } from './writes.ts';

/** Rows in one request, at most. */
export type BulkSizes = { createMultipleRowsMax: number; batchRowsMax: number };

type Write = Parameters<DynamicsWrites['createRows']>[0];

const ALREADY_THERE = '0x80040237';
const TOO_MANY = /too many (?:parts|operations)/i;
/** SQL ran out of time, by the codes of refusal.ts. */
const TOO_SLOW = new Set(['0x80044150', '0x80044151']);
const Created = z.object({ Ids: z.array(z.unknown()) });

export function createRowsWith({ address, operation }: Dataverse, sizes: BulkSizes) {
  const size = {
    createMultiple: bulkSize(sizes.createMultipleRowsMax),
    batch: bulkSize(sizes.batchRowsMax),
  };

  async function createMultiple(ask: Asker, write: Write): Promise<RowResult[] | 'refused'> {
    const { table, rows, signal } = write;
    const shown = `${table.entitySet}/Microsoft.Dynamics.CRM.CreateMultiple`;
    const type = `Microsoft.Dynamics.CRM.${table.table}`;
    const targets = rows.map((row) => ({ '@odata.type': type, ...bodyOf(row, write) }));
    try {
      const body = JSON.stringify({ Targets: targets });
      const path = `${address.apiPath}${shown}`;
      await ask.json({ method: 'POST', path, shown, body, signal }, Created);
      return rows.map(({ id }) => ({ id, outcome: 'created' }));
    } catch (error) {
      if (isWholeRefusal(error)) return 'refused';
      throw error;
    }
  }

  async function batch(ask: Asker, write: Write): Promise<CreatedRows> {
    const { table, rows, signal } = write;
    const path = `${address.apiPath}${table.entitySet}`;
    const shown = `$batch of ${table.entitySet}`;
    const { contentType, body } = batchOf(
      rows.map((row) => ({ path, body: JSON.stringify(bodyOf(row, write)) })),
    );
    const reply = await ask.reply({
      ...{ method: 'POST', path: `${address.apiPath}$batch`, shown, body, contentType },
      ...{ prefer: 'odata.continue-on-error', signal },
    });
    const answers = batchAnswers(reply);
    const created: CreatedRows = { results: [], failure: null };
    for (const [index, { id }] of rows.entries()) {
      const answer = answers[index];
      const end =
        answer === undefined
          ? new DynamicsUnreachable({ method: 'POST', path: shown }, 'unreadable')
          : endOf(id, answer, shown);
      if (end instanceof Error) created.failure = end;
      else created.results.push(end);
    }
    return created;
  }

  /** Rows that a bulk write refused are told apart by a batch; a batch that is too long is cut. */
  async function some(ask: Asker, write: Write): Promise<CreatedRows> {
    if (write.by === 'createMultiple') {
      const results = await createMultiple(ask, write);
      if (results !== 'refused') return { results, failure: null };
      return inPieces(ask, { ...write, by: 'batch' });
    }
    return batch(ask, write);
  }

  async function inPieces(ask: Asker, write: Write): Promise<CreatedRows> {
    const adapting: BulkSize = size[write.by];
    const all: CreatedRows = { results: [], failure: null };
    let from = 0;
    while (from < write.rows.length && all.failure === null) {
      const rows = write.rows.slice(from, from + adapting.rows());
      try {
        const { results, failure } = await some(ask, { ...write, rows });
        all.results.push(...results);
        all.failure = failure;
        if (failure === null) adapting.enough();
        from += rows.length;
      } catch (error) {
        if (!isDynamicsError(error)) throw error;
        const refusedAsTooMuch = isTooMuch(error);
        if (refusedAsTooMuch || isTooSlow(error)) adapting.tooMuch(rows.length);
        if (!refusedAsTooMuch || rows.length === 1) all.failure = error;
      }
    }
    return all;
  }

  return (write: Write) =>
    operation(async (ask, meter) => {
      const created = await inPieces(ask, write);
      if (created.failure !== null) created.failure.calls = meter.calls;
      return created;
    });
}

function bodyOf({ id, columns }: NewRow, { table }: Write): object {
  return { [table.primaryId]: guidOf(id), ...columns };
}

/** One row's end inside a batch, or the error that leaves it open. */
function endOf(id: string, answer: HttpReply, shown: string): RowResult | DataverseRequestError {
  if (answer.status >= 200 && answer.status < 300) return { id, outcome: 'created' };
  const refusal = refusalOf(answer, Date.now());
  if (refusal.code === ALREADY_THERE) return { id, outcome: 'alreadyThere' };
  const { kind, code, column } = refusal;
  if (kind !== 'rejected' && kind !== 'notFound') {
    return new DataverseRequestError({ method: 'POST', path: shown }, refusal);
  }
  const named = column === null ? '' : ` for column ${column}`;
  const what = kind === 'notFound' ? 'misses a row that this one leads to' : 'refused the row';
  const message = `Dataverse ${what}${named} (${code === '' ? answer.status : code})`;
  return { id, outcome: 'rejected', kind, code, column, message };
}

/** All or nothing: one row is at fault, or is there already, and nothing was written. */
function isWholeRefusal(error: unknown): boolean {
  if (!(error instanceof DataverseRequestError) || isTooMuch(error)) return false;
  return error.kind === 'rejected' || error.kind === 'notFound';
}

function isTooMuch(error: unknown): boolean {
  if (!(error instanceof DataverseRequestError)) return false;
  return error.status === 413 || (error.kind === 'rejected' && TOO_MANY.test(error.vendorText));
}

function isTooSlow(error: unknown): boolean {
  if (error instanceof DynamicsUnreachable) return error.reason === 'timeout';
  return error instanceof DataverseRequestError && TOO_SLOW.has(error.code);
}
