import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adrIndex, INDEX_PATH } from './adr-index.ts';
import { root } from './tracked-files.ts';

writeFileSync(join(root, INDEX_PATH), adrIndex());
