/** The part of a zod schema that reading the environment needs. */
interface Parser<Settings> {
  safeParse(
    input: unknown,
  ):
    | { success: true; data: Settings }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** The environment cannot be used; the message names every fault, a line each. */
export class EnvironmentInvalid extends Error {
  override readonly name = 'EnvironmentInvalid';
}

/** Reads settings from the environment; an empty variable counts as not set. Throws  EnvironmentInvalid. */
export function parseEnvironment<Settings>(
  schema: Parser<Settings>,
  env: NodeJS.ProcessEnv,
): Settings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    (issue) => `  ${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new EnvironmentInvalid(`The environment cannot be used:\n${faults.join('\n')}`);
}

/** Like `parseEnvironment`, for a `main.ts`: prints every fault and ends the process with 1. */
export function readEnvironment<Settings>(
  schema: Parser<Settings>,
  env: NodeJS.ProcessEnv,
): Settings {
  try {
    return parseEnvironment(schema, env);
  } catch (error) {
    if (!(error instanceof EnvironmentInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
