import type { z } from 'zod';
import { InvalidCursor } from './errors.ts';

/** A list's place as the caller keeps it: stored whole, never read into. */
export const encodeCursor = (place: unknown): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/**
 * The place that `encodeCursor` made the text of.
 * Throws  InvalidCursor for every other text.
 */
export function decodeCursor<Place>(schema: z.ZodType<Place>, text: string): Place {
  try {
    const place = schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (encodeCursor(place) === text) return place;
  } catch (cause) {
    throw new InvalidCursor(text, { cause });
  }
  throw new InvalidCursor(text);
}
