import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../..');
const consoleFolder = join(root, 'apps/console');

/** Builds the web page unless what was built came from these very sources. Returns its folder. */
export async function buildConsole(say: (text: string) => void): Promise<string> {
  const dist = join(consoleFolder, 'dist');
  const stamp = join(dist, '.source');
  const source = await sourceHash();
  const built = existsSync(stamp) ? await readFile(stamp, 'utf8') : '';
  if (built === source) return dist;
  say('Building the console …');
  const began = performance.now();
  await promisify(execFile)('npm', ['run', 'build', '-w', 'apps/console'], { cwd: root });
  await writeFile(stamp, source);
  say(`The console is built (${Math.round((performance.now() - began) / 1_000)} s).`);
  return dist;
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  const folders = [join(consoleFolder, 'src'), join(root, 'libs/contracts/src')];
  const nested = await Promise.all(folders.map(filesUnder));
  const single = ['index.html', 'vite.config.ts', 'package.json'].map((name) =>
    join(consoleFolder, name),
  );
  for (const file of [...nested.flat(), ...single.filter((name) => existsSync(name))].sort()) {
    hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
