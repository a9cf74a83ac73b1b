import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The Node.js that runs TypeScript sources as they are: npm's own copy, else a new enough host. */
export function findNode(root) {
  const packaged = join(root, 'node_modules/.bin/node');
  if (existsSync(packaged)) return packaged;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 12)) return process.execPath;
  throw new Error(
    `Landbridge runs on Node.js 24.12 or newer, and npm has no copy of it for ` +
      `${process.platform}-${process.arch}. This is Node.js ${process.versions.node}: ` +
      'please install Node.js 24 and try again.',
  );
}
