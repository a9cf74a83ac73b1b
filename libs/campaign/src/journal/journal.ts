import type { CampaignConnection } from '@landbridge/contracts';
import { lineOf, parseRetryAfter, type HttpReply, type HttpRequest } from '@landbridge/vendor-http';
import { z } from 'zod';
import { openCampaignHttp } from '../campaign-http.ts';
import { createCampaignTokens, DEFAULT_LIMITS, type CampaignTokens } from '../campaign-tokens.ts';
import type { ClientLog, Gate } from '../client.ts';
import {
  CampaignRequestError,
  CampaignUnreachable,
  isCampaignError,
  JournalPositionExpired,
} from '../errors.ts';
import { refusalOf } from '../refusal.ts';
import { journalUrlOf, nextLinkIn, withParameter } from './next-link.ts';

/** `position`: where the journal keeps it, opaque. `event`: as it was published, of any shape. */
export type JournalEvent = { position: string; event: unknown };

/**
 * What stands behind a position. Order is not promised, and an event may come again.
 * Shape   `next` is opaque: store it whole when all of `events` are settled, and read on from it.
 * Units   `retryAfterMs`: how long an empty journal asks to be left alone; null: read on.
 */
export type JournalPage = {
  events: JournalEvent[];
  next: string;
  retryAfterMs: number | null;
  calls: number;
};

export type JournalRead = {
  /** `next` of an earlier read; null: from the oldest event that is kept. */
  position: string | null;
  /** Events at most; Adobe cuts an answer at 1.5 MB anyway. Read from the oldest, it stays. */
  limit: number;
  signal?: AbortSignal;
};

export type CampaignJournal = {
  /**
   * Throws  JournalPositionExpired (events are lost: go on from null, and say so),
   *         ForeignLinkRefused, CampaignRequestError, CampaignUnreachable.
   * Source  Adobe I/O Events, "Journaling API".
   */
  readJournal(read: JournalRead): Promise<JournalPage>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type CampaignJournalOptions = {
  /** `eventsUrl`: the journal's address, as the Adobe Developer Console shows it. */
  connection: CampaignConnection & { eventsUrl: string };
  /** Of the instance's client; without it, the journal asks for tokens of its own. */
  tokens?: CampaignTokens;
  gate?: Gate;
  log?: ClientLog;
  userAgent?: string;
  headersTimeoutMs?: number;
  bodyTimeoutMs?: number;
};

const Answer = z.object({
  events: z.array(z.object({ position: z.string(), event: z.unknown() })),
  _page: z.object({ last: z.string().optional() }).optional(),
});
const SHOWN = '{journal}';

/** Opens the journal of one registration; nothing is sent before the first read. */
export function createCampaignJournal(options: CampaignJournalOptions): CampaignJournal {
  const { connection, log } = options;
  const journal = new URL(connection.eventsUrl);
  const limits = {
    ...DEFAULT_LIMITS,
    connectionsMax: 2,
    headersTimeoutMs: options.headersTimeoutMs ?? DEFAULT_LIMITS.headersTimeoutMs,
    bodyTimeoutMs: options.bodyTimeoutMs ?? DEFAULT_LIMITS.bodyTimeoutMs,
  };
  const http = openCampaignHttp(journal.origin, limits);
  const tokens = options.tokens ?? createCampaignTokens(connection, limits);
  const gate = options.gate ?? ((call) => call());

  async function send(url: URL, token: string, signal?: AbortSignal): Promise<HttpReply> {
    const request: HttpRequest = {
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      shown: SHOWN,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        'x-api-key': connection.clientId,
        'x-ims-org-id': connection.organizationId,
        accept: 'application/json',
        'user-agent': options.userAgent ?? 'Landbridge',
      },
    };
    const reply = await http.send(request);
    log?.debug({ path: SHOWN, status: reply.status }, 'the journal answered');
    if (reply.status === 410) throw new JournalPositionExpired();
    if (reply.status !== 200 && reply.status !== 204) {
      throw new CampaignRequestError(lineOf(request), refusalOf(reply, Date.now()));
    }
    return reply;
  }

  /** A token that is refused is renewed once; each attempt counts. */
  async function ask(url: URL, meter: { calls: number }, signal?: AbortSignal) {
    const attempt = (token: string) =>
      gate(async () => {
        signal?.throwIfAborted();
        meter.calls += 1;
        return send(url, token, signal);
      });
    const token = await tokens.get(signal);
    try {
      return await attempt(token);
    } catch (error) {
      if (!(error instanceof CampaignRequestError && error.status === 401)) throw error;
      log?.warn({ path: SHOWN, err: error }, 'the journal refused the token; renewing it');
    }
    return attempt(await tokens.renew(token, signal));
  }

  async function close(): Promise<void> {
    await http.close();
    if (options.tokens === undefined) await tokens.close();
  }

  return {
    async readJournal({ position, limit, signal }) {
      const meter = { calls: 0 };
      try {
        const from =
          position === null
            ? withParameter(journal, 'limit', String(limit))
            : journalUrlOf(position, journal);
        const reply = await ask(from, meter, signal);
        return { ...pageOf(reply, { from, journal }), calls: meter.calls };
      } catch (error) {
        if (isCampaignError(error)) {
          const unsent = error instanceof CampaignUnreachable && error.reason === 'connect';
          error.calls = meter.calls - (unsent ? 1 : 0);
        }
        throw error;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pageOf(
  reply: HttpReply,
  { from, journal }: { from: URL; journal: URL },
): Omit<JournalPage, 'calls'> {
  const link = nextLinkIn(reply.header('link'));
  const linked = link === null ? null : journalUrlOf(link, journal).href;
  const retryAfterMs = parseRetryAfter(reply.header('retry-after'), Date.now());
  if (reply.status === 204) return { events: [], next: linked ?? from.href, retryAfterMs };
  const { events, _page: page } = answerOf(reply);
  // Without a link, the last position leads on: Adobe takes both.
  const last = page?.last ?? events.at(-1)?.position;
  const behind = last === undefined ? from : withParameter(from, 'since', last);
  return {
    events: events.map(({ position, event }) => ({ position, event })),
    next: linked ?? behind.href,
    retryAfterMs: events.length === 0 ? retryAfterMs : null,
  };
}

/** What cannot be read is no answer: neither it nor JSON.parse's words may leave in an error. */
function answerOf(reply: HttpReply): z.infer<typeof Answer> {
  const line = { method: 'GET', path: SHOWN };
  let json: unknown;
  try {
    json = JSON.parse(reply.text);
  } catch {
    throw new CampaignUnreachable(line, 'unreadable');
  }
  const answer = Answer.safeParse(json);
  if (!answer.success) throw new CampaignUnreachable(line, 'unreadable', { cause: answer.error });
  return answer.data;
}
