import type { FieldError } from '../invalid-request.ts';
import { systemRefusalOf } from '../metadata/system-refusal.ts';
import { HttpProblem } from '../problems.ts';

/** What one system told about the things that a configuration names; null: it told nothing. */
export interface Told<Metadata> {
  byName: Record<string, Metadata> | null;
  warnings: FieldError[];
}

interface Question<Metadata> {
  system: string;
  isConnected: boolean;
  names: string[];
  read: (name: string) => Promise<Metadata>;
}

/** Null when the system does not have it. */
async function unlessAbsent<Metadata>(read: Promise<Metadata>): Promise<Metadata | null> {
  try {
    return await read;
  } catch (error) {
    if (systemRefusalOf(error)?.kind === 'notFound') return null;
    throw error;
  }
}

/** Why a system cannot be asked now; null for errors that are not a system's. */
function reasonOf(error: unknown): string | null {
  if (error instanceof HttpProblem) return error.refusal.detail;
  return systemRefusalOf(error)?.detail ?? null;
}

/** Asks a system for all that is named. One that cannot answer now is a warning, not an error. */
export async function ask<Metadata>(question: Question<Metadata>): Promise<Told<Metadata>> {
  const unchecked = (why: string): Told<Metadata> => ({
    byName: null,
    warnings: [
      {
        pointer: '',
        message: `Not checked against ${question.system}, which start will do: ${why}`,
      },
    ],
  });
  if (!question.isConnected) return unchecked('its connection is not set.');
  try {
    const byName: Record<string, Metadata> = {};
    await Promise.all(
      [...new Set(question.names)].map(async (name) => {
        const metadata = await unlessAbsent(question.read(name));
        if (metadata !== null) byName[name] = metadata;
      }),
    );
    return { byName, warnings: [] };
  } catch (error) {
    const why = reasonOf(error);
    if (why === null) throw error;
    return unchecked(why);
  }
}
