import { closeWithin } from '../src/close-in-order.ts';

/** Has a part that waits for ever, and one after it. */
setInterval(() => undefined, 1_000);
await closeWithin(200, { close: () => new Promise(() => undefined) });
