import { registerUpcaster, type Upcaster } from '@landbridge/event-log';
import { z } from 'zod';

const withoutDots = (path: string): string =>
  path
    .split('/')
    .filter((name) => name !== '.')
    .join('/');

const Folders = {
  folder: z.string().transform(withoutDots).optional(),
  archiveFolder: z
    .string()
    .transform((path) => withoutDots(path) || 'done')
    .optional(),
};
const Headings = z
  .record(z.string(), z.string())
  .transform((headings) =>
    Object.fromEntries(Object.entries(headings).filter(([name]) => name !== 'messageId')),
  )
  .optional();

const Version1 = z.looseObject({
  configuration: z.looseObject({
    files: z
      .looseObject({ ...Folders, deliveryColumns: Headings, trackingColumns: Headings })
      .optional(),
    export: z.looseObject(Folders).optional(),
  }),
});
const Data = z.record(z.string(), z.json());

/**
 * Leads saved configurations to what today's schema knows. Version 1 took the heading `messageId`,
 * which did nothing, and `.` as a folder's name, which stands for no folder of its own.
 */
export const CONFIGURATION_UPCASTERS: readonly Upcaster[] = [
  registerUpcaster('ConfigurationSaved', 1, (data) => Data.parse(Version1.parse(data))),
];
