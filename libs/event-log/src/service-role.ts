/** The role that the service works as, whoever its URL signs in: it may read and add events. */
export const SERVICE_ROLE = 'landbridge_service';

/** The channel on which an append wakes the subscribers. It carries no data. */
export const EVENTS_CHANNEL = 'landbridge_events';

/** Where MikroORM remembers which migrations have run. */
export const MIGRATIONS_TABLE = 'landbridge_migrations';
