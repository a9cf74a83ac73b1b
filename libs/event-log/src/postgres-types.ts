import pg from 'pg';

/**
 * How columns read: `bigint` as bigint, `jsonb` parsed, times as Date. MikroORM turns some of
 * these off on the pool that it shares with us, so our own queries say it again.
 */
export const POSTGRES_TYPES = new pg.TypeOverrides();
POSTGRES_TYPES.setTypeParser(pg.types.builtins.INT8, BigInt);
