import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs `npm ci` unless what the lock file names is installed already. */
export async function installDependencies(root, say) {
  const lock = join(root, 'package-lock.json');
  const stamp = join(root, 'node_modules/.landbridge-lock');
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!existsSync(stamp) && installedByHand(root, lock)) return;
  say('Installing the dependencies that package-lock.json names (a minute or two) …');
  const began = Date.now();
  const timer = setInterval(() => {
    say(`  … still installing, ${Math.round((Date.now() - began) / 1000)} s`);
  }, 15_000);
  try {
    await npmCi(root);
  } finally {
    clearInterval(timer);
  }
  writeFileSync(stamp, wanted);
  say(`Dependencies are installed (${Math.round((Date.now() - began) / 1000)} s).`);
}

/** True when somebody ran npm after the lock file was last changed. */
function installedByHand(root, lock) {
  const hidden = join(root, 'node_modules/.package-lock.json');
  return existsSync(hidden) && statSync(hidden).mtimeMs >= statSync(lock).mtimeMs;
}

function npmCi(root) {
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js')
    ? [process.execPath, [npm, ...flags]]
    : ['npm', flags];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (cause) => reject(new Error('npm could not be started', { cause })));
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ci failed with code ${code}; what it said stands above.`));
    });
  });
}
