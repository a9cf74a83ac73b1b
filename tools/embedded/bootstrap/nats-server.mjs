import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** 2.9 ignores message TTLs silently and cannot sync before it acknowledges. */
const FLOOR = [2, 10];

const UNSET = 'Unset NATS_SERVER to have one fetched.';

/** Debian's suites: unstable has the newest, Debian 13 has the oldest that Landbridge supports. */
const SUITES = { newest: 'sid', floor: 'trixie' };

/**
 * The path of a nats-server. `newest`: the one that NATS_SERVER names, or a new enough one on
 * PATH, or Debian's newest, fetched once under `.landbridge/servers`. `floor`: Debian 13's.
 */
export async function provideNatsServer({ root, which, say }) {
  const named = process.env[which === 'newest' ? 'NATS_SERVER' : 'NATS_SERVER_FLOOR'];
  if (named) {
    await refuseOld(named);
    return named;
  }
  const folder = join(root, '.landbridge/servers', which);
  const fetched = join(folder, 'usr/sbin/nats-server');
  if (existsSync(fetched)) return fetched;
  const present = which === 'newest' ? await newEnoughOnPath() : undefined;
  if (present !== undefined) return present;
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) {
    say(`Fetching nats-server (${which}) from the distribution’s signed packages …`);
    await fetchFromDebian({ folder, which, ubuntu: /^ID=ubuntu/m.test(system) });
    say(`nats-server ${(await versionOf(fetched)).join('.')} is ready.`);
    return fetched;
  }
  throw new Error(
    'Landbridge needs nats-server 2.10 or newer, and this system is not Debian or Ubuntu, from ' +
      'where it could be fetched. Install it (macOS: `brew install nats-server`; else ' +
      'https://docs.nats.io/running-a-nats-service/introduction/installation) so that it is on ' +
      'PATH, or set NATS_SERVER to its path.',
  );
}

/** Three numbers; none where the program says no version. */
async function versionOf(binary) {
  const { stdout } = await run(binary, ['--version']);
  return (/(\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
}

const isOld = ([major, minor]) => major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1]);

async function refuseOld(binary) {
  const version = await versionOf(binary).catch(() => {
    throw new Error(`NATS_SERVER names ${binary}, which cannot be run. ${UNSET}`);
  });
  if (version.length === 0) {
    throw new Error(`NATS_SERVER names ${binary}, which is not nats-server. ${UNSET}`);
  }
  if (!isOld(version)) return;
  throw new Error(
    `NATS_SERVER names nats-server ${version.join('.')}; Landbridge needs ${FLOOR.join('.')} or ` +
      `newer. ${UNSET}`,
  );
}

async function newEnoughOnPath() {
  const homebrew = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/sbin'];
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...homebrew]) {
    const binary = join(folder, 'nats-server');
    const version = existsSync(binary) ? await versionOf(binary).catch(() => undefined) : undefined;
    if (version !== undefined && version.length > 0 && !isOld(version)) return binary;
  }
  return undefined;
}

/** Asks apt with a state folder of our own: no root, and the machine's own lists stay as they are. */
async function fetchFromDebian({ folder, which, ubuntu }) {
  const work = `${folder}.fetching`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'lists/partial'), { recursive: true });
  const source = ubuntu
    ? { suite: 'devel', part: 'universe', keys: 'ubuntu-archive-keyring.gpg' }
    : { suite: SUITES[which], part: 'main', keys: 'debian-archive-keyring.gpg' };
  const list = join(work, 'source.list');
  const mirror = await mirrorOf(ubuntu);
  const signed = `[signed-by=/usr/share/keyrings/${source.keys}]`;
  writeFileSync(list, `deb ${signed} ${mirror} ${source.suite} ${source.part}\n`);
  const options = [
    ...['-o', `Dir::Etc::sourcelist=${list}`, '-o', 'Dir::Etc::sourceparts=-'],
    ...['-o', `Dir::State::Lists=${join(work, 'lists')}`],
    ...['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='],
    ...(process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []),
  ];
  try {
    await run('apt-get', [...options, 'update', '-qq'], { cwd: work });
    await run('apt-get', [...options, 'download', '-qq', 'nats-server'], { cwd: work });
    const deb = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (deb === undefined) throw new Error('apt-get downloaded no package');
    await run('dpkg', ['-x', deb, 'unpacked'], { cwd: work });
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'unpacked'), folder);
  } catch (cause) {
    const said = `${cause.stderr ?? cause.message}`.trim();
    throw new Error(
      `nats-server could not be fetched by apt-get:\n${said}\n` +
        'Install nats-server 2.10 or newer yourself and set NATS_SERVER to its path.',
      { cause },
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The mirror that this machine uses already, in either of apt's two notations. */
async function mirrorOf(ubuntu) {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? await readdir(folder) : [];
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  const wanted = ubuntu ? /ubuntu/ : /debian(?!-security)/;
  for (const file of files.filter((name) => existsSync(name))) {
    const text = readFileSync(file, 'utf8');
    const uris = [...text.matchAll(/^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+)/gm)].map(
      (match) => match[1],
    );
    const uri = uris.find((one) => /^https?:/.test(one) && wanted.test(one));
    if (uri !== undefined) return uri;
  }
  return ubuntu ? 'http://archive.ubuntu.com/ubuntu' : 'http://deb.debian.org/debian';
}
