import ssh2 from 'ssh2';
import type { CallLog } from '../control/call-log.ts';
import type { FaultBook } from '../control/fault-book.ts';
import type { Fault } from '../control/fault.schema.ts';
import { SftpRefusal, type SftpTree } from './sftp-tree.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

export type SftpSessionOptions = {
  tree: SftpTree;
  faults: FaultBook;
  log: CallLog;
  /** Breaks the connection off. */
  drop: () => void;
};

/** Sends an answer; `half` of it where half makes sense. */
type Send = (half: boolean) => void;

/** What one request asks for: `apply` does it, and answers with what is to be sent. */
type Operation = { call: string; path: string; id: number; apply: () => Send };

/** Answers one client's SFTP requests, in their order, meeting faults on the way. */
export function serveSftp(sftp: ssh2.SFTPWrapper, options: SftpSessionOptions): void {
  const { tree } = options;
  // OpenSSH's client says that it is done and waits for the server to close the channel.
  sftp.on('end', () => sftp.end());
  let queue = Promise.resolve();
  const on = (operation: Operation): void => {
    queue = queue.then(() => answer(sftp, operation, options));
  };
  const ok = (id: number): Send => {
    return () => sftp.status(id, STATUS_CODE.OK);
  };
  const work = (call: string, id: number, path: string, apply: () => void): void =>
    on({
      ...{ call, id, path },
      apply: () => {
        apply();
        return ok(id);
      },
    });
  sftp.on('OPEN', (id, path, flags) =>
    on({
      ...{ call: 'sftpOpen', id, path },
      apply: () => {
        const handle = tree.open(path, flags);
        return () => sftp.handle(id, handle);
      },
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    on({
      ...{ call: 'sftpRead', id, path: tree.pathOf(handle) },
      apply: () => {
        const data = tree.read(handle, offset, length);
        if (data.length === 0) return () => sftp.status(id, STATUS_CODE.EOF);
        return (half) => sftp.data(id, half ? data.subarray(0, data.length >> 1) : data);
      },
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    on({
      ...{ call: 'sftpList', id, path },
      apply: () => {
        const handle = tree.openDirectory(path);
        return () => sftp.handle(id, handle);
      },
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    on({
      ...{ call: 'sftpListNext', id, path: tree.pathOf(handle) },
      apply: () => {
        const entries = tree.list(handle);
        return () =>
          entries.length === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.name(id, entries);
      },
    }),
  );
  sftp.on('REALPATH', (id, path) =>
    on({
      ...{ call: 'sftpRealPath', id, path },
      apply: () => {
        const filename = tree.real(path);
        return () => sftp.name(id, [{ filename, longname: filename, attrs: NO_ATTRIBUTES }]);
      },
    }),
  );
  const stat = (id: number, path: string, read: () => ssh2.Attributes): void =>
    on({
      ...{ call: 'sftpStat', id, path },
      apply: () => {
        const attributes = read();
        return () => sftp.attrs(id, attributes);
      },
    });
  sftp.on('STAT', (id, path) => stat(id, path, () => tree.attributes(path)));
  sftp.on('LSTAT', (id, path) => stat(id, path, () => tree.attributes(path)));
  sftp.on('FSTAT', (id, handle) =>
    stat(id, tree.pathOf(handle), () => tree.attributesOfHandle(handle)),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    work('sftpWrite', id, tree.pathOf(handle), () => tree.write(handle, offset, data)),
  );
  sftp.on('CLOSE', (id, handle) =>
    work('sftpClose', id, tree.pathOf(handle), () => tree.close(handle)),
  );
  sftp.on('REMOVE', (id, path) => work('sftpRemove', id, path, () => tree.remove(path)));
  sftp.on('RENAME', (id, from, to) => work('sftpRename', id, from, () => tree.rename(from, to)));
  sftp.on('MKDIR', (id, path) => work('sftpMkdir', id, path, () => tree.makeDirectory(path)));
  sftp.on('RMDIR', (id, path) => work('sftpRmdir', id, path, () => tree.removeDirectory(path)));
  sftp.on('SETSTAT', (id, path) => work('sftpSetstat', id, path, () => undefined));
  sftp.on('FSETSTAT', (id, handle) =>
    work('sftpSetstat', id, tree.pathOf(handle), () => undefined),
  );
}

const NO_ATTRIBUTES: ssh2.Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

async function answer(
  sftp: ssh2.SFTPWrapper,
  operation: Operation,
  { faults, log, drop }: SftpSessionOptions,
): Promise<void> {
  const startedMs = performance.now();
  const { call, path, id } = operation;
  const met = faults.meet({ method: 'SFTP', target: path, call, key: null, body: '' });
  if (met.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, met.latencyMs).unref());
  const status = instead(met.fault);
  let code: number = STATUS_CODE.OK;
  if (status !== null) {
    code = status;
    if (status >= 0) sftp.status(id, status, 'The simulator refuses');
  } else if (met.fault?.kind !== 'dropRequest') {
    code = applied(sftp, operation, met.fault?.kind ?? null);
  }
  log.add({
    ...{ at: Date.now(), call, method: 'SFTP', path, key: null, records: 0 },
    status: code,
    fault: met.fault?.kind ?? null,
    durationMs: Math.round((performance.now() - startedMs) * 100) / 100,
  });
  const isOver = ['dropRequest', 'dropReply', 'halfBody'].includes(met.fault?.kind ?? '');
  if (isOver) drop();
}

/** The status of a fault that keeps the request from being applied; -1 for no answer at all. */
function instead(fault: Fault | null): number | null {
  switch (fault?.kind) {
    case 'hang':
      return -1;
    case 'status':
    case 'throttle':
      return STATUS_CODE.FAILURE;
    case 'expiredToken':
      return STATUS_CODE.PERMISSION_DENIED;
    default:
      return null;
  }
}

/** Applies the operation; answers its status. What the machine's own files refuse becomes one. */
function applied(
  sftp: ssh2.SFTPWrapper,
  { id, apply }: Operation,
  fault: Fault['kind'] | null,
): number {
  try {
    const send = apply();
    if (fault !== 'dropReply') send(fault === 'halfBody');
    return STATUS_CODE.OK;
  } catch (error) {
    const code = codeOf(error);
    if (fault !== 'dropReply') {
      sftp.status(id, code, error instanceof Error ? error.message : 'failed');
    }
    return code;
  }
}

function codeOf(error: unknown): number {
  if (error instanceof SftpRefusal) return error.code;
  const name = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  switch (name) {
    case 'ENOENT':
    case 'ENOTDIR':
      return STATUS_CODE.NO_SUCH_FILE;
    case 'EACCES':
    case 'EPERM':
      return STATUS_CODE.PERMISSION_DENIED;
    default:
      return STATUS_CODE.FAILURE;
  }
}
