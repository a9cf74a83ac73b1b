import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAppWorld } from './app-world.ts';

/** Writes the committed copy of the API's description; `npm run openapi` formats it afterwards. */
await using world = await openAppWorld();
const answer = await world.app.inject('/openapi.json');
await writeFile(join(import.meta.dirname, '../../../docs/openapi.json'), answer.body);
