import { createHmac } from 'node:crypto';

export type TokenClaims = {
  audience: string;
  clientId: string;
  expiresAt: number;
  generation: number;
};

export type TokenVerdict = { kind: 'good'; claims: TokenClaims } | { kind: 'bad' | 'expired' };

/** Signs access tokens that look like the real ones, and knows its own again. */
export class TokenMint {
  readonly #key: string;
  readonly #known = new Map<string, TokenClaims>();
  #generation = 1;
  #serial = 0;

  constructor(key: string) {
    this.#key = key;
  }

  mint(audience: string, clientId: string, lifetimeS: number): string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      aud: audience,
      appid: clientId,
      iat: now,
      exp: now + lifetimeS,
      gen: this.#generation,
      uti: `${now.toString(36)}-${process.pid.toString(36)}-${(this.#serial++).toString(36)}`,
    };
    const head = Buffer.from('{"typ":"JWT","alg":"RS256"}').toString('base64url');
    const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${signed}.${this.#sign(signed)}`;
  }

  check(token: string): TokenVerdict {
    const claims = this.#known.get(token) ?? this.#read(token);
    if (claims === null) return { kind: 'bad' };
    if (claims.generation < this.#generation || claims.expiresAt <= Date.now()) {
      return { kind: 'expired' };
    }
    return { kind: 'good', claims };
  }

  expireAll(): void {
    this.#generation++;
    this.#known.clear();
  }

  #read(token: string): TokenClaims | null {
    const cut = token.lastIndexOf('.');
    const signed = token.slice(0, cut);
    if (cut < 0 || this.#sign(signed) !== token.slice(cut + 1)) return null;
    const body: unknown = JSON.parse(
      Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString(),
    );
    const { aud, appid, exp, gen } = body as Record<string, string | number>;
    const claims = {
      audience: String(aud),
      clientId: String(appid),
      expiresAt: Number(exp) * 1_000,
      generation: Number(gen),
    };
    if (this.#known.size > 1_000) this.#known.clear();
    this.#known.set(token, claims);
    return claims;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
