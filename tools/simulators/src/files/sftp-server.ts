import { createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { CallLog } from '../control/call-log.ts';
import type { FaultBook } from '../control/fault-book.ts';
import { serveSftp } from './sftp-session.ts';
import { SftpTree } from './sftp-tree.ts';
import { parsed, type SshKeys } from './ssh-keys.ts';

export type SftpServerOptions = {
  host: string;
  port: number;
  user: string;
  keys: SshKeys;
  /** The folder that the user sees as `/`. */
  root: string;
  faults: FaultBook;
  log: CallLog;
};

/** Campaign's SFTP: one user, public keys only, one folder. */
export class SftpServer {
  readonly #options: SftpServerOptions;
  readonly #clients = new Set<ssh2.Connection>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port: number;
  #isAllowed = true;

  constructor(options: SftpServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  setAccess(allowed: boolean): void {
    this.#isAllowed = allowed;
    if (!allowed) for (const client of this.#clients) client.end();
  }

  async open(): Promise<void> {
    if (this.#server !== null) return;
    const { host, keys } = this.#options;
    const ssh = new ssh2.Server({ hostKeys: [keys.hostKey] }, (client) => this.#welcome(client));
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      ssh.injectSocket(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, host, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
    this.#server = server;
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Refuses connections and breaks those that are open. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #welcome(client: ssh2.Connection): void {
    const { root, faults, log } = this.#options;
    const tree = new SftpTree(root);
    this.#clients.add(client);
    client.on('error', () => client.end());
    client.on('close', () => {
      this.#clients.delete(client);
      tree.closeAll();
    });
    client.on('authentication', (context) => this.#check(context));
    client.on('ready', () => {
      client.on('session', (accept) => {
        const session = accept();
        session.on('sftp', (acceptSftp) =>
          serveSftp(acceptSftp(), { tree, faults, log, drop: () => client.end() }),
        );
      });
    });
  }

  /** Takes the user's own key, and a signature that only who holds it can make. */
  #check(context: ssh2.AuthContext): void {
    const { user, keys } = this.#options;
    if (context.method !== 'publickey' || context.username !== user || !this.#isAllowed) {
      context.reject(['publickey']);
      return;
    }
    const known = parsed(keys.userKey);
    const isKnown = context.key.data.equals(known.getPublicSSH());
    const { blob, signature, hashAlgo } = context;
    if (!isKnown) context.reject(['publickey']);
    else if (blob === undefined || signature === undefined) context.accept();
    else if (known.verify(blob, signature, hashAlgo)) context.accept();
    else context.reject(['publickey']);
  }
}
