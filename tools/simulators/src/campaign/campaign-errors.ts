import { JSON_TYPE, text, type Reply } from '../http/exchange.ts';
import type { CampaignSwitches } from './campaign-switches.schema.ts';

/** Ends the work on a request with a reply that is not a success. */
export class CampaignRefusal extends Error {
  override readonly name = 'CampaignRefusal';
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`Campaign answers ${reply.status}`);
    this.reply = reply;
  }
}

type Family = 'text' | 'jsonString' | 'jsonObject';

function inFamily(family: Family, status: number, message: string): Reply {
  switch (family) {
    case 'text':
      return text(status, message, 'text/plain; charset=utf-8');
    case 'jsonString':
      return { status, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(message) };
    case 'jsonObject':
      return gateway(status, { error_code: String(status), message });
  }
}

/** An answer of the gateway in front of Campaign. */
export function gateway(
  status: number,
  body: Record<string, string | number>,
  headers: Record<string, string> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': JSON_TYPE, server: 'APIP', ...headers },
    body: JSON.stringify(body),
  };
}

export function oops(status: 500 | 502): Reply {
  return gateway(status, {
    code: status,
    message: 'Oops. Something went wrong. Check your URI and try again.',
  });
}

/** A write that the technical account's roles do not allow. */
export function writeForbidden(switches: CampaignSwitches): CampaignRefusal {
  return switches.writeRefusedBy === 'gateway'
    ? new CampaignRefusal(gateway(403, { error_code: '403023', message: 'Profile is not valid' }))
    : applicationError(switches, 403, 'RST-360000 You do not have sufficient rights.');
}

/** An error of the application itself, in the body family that the switches choose. */
export function applicationError(
  switches: CampaignSwitches,
  status: number,
  message: string,
): CampaignRefusal {
  return new CampaignRefusal(inFamily(switches.errorBody, status, message));
}

const APOLOGY = 'An error has occurred - please contact your administrator.';

export function keyUnknown(switches: CampaignSwitches, resource: string, key: string) {
  return applicationError(
    switches,
    404,
    `RST-360011 ${APOLOGY} Unable to find document with path '${resource}' from key '${key}:0' ` +
      `(document with schema '${resource}' and name '${key}') (rc=-2003)`,
  );
}

export function pkeyUnreadable(switches: CampaignSwitches, key: string, status: 404 | 500) {
  if (status === 404) return keyUnknown(switches, 'Profile', key);
  return applicationError(
    switches,
    500,
    `RST-360000 ${APOLOGY} XTK-170036 Unable to parse expression '@id = ${key}'.`,
  );
}

export function duplicateKey(switches: CampaignSwitches, resource: string, keys: string[]) {
  const columns = keys.join(', ');
  return new CampaignRefusal(
    inFamily(
      switches.duplicateBody,
      switches.duplicateStatus,
      `RST-360000 ${APOLOGY} A document of resource '${resource}' with the same key (${columns}) ` +
        `already exists. PGS-220000 PostgreSQL error: ERROR:  duplicate key value violates unique ` +
        `constraint "${resource.toLowerCase()}_${keys.join('_').toLowerCase()}"`,
    ),
  );
}

export function keyInconsistent(switches: CampaignSwitches, from: string, to: string) {
  return applicationError(
    switches,
    500,
    `RST-360012 Inconsistent operation on the document: cannot update key '${from}' to '${to}'.`,
  );
}

/** Statuses for which no body is documented. */
export function undocumented(switches: CampaignSwitches, status: number): Reply {
  switch (switches.otherErrorBody) {
    case 'empty':
      return { status };
    case 'html':
      return text(status, `<html><body><h1>${status}</h1></body></html>`, 'text/html');
    case 'json':
      return gateway(status, { error_code: `${status}000`, message: `Error ${status}` });
  }
}
