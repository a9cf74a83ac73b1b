import { z } from 'zod';
import type { CampaignPage, CampaignRecord } from './client.ts';

const RawRecord = z.record(z.string(), z.unknown());
const Link = z.object({ href: z.string().min(1) });

const RawPage = z.object({ content: z.array(z.unknown()), next: Link.nullish() });

/** Reads one record, bare or wrapped in `content`. */
export const RecordAnswer: z.ZodType<CampaignRecord> = RawRecord.transform((raw) => {
  if ('PKey' in raw || !('content' in raw)) return recordOf(raw);
  const inner = RawRecord.safeParse(raw.content);
  return recordOf(inner.success ? inner.data : raw);
});

/** What is known of a record whose insertion was answered without naming it. */
export const UNNAMED_RECORD: CampaignRecord = { href: null, pkey: null, fields: {} };

/** Reads one page of a collection or of what a filter finds. */
export const PageAnswer: z.ZodType<CampaignPage> = RawPage.transform(({ content, next }) => ({
  records: content.flatMap((raw) => {
    const record = RawRecord.safeParse(raw);
    return record.success ? [recordOf(record.data)] : [];
  }),
  next: next?.href ?? null,
}));

/** Where a page says how many records there are, or says it itself. */
export const CountedPage = z.object({
  count: z.object({ href: z.string().min(1).nullish(), value: z.int().nullish() }).nullish(),
});
export const CountAnswer = z.object({ count: z.int().nonnegative() });

function recordOf(fields: Record<string, unknown>): CampaignRecord {
  return { href: textOf(fields.href), pkey: textOf(fields.PKey), fields };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
