import {
  CampaignRequestError,
  ForeignLinkRefused as CampaignLinkRefused,
} from '@landbridge/campaign';
import type { RunFailure } from '@landbridge/contracts';
import {
  DataverseRequestError,
  DynamicsCredentialsRefused,
  ForeignLinkRefused as DynamicsLinkRefused,
} from '@landbridge/dynamics';
import { SftpRefused } from '@landbridge/sftp';

/** What of Campaign's or its journal's answers ends a run; null: the moment is at fault. */
export function campaignFailure(error: unknown): RunFailure | null {
  const failure = (code: RunFailure['code'], message: string): RunFailure => ({
    code,
    system: 'campaign',
    message,
    field: null,
  });
  if (error instanceof CampaignLinkRefused) return failure('unexpected', error.message);
  if (!(error instanceof CampaignRequestError)) return null;
  switch (error.kind) {
    case 'credentials':
      return failure('credentialsRefused', `Adobe refused the credentials: ${error.message}`);
    case 'forbidden':
      return failure('privilegeMissing', `The technical account lacks a right: ${error.message}`);
    case 'notFound':
    case 'rejected':
      return failure('configurationInvalid', `Adobe refuses what was asked: ${error.message}`);
    case 'duplicateKey':
    case 'throttled':
    case 'transient':
      return null;
  }
}

/** What of the SFTP server's answers ends a run; null: the file or the moment is at fault. */
export function sftpFailure(error: unknown, folder: string): RunFailure | null {
  if (!(error instanceof SftpRefused)) return null;
  const failure = (
    code: RunFailure['code'],
    message: string,
    field: string | null,
  ): RunFailure => ({
    code,
    system: 'campaign',
    message,
    field,
  });
  const shown = folder === '' ? 'the directory of the connection' : `the folder ${folder}`;
  switch (error.kind) {
    case 'credentials':
    case 'hostKey':
    case 'keyUnreadable':
      return failure('credentialsRefused', error.message, null);
    case 'forbidden':
      return failure('privilegeMissing', `${error.message}: it concerns ${shown}`, folder);
    case 'notFound':
      return failure('configurationInvalid', `The SFTP server has not got ${shown}`, folder);
    case 'failed':
      return null;
  }
}

/** What of Dynamics' answers ends a run; null: time heals it, or a row is at fault. */
export function dynamicsFailure(error: unknown, table: string): RunFailure | null {
  const failure = (code: RunFailure['code'], message: string): RunFailure => ({
    code,
    system: 'dynamics',
    message,
    field: table,
  });
  if (error instanceof DynamicsCredentialsRefused) {
    return { ...failure('credentialsRefused', error.message), field: null };
  }
  if (error instanceof DynamicsLinkRefused) return failure('unexpected', error.message);
  if (!(error instanceof DataverseRequestError)) return null;
  switch (error.kind) {
    case 'forbidden':
      return failure('privilegeMissing', `The application user lacks a right: ${error.message}`);
    case 'notFound':
      return failure('tableMissing', `${table} is not there: ${error.message}`);
    case 'rejected':
      return failure('unexpected', `Dynamics 365 refuses what was asked: ${error.message}`);
    case 'throttled':
    case 'transient':
    case 'unauthorized':
      return null;
  }
}
