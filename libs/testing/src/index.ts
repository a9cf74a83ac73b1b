/** What tests stand on: real servers, conditions to wait for, and given/when/then. */
export { type Decider, deciderSpec, type Outcome } from './decider-spec.ts';
export { laterMillisecond } from './later-millisecond.ts';
export { type NatsServer, startNats } from './nats.ts';
export { type PostgresServer, startPostgres } from './postgres.ts';
export { ConditionNotMet, until, type UntilOptions } from './until.ts';
