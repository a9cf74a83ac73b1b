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

/** What of Campaign's answers ends a run; null: the record or the moment is at fault. */
export function campaignFailure(error: unknown): RunFailure | null {
  const failure = (code: RunFailure['code'], message: string): RunFailure => ({
    code,
    system: 'campaign',
    message,
    field: null,
  });
  if (error instanceof CampaignLinkRefused) return failure('unexpected', error.message);
  if (!(error instanceof CampaignRequestError)) return null;
  if (error.kind === 'credentials') {
    return failure('credentialsRefused', `Adobe refused the credentials: ${error.message}`);
  }
  if (error.kind === 'forbidden') {
    return failure('privilegeMissing', `The technical account lacks a right: ${error.message}`);
  }
  return null;
}

/** What of Dynamics' answers ends a run; null: time heals it, or nobody expected it. */
export function dynamicsFailure(error: unknown, table: string): RunFailure | null {
  const failure = (
    code: RunFailure['code'],
    message: string,
    field: string | null = null,
  ): RunFailure => ({ code, system: 'dynamics', message, field });
  if (error instanceof DynamicsCredentialsRefused) {
    return failure('credentialsRefused', error.message);
  }
  if (error instanceof ChangeTrackingOff) return failure('changeTrackingOff', error.message, table);
  if (error instanceof DynamicsLinkRefused) return failure('unexpected', error.message, table);
  if (!(error instanceof DataverseRequestError)) return null;
  switch (error.kind) {
    case 'forbidden':
      return failure(
        'privilegeMissing',
        `The application user lacks a right: ${error.message}`,
        table,
      );
    case 'notFound':
      return failure('tableMissing', `${table} is not there: ${error.message}`, table);
    case 'rejected':
      return error.column === null
        ? failure('unexpected', `Dynamics 365 refuses to read ${table}: ${error.message}`, table)
        : failure(
            'columnMissing',
            `${table}.${error.column} cannot be read`,
            `${table}.${error.column}`,
          );
    case 'throttled':
    case 'transient':
    case 'unauthorized':
      return null;
  }
}
