import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TokenMint } from '../tokens/token-mint.ts';

export type ImsAccount = {
  clientId: string;
  clientSecret: string;
  scopes: string[];
  lifetimeS: number;
};

/** `POST /ims/token/v3`: a token for client credentials, or the OAuth error that is due. */
export function imsToken(request: Incoming, account: ImsAccount, mint: TokenMint): Reply {
  if (request.method !== 'POST') return json(405, { error: 'method_not_allowed' });
  const type = request.headers['content-type'] ?? '';
  const refuse = (error: string, description: string): Reply =>
    json(400, { error, error_description: description });
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return refuse('invalid_request', 'the body must be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(request.body);
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse('unsupported_grant_type', 'grant_type must be client_credentials');
  }
  if (form.get('client_id') !== account.clientId) {
    return refuse('invalid_client', 'invalid client_id parameter');
  }
  if (form.get('client_secret') !== account.clientSecret) {
    return refuse('invalid_client', 'invalid client_secret parameter');
  }
  const asked = (form.get('scope') ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  if (asked.length === 0 || asked.some((scope) => !account.scopes.includes(scope))) {
    return refuse('invalid_scope', 'Invalid scope');
  }
  return json(200, {
    access_token: mint.mint('ims', account.clientId, account.lifetimeS),
    token_type: 'bearer',
    expires_in: account.lifetimeS,
  });
}
