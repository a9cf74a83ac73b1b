import { join } from 'node:path';

/** What `npm start` was asked for, by arguments and variables. */
export interface StartOptions {
  dataDir: string;
  port: number;
  demo: boolean;
  /** How many contacts the simulated Dynamics 365 begins with. */
  contacts: number;
}

/** An argument or a variable cannot be used; the message says which and what it takes. */
export class StartOptionsInvalid extends Error {
  override readonly name = 'StartOptionsInvalid';
}

const CONTACTS_DEFAULT = 5_000;

/**
 * Arguments: `--no-demo`, `--contacts <number>`. Variables: `LANDBRIDGE_PORT` (8080),
 * `LANDBRIDGE_DATA` (`<root>/.landbridge`). Throws  StartOptionsInvalid.
 */
export function readStartOptions(
  args: string[],
  env: NodeJS.ProcessEnv,
  root: string,
): StartOptions {
  const rest = [...args];
  const options: StartOptions = {
    dataDir: env['LANDBRIDGE_DATA'] ?? join(root, '.landbridge'),
    port: wholeNumber('LANDBRIDGE_PORT', env['LANDBRIDGE_PORT'] ?? '8080', 1, 65_535),
    demo: true,
    contacts: CONTACTS_DEFAULT,
  };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--no-demo') options.demo = false;
    else if (arg === '--contacts') {
      options.contacts = wholeNumber('--contacts', rest.shift() ?? '', 0, 5_000_000);
    } else {
      throw new StartOptionsInvalid(
        `Unknown argument ${arg}. npm start takes --no-demo and --contacts <number>, after --`,
      );
    }
  }
  return options;
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new StartOptionsInvalid(
    `${name} must be a whole number from ${min} to ${max}, not "${text}"`,
  );
}
