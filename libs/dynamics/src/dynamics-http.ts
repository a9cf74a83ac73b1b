import { openHttp, type Http, type HttpLimits } from '@landbridge/vendor-http';
import { DynamicsUnreachable } from './errors.ts';

/**
 * Connections to one origin of Dataverse or Entra. They keep no cookie, which would pin all
 * requests to one of Dataverse's servers.
 * Throws  DynamicsUnreachable when there is no answer, whole.
 */
export function openDynamicsHttp(origin: string, limits: HttpLimits): Http {
  return openHttp(origin, limits, {
    unreachable: (request, reason, options) => new DynamicsUnreachable(request, reason, options),
  });
}
