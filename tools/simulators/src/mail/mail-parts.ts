import type { CampaignState } from '../campaign/campaign-state.ts';
import { peopleWithMail } from '../people/people-with-mail.ts';
import { Journal } from '../store/journal.ts';
import type { MailParts } from './mail-control.ts';
import { MailDesk } from './mail-desk.ts';
import { MailLog } from './mail-log.ts';

/** The mail of one Campaign instance, as it was left in `directory` if there is one. */
export function mailParts(
  state: CampaignState,
  directory: string | undefined,
  seed: number,
): MailParts {
  const log = new MailLog(new Journal(directory, 'campaign-mail'), seed);
  log.mend(state.switches, state.now().getTime());
  const desk = new MailDesk(state, log, seed);
  return { state, log, desk, people: peopleWithMail(state, desk, log, seed) };
}
