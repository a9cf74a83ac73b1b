/** One replica as a process of its own, for tests that kill it: `node child-replica.ts url file runId`. */
import { appendFileSync } from 'node:fs';
import { RunId } from '@landbridge/contracts';
import { createLog } from '@landbridge/telemetry';
import { newReplicaId, runPipeline } from '../src/index.ts';
import { changes, connectTo, desiredRun, FakeSource } from './world.ts';

const [url = '', file = '', runId = ''] = process.argv.slice(2);
const source = new FakeSource({ changes: changes(300, 17), pageMax: 20 });
await runPipeline({
  bus: await connectTo(url),
  run: desiredRun({ runId: RunId.parse(runId) }),
  replica: newReplicaId(),
  readers: [source.reader()],
  partitions: 4,
  log: createLog('child', 'silent'),
  write: async ({ key, version }) => {
    // A kill may come before the write is applied, and after it but before it is acknowledged.
    await new Promise((resolve) => setTimeout(resolve, 3));
    appendFileSync(file, `${key} ${version}\n`);
    await new Promise((resolve) => setTimeout(resolve, 3));
    return { kind: 'written', calls: 1 };
  },
});
