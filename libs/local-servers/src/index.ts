/** Real servers as children of this process: Postgres and nats-server. Knows nothing of Landbridge. */
export {
  type ChildServer,
  type ChildServerOptions,
  type Exit,
  ServerDidNotStart,
  startChildServer,
} from './child-server.ts';
export { freePort, isFree } from './free-port.ts';
export {
  findNatsServer,
  type LocalNats,
  type LocalNatsOptions,
  natsVersion,
  startLocalNats,
} from './nats.ts';
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from './postgres.ts';
