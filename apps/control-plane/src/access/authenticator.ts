import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.ts';

/** Who it is by its proof; `refused`: the proof is not good; `absent`: it shows no such proof. */
export type Verdict =
  | { kind: 'known'; principal: Principal; by: 'bearer' | 'cookie' }
  | { kind: 'refused' }
  | { kind: 'absent' };

/**
 * One way to tell who sent a request. They are asked in order until one does not say `absent`;
 * another identity provider is one more entry in that list.
 */
export type Authenticator = (request: FastifyRequest) => Promise<Verdict>;
