import { createHash, randomBytes } from 'node:crypto';

const CODE_BYTES = 32;
const LINK_LIFE_MS = 60 * 60 * 1_000;

/** Codes that sign the administrator in once. They are this process's own and end with it. */
export interface SignInLinks {
  /** A link under `origin`, such as `http://127.0.0.1:8080`, that works once within the hour. */
  create(origin: string): string;
  /** True once for each code, if it comes in time. */
  redeem(code: string): boolean;
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('base64url');

/** Remembers digests only: what is kept signs nobody in. */
export function openSignInLinks(now: () => Date = () => new Date()): SignInLinks {
  const endOf = new Map<string, number>();
  const dropEnded = () => {
    for (const [digest, endsAt] of endOf) if (endsAt <= now().getTime()) endOf.delete(digest);
  };
  return {
    create: (origin) => {
      dropEnded();
      const code = randomBytes(CODE_BYTES).toString('base64url');
      endOf.set(digestOf(code), now().getTime() + LINK_LIFE_MS);
      return new URL(`/sign-in?code=${code}`, origin).href;
    },
    redeem: (code) => {
      dropEnded();
      return endOf.delete(digestOf(code));
    },
  };
}
