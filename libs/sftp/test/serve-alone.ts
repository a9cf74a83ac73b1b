import { startSftp } from './tiny-sftp.ts';

/** The server in a process of its own, so that it can be killed; it tells how to connect. */
const { connection, folder } = await startSftp();
process.stdout.write(`${JSON.stringify({ connection, folder })}\n`);
