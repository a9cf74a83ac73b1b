import { currentTraceparent, withSpan } from '../src/index.ts';

/** Run by tracing.int.test.ts as a process of its own: prints the traceparent within its span. */
await withSpan(
  'cross the bridge',
  { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  async () => {
    process.stdout.write(`${currentTraceparent() ?? 'none'}\n`);
  },
);
