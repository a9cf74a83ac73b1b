import {
  CampaignRequestError,
  ForeignLinkRefused as CampaignLinkRefused,
} from '@landbridge/campaign';
import type { RunFailure } from '@landbridge/contracts';
import {
  ChangeTrackingOff,
  DataverseRequestError,
  DynamicsCredentialsRefused,
  ForeignLinkRefused as DynamicsLinkRefused,
} from '@landbridge/dynamics';
import { RetryLater, RunFailedError } from '@landbridge/pipeline';
import { SftpRefused } from '@landbridge/sftp';

/** What of a vendor's answers ends the run; null: time heals it, or the record is at fault. */
export function failureOf(error: unknown): RunFailure | null {
  if (error instanceof DynamicsCredentialsRefused) {
    return failure('credentialsRefused', 'dynamics', error.message);
  }
  if (error instanceof ChangeTrackingOff) {
    return failure('changeTrackingOff', 'dynamics', error.message, 'contact');
  }
  if (error instanceof DynamicsLinkRefused) return failure('unexpected', 'dynamics', error.message);
  if (error instanceof CampaignLinkRefused) return failure('unexpected', 'campaign', error.message);
  if (error instanceof DataverseRequestError) return dynamicsFailure(error);
  if (error instanceof CampaignRequestError) return campaignFailure(error);
  return error instanceof SftpRefused ? sftpFailure(error) : null;
}

/** The same as what a reader throws: a person must act, or it is tried again later. */
export function readingError(error: unknown): unknown {
  const found = failureOf(error);
  if (found !== null) return new RunFailedError(found, { cause: error });
  if (error instanceof SftpRefused) {
    return new RetryLater(error.message, { cause: error, condition: 'SourceUnreachable' });
  }
  return error;
}

function dynamicsFailure(error: DataverseRequestError): RunFailure | null {
  if (error.kind === 'forbidden') {
    const message = `The application user may not read and change contacts: ${error.message}`;
    return failure('privilegeMissing', 'dynamics', message, 'contact');
  }
  if (error.kind !== 'rejected' || error.column === null) return null;
  const field = `contact.${error.column}`;
  return failure('columnMissing', 'dynamics', `${field} cannot be read or written`, field);
}

function campaignFailure(error: CampaignRequestError): RunFailure | null {
  if (error.kind === 'credentials') {
    return failure('credentialsRefused', 'campaign', `Adobe refused: ${error.message}`);
  }
  if (error.kind !== 'forbidden') return null;
  const message = `The technical account lacks a right: ${error.message}`;
  return failure('privilegeMissing', 'campaign', message);
}

function sftpFailure(error: SftpRefused): RunFailure | null {
  switch (error.kind) {
    case 'credentials':
    case 'hostKey':
    case 'keyUnreadable':
      return failure('credentialsRefused', 'campaign', error.message, 'sftp');
    case 'forbidden':
      return failure('privilegeMissing', 'campaign', error.message, 'sftp');
    case 'notFound':
      return failure('configurationInvalid', 'campaign', error.message, 'export.folder');
    case 'failed':
      return null;
  }
}

function failure(
  code: RunFailure['code'],
  system: RunFailure['system'],
  message: string,
  field: string | null = null,
): RunFailure {
  return { code, system, message, field };
}
