import type { CampaignSimulator, DataverseSimulator } from '../src/index.ts';

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: Record<string, unknown> | undefined;
};

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

export async function answerOf(reply: Response): Promise<Answer> {
  const text = await reply.text();
  let json: Answer['json'];
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    json = undefined;
  }
  return { status: reply.status, headers: reply.headers, text, json };
}

export async function entraToken(
  dataverse: DataverseSimulator,
  form: Record<string, string> = {},
): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: dataverse.clientId,
    client_secret: dataverse.clientSecret,
    scope: `${dataverse.url}/.default`,
    ...form,
  };
  const url = `${dataverse.authority}/${dataverse.tenantId}/oauth2/v2.0/token`;
  return answerOf(await fetch(url, { method: 'POST', body: new URLSearchParams(fields) }));
}

/** Calls the Web API with a good token; a path may be a whole link. */
export async function dataverseCaller(dataverse: DataverseSimulator): Promise<Call> {
  const token = (await entraToken(dataverse)).json?.['access_token'] as string;
  return async (method, path, body, headers = {}) => {
    const url = path.startsWith('http') ? path : `${dataverse.url}/api/data/v9.2/${path}`;
    const reply = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(reply);
  };
}

export async function imsToken(
  campaign: CampaignSimulator,
  form: Record<string, string> = {},
): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: campaign.clientId,
    client_secret: campaign.clientSecret,
    scope: campaign.scopes.join(','),
    ...form,
  };
  const body = new URLSearchParams(fields);
  return answerOf(await fetch(`${campaign.imsUrl}/ims/token/v3`, { method: 'POST', body }));
}

/** Calls `…/campaign/<path>` with a good token and key; a path may be a whole link. */
export async function campaignCaller(campaign: CampaignSimulator): Promise<Call> {
  const token = (await imsToken(campaign)).json?.['access_token'] as string;
  return async (method, path, body, headers = {}) => {
    const url = path.startsWith('http') ? path : `${campaign.url}/campaign/${path}`;
    const reply = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-api-key': campaign.clientId,
        'cache-control': 'no-cache',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answerOf(reply);
  };
}

type Row = Record<string, unknown>;

export const rowsIn = (answer: Answer): Row[] => (answer.json?.['value'] ?? []) as Row[];

export const errorIn = (answer: Answer): { code: string; message: string } =>
  (answer.json?.['error'] ?? { code: 'none', message: answer.text }) as {
    code: string;
    message: string;
  };

/** Every row from `path` on, following nextLinks with the same Prefer; and the last page. */
export async function walk(call: Call, path: string, prefer: string) {
  const rows: Row[] = [];
  let answer = await call('GET', path, undefined, { prefer });
  let pages = 1;
  for (;;) {
    rows.push(...rowsIn(answer));
    const next = answer.json?.['@odata.nextLink'];
    if (typeof next !== 'string') break;
    answer = await call('GET', next, undefined, { prefer });
    pages++;
  }
  return { rows, pages, deltaLink: answer.json?.['@odata.deltaLink'] as string };
}
