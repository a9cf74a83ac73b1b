import { WorkflowName } from '@landbridge/contracts';
import type { Transaction } from '@landbridge/event-log';
import { readLogged, type Logged } from '../projections/logged.ts';
import type { TableProjection } from '../projections/table-projection.ts';
import { deadLettersStream, instanceOf, STREAM_PREFIX } from '../projections/stream-ids.ts';
import { DeadLetterEvent, type DeadLetterEventOf } from './dead-letter.events.ts';

/**
 * The records that their destination refused and that nobody has dealt with, one letter for each
 * key: a record that is refused again while its letter is open has the newest reason and the sum of
 * the attempts. Beside them what was dealt with, so that dealing with it twice is doing it once.
 */
export const deadLettersProjection: TableProjection = {
  name: 'dead-letters',
  tables: ['dead_letters', 'dead_letters_dealt'],
  apply: async (tx, events) => {
    for (const recorded of events) {
      if (recorded.type === 'InstanceRemoved') await forget(tx, recorded.streamId);
      if (!recorded.streamId.startsWith(STREAM_PREFIX.deadLetters)) continue;
      await applyOne(tx, recorded.streamId, readLogged(DeadLetterEvent, recorded));
    }
  },
};

async function applyOne(
  tx: Transaction,
  streamId: string,
  { event, position }: Logged<DeadLetterEvent>,
): Promise<void> {
  switch (event.type) {
    case 'DeadLetterStored':
      return store(tx, streamId, event, position);
    case 'DeadLetterRetried':
    case 'DeadLetterReleased':
    case 'DeadLetterDiscarded':
      return dealWith(tx, streamId, event);
    case 'RetryAllAnswered':
      return;
  }
}

async function forget(tx: Transaction, instanceStream: string): Promise<void> {
  const instance = instanceOf(instanceStream);
  if (instance === null) return;
  for (const workflow of WorkflowName.options) {
    const stream = deadLettersStream({ instance, workflow });
    await tx.query('delete from dead_letters where stream_id = $1', [stream]);
    await tx.query('delete from dead_letters_dealt where stream_id = $1', [stream]);
  }
}

async function store(
  tx: Transaction,
  streamId: string,
  event: DeadLetterEventOf<'DeadLetterStored'>,
  position: bigint,
): Promise<void> {
  const { deadLetterId, table, key, reason, attempts, at } = event;
  await tx.query(
    `insert into dead_letters as open (stream_id, id, table_name, key, reason_code, reason_message,
       attempts_before, attempts, since, stored)
     select $1, $2, $3, $4, $5, $6, before.attempts, before.attempts + $7::integer, $8, $9
     from (select coalesce((
       select attempts from dead_letters_dealt
       where stream_id = $1 and table_name = $3 and key = $4 and kind = 'retried'
       order by dealt desc limit 1), 0) as attempts) as before
     where not exists (select from dead_letters_dealt where stream_id = $1 and id = $2)
     on conflict (stream_id, table_name, key) do update set
       id = $2, reason_code = $5, reason_message = $6, stored = $9,
       superseded = case when open.id = $2 then open.superseded
         else open.superseded || to_jsonb(open.id) end,
       attempts_before = case when open.id = $2 then open.attempts_before else open.attempts end,
       attempts = case when open.id = $2 then open.attempts_before else open.attempts end
         + $7::integer`,
    [streamId, deadLetterId, table, key, reason.code, reason.message, attempts, at, position],
  );
}

async function dealWith(
  tx: Transaction,
  streamId: string,
  event: DeadLetterEventOf<'DeadLetterRetried' | 'DeadLetterReleased' | 'DeadLetterDiscarded'>,
): Promise<void> {
  const kind = event.type === 'DeadLetterDiscarded' ? 'discarded' : 'retried';
  await tx.query(
    `with gone as (
       delete from dead_letters where stream_id = $1 and id = $2
       returning table_name, key, attempts, stored)
     insert into dead_letters_dealt (stream_id, id, table_name, key, kind, attempts, dealt)
     select $1, $2, table_name, key, $3, attempts, stored from gone
     on conflict (stream_id, id) do nothing`,
    [streamId, event.deadLetterId, kind],
  );
}
