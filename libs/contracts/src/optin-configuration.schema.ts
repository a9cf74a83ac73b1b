import { z } from 'zod';
import { FilePattern, fileOptions, Heading } from './campaign-files.schema.ts';
import { OPTOUT_NAMES, OptoutName } from './optout-attributes.schema.ts';

export const OptinDirection = z.enum([
  'disabled',
  'dynamics-to-campaign',
  'campaign-to-dynamics',
  'bidirectional',
]);
export type OptinDirection = z.infer<typeof OptinDirection>;

/** A boolean of contact and the opt-out that it is kept in step with. */
export const OptinMapping = z.strictObject({
  dynamics: z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be a column’s logical name'),
  campaign: OptoutName,
});
export type OptinMapping = z.infer<typeof OptinMapping>;

/** The daily file on the SFTP server. Its layout is not documented, so every name may be told. */
const ExportFiles = z.strictObject({
  ...fileOptions,
  files: FilePattern.default('*optout*'),
  /** The heading of the profile's key. null: `externalId`, however it is written. */
  keyColumn: Heading.nullable().default(null),
  /** Headings of the opt-outs and of their times, where they are not the attributes' names. */
  columns: z.partialRecord(OptoutName, Heading).prefault({}),
  changedAtColumns: z.partialRecord(OptoutName, Heading).prefault({}),
  /** Without a new file for longer, the workflow says so. */
  lateAfterHours: z.int().min(1).max(720).default(24),
});

/** Asking Campaign for the profiles that changed, where the instance has a filter for it. */
const Poll = z.strictObject({
  everySeconds: z.int().min(1).max(86_400).default(60),
  filter: z.string().min(1).max(128).default('byLastModified'),
  parameter: z.string().min(1).max(128).default('lastModified_parameter'),
  /** The attribute that holds the contactid. */
  keyField: z.string().min(1).max(128).default('externalId'),
  profilesPerPage: z.int().min(1).max(10_000).default(500),
  /** Read again at each poll, for profiles that were committed late. */
  overlapSeconds: z.int().min(0).max(86_400).default(300),
});

/** Opt-In/Out. */
export const OptinConfiguration = z
  .strictObject({
    direction: OptinDirection.default('disabled'),
    source: z.enum(['export', 'poll']).default('export'),
    mappings: z.array(OptinMapping).max(OPTOUT_NAMES.length).default([]),
    /** So far the two systems' clocks may be apart; within it, an opt-out stays. */
    toleratedSkewSeconds: z.int().min(0).max(3_600).default(300),
    export: ExportFiles.prefault({}),
    poll: Poll.prefault({}),
  })
  .superRefine(({ mappings }, context) => {
    for (const side of ['dynamics', 'campaign'] as const) {
      mappings.forEach((mapping, index) => {
        if (mappings.findIndex((other) => other[side] === mapping[side]) === index) return;
        context.addIssue({
          code: 'custom',
          path: ['mappings', index, side],
          message: `"${mapping[side]}" is mapped already`,
        });
      });
    }
  })
  .meta({ id: 'OptinConfiguration' });
export type OptinConfiguration = z.infer<typeof OptinConfiguration>;

/** What a new instance begins with: switched off. */
export const INITIAL_OPTIN_CONFIGURATION: OptinConfiguration = OptinConfiguration.parse({});
