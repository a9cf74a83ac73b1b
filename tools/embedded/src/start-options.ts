import { join } from 'node:path';

/** What `npm start` was asked for, by arguments and variables. */
export interface StartOptions {
  dataDir: string;
  port: number;
  demo: boolean;
  /** How many contacts the simulated Dynamics 365 begins with. */
  contacts: number;
}

/** Arguments or variables cannot be used; the message names each and what it takes, a line each. */
export class StartOptionsInvalid extends Error {
  override readonly name = 'StartOptionsInvalid';
  constructor(faults: readonly string[]) {
    super(`npm start cannot begin:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

const CONTACTS_DEFAULT = 5_000;

/**
 * Arguments: `--no-demo`, `--contacts <number>`. Variables: `LANDBRIDGE_PORT` (8080),
 * `LANDBRIDGE_DATA` (`<root>/.landbridge`); an empty one counts as not set. `faults`: what is wrong
 * with them, [] when all can be used.
 */
export function readStartOptions(
  args: string[],
  env: NodeJS.ProcessEnv,
  root: string,
): { options: StartOptions; faults: string[] } {
  const faults: string[] = [];
  const wholeNumber = (name: string, text: string, [min, max]: [number, number]): number => {
    const value = Number(text);
    const fits = text !== '' && Number.isInteger(value) && value >= min && value <= max;
    if (!fits) faults.push(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
    return value;
  };
  const options: StartOptions = {
    dataDir: env['LANDBRIDGE_DATA'] || join(root, '.landbridge'),
    port: wholeNumber('LANDBRIDGE_PORT', env['LANDBRIDGE_PORT'] || '8080', [1, 65_535]),
    demo: true,
    contacts: CONTACTS_DEFAULT,
  };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--no-demo') options.demo = false;
    else if (arg === '--contacts') {
      const isGiven = rest[0] !== undefined && !rest[0].startsWith('--');
      const text = isGiven ? (rest.shift() ?? '') : '';
      options.contacts = wholeNumber('--contacts', text, [0, 5_000_000]);
    } else {
      const takes = 'npm start takes --no-demo and --contacts <number>, after --';
      faults.push(`Unknown argument ${arg}: ${takes}`);
    }
  }
  return { options, faults };
}
