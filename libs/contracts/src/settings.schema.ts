import { z } from 'zod';

const Count = z.int().min(1);

/** How hard one system may be called. null: as the service is set up; `callsPerDay` null: no bound. */
const CallLimits = z.strictObject({
  requestsPerSecond: Count.max(100_000).nullable().default(null),
  inFlightMax: Count.max(1_000).nullable().default(null),
  /** Per instance and day in UTC, the unit of the system's quota. */
  callsPerDay: Count.max(1_000_000_000).nullable().default(null),
});

/**
 * What holds for all workflows of one instance. A run takes the settings that were saved when it
 * was started.
 */
export const InstanceSettings = z
  .strictObject({
    limits: z
      .strictObject({
        dynamics: CallLimits.prefault({}),
        campaign: CallLimits.prefault({}),
      })
      .prefault({}),
    /** What Adobe supports; going past one is refused with its name. */
    guardrails: z
      .strictObject({
        customTablesMax: Count.max(1_000).default(20),
        /** Mapped columns of one table. */
        columnsMax: Count.max(1_000).default(50),
        /** Links of one table. */
        linkedColumnsMax: Count.max(50).default(5),
        /** Links from a table to the farthest parent. */
        linkDepthMax: Count.max(10).default(2),
        /** Records of all mapped tables together. */
        recordsMax: Count.max(1_000_000_000).default(15_000_000),
        /** A table or a backlog of so many records or more is not replayed. */
        replayRecordsMax: Count.max(1_000_000_000).default(2_000_000),
      })
      .prefault({}),
    /** Past the smaller of the two, but never for fewer than `unasked`, deletes wait for a person. */
    massDeletes: z
      .strictObject({
        /** Of the table's written records, 0 to 1. */
        share: z.number().min(0).max(1).default(0.05),
        count: z.int().min(0).default(1_000),
        unasked: z.int().min(0).default(10),
        withinMinutes: Count.max(10_080).default(60),
      })
      .prefault({}),
  })
  .meta({ id: 'InstanceSettings' });
export type InstanceSettings = z.infer<typeof InstanceSettings>;

export const DEFAULT_INSTANCE_SETTINGS: InstanceSettings = InstanceSettings.parse({});
