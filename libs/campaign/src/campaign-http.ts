import { openHttp, type Http, type HttpLimits, type HttpRequest } from '@landbridge/vendor-http';
import { CampaignUnreachable } from './errors.ts';

/**
 * Connections to one origin of Campaign, IMS or the journal.
 * Throws  CampaignUnreachable when there is no answer, whole.
 */
export function openCampaignHttp(origin: string, limits: HttpLimits): Http {
  return openHttp(origin, limits, {
    unreachable: (request, reason, options) => new CampaignUnreachable(request, reason, options),
    headSuffices: saysWritten,
  });
}

/** The head of a write's success says all: a body that breaks off after it takes nothing back. */
function saysWritten(method: HttpRequest['method'], status: number): boolean {
  const written = method === 'POST' ? status === 201 : status >= 200 && status < 300;
  return method !== 'GET' && written;
}
