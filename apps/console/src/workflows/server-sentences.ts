import type { MessageId } from '../locale/message.ts';
import type { ConfigurationChange } from '../api/types.ts';
import type { Message } from '../locale/message.ts';

/**
 * The reasons that the server gives in English, by their sentences, so that they can be said in
 * every language. Source  apps/control-plane/src/workflows/may-act.ts and start-rules.ts. A sentence that is not here
 * is shown as the server wrote it.
 */
const REASONS: Readonly<Record<string, MessageId>> = {
  'It is still stopping.': 'reason.stopping',
  'It is stopping already.': 'reason.stopping',
  'It is not running.': 'reason.notRunning',
  'Nothing is configured: map a table first.': 'reason.mapFirst',
  'The connection to Dynamics 365 is not set.': 'reason.noDynamics',
  'The connection to Campaign is not set.': 'reason.noCampaign',
  'The connection to Campaign has no eventsUrl: the address of the events’ journal.':
    'reason.noJournal',
  'The connection to SFTP is not set.': 'reason.noSftp',
  'All events are off: switch on send, open, click or bounce first.': 'reason.noEvents',
  'The direction is Disabled: choose another one first.': 'reason.disabled',
  'Unidirectional from Dynamics 365 needs no run of its own: map the fields in the contact mapping of Microsoft Dynamics 365 to Campaign.':
    'reason.inContactMapping',
  'No opt-out is mapped: add a mapping first.': 'reason.noOptout',
  'An opt-out of the contact mapping is mapped in Opt-In/Out too, saved or in its run, and each would undo what the other writes: take it out of one of the two.':
    'reason.alsoInOptin',
  'An opt-out is mapped in the contact mapping of Microsoft Dynamics 365 to Campaign too, saved or in its run, and each would undo what the other writes: take it out of one of the two.':
    'reason.alsoInContactMapping',
};

/** The catalogue's sentence for a reason of the server; null where it knows none. */
export function reasonOf(sentence: string): MessageId | null {
  return REASONS[sentence] ?? null;
}

/** As the control plane tells of a field: its table, its ends, and what became of it. */
const FIELD_SUMMARY = /^([a-z][a-z0-9_]*): (\S+) → ([^\s:]+)(?::| added$| removed$)/;
const FIELD_POINTER = /^\/mappings\/\d+\/fields\/\d+(\/applyUpdates)?$/;

/**
 * A change of a field mapping in the catalogue's words; null: show the server's `summary`.
 * Source  apps/control-plane/src/workflows/configuration-changes.ts
 */
export function changeOf({ pointer, kind, summary, after }: ConfigurationChange): Message | null {
  const place = FIELD_POINTER.exec(pointer);
  const [, table, from, to] = FIELD_SUMMARY.exec(summary) ?? [];
  if (place === null || table === undefined || from === undefined || to === undefined) return null;
  const values = { table, from, to };
  if (place[1] !== undefined) {
    return { id: after === true ? 'change.field.applyOn' : 'change.field.applyOff', values };
  }
  if (kind === 'changed') return null;
  return { id: kind === 'added' ? 'change.field.added' : 'change.field.removed', values };
}
