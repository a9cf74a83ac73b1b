import {
  NO_VERIFICATION_FIGURES,
  type TableName,
  type VerificationForecast,
  type VerificationPhase,
  type VerificationProgress,
  type VerificationView,
} from '@landbridge/contracts';
import { CommandRefused } from '../errors.ts';
import type { Logged } from '../projections/logged.ts';
import type { VerificationEvent } from './verification.events.ts';

/** The newest verification of each table. */
export type Verifications = Readonly<Record<TableName, VerificationView>>;

export type VerificationCommand =
  | {
      type: 'Request';
      verificationId: string;
      table: TableName;
      rate: number | null;
      repair: boolean;
      forecast: VerificationForecast;
    }
  | { type: 'Cancel'; table: TableName }
  | { type: 'Repair'; table: TableName }
  | { type: 'TakeProgress'; progress: VerificationProgress };

const OVER: readonly VerificationPhase[] = ['done', 'failed', 'cancelled'];

export const isOver = ({ phase }: Pick<VerificationView, 'phase'>): boolean => OVER.includes(phase);

/**
 * What a command makes of the verifications of a workflow; none where what was asked already holds.
 * Throws  CommandRefused (one is on already; there is none to call off, or to mend).
 */
export function decideVerification(
  command: VerificationCommand,
  state: Verifications,
): VerificationEvent[] {
  switch (command.type) {
    case 'Request': {
      const { type: _, ...requested } = command;
      const newest = state[command.table];
      if (newest !== undefined && !isOver(newest)) {
        const reason = `A verification of ${command.table} is on already; call it off first.`;
        throw new CommandRefused('Verify', reason);
      }
      return [{ type: 'VerificationRequested', ...requested }];
    }
    case 'Cancel':
      return decideCancel(command.table, state);
    case 'Repair':
      return decideRepair(command.table, state);
    case 'TakeProgress':
      return decideProgress(command.progress, state);
  }
}

function decideCancel(table: TableName, state: Verifications): VerificationEvent[] {
  const newest = state[table];
  if (newest === undefined) {
    throw new CommandRefused('CancelVerification', `${table} was never verified.`);
  }
  if (isOver(newest)) return [];
  return [{ type: 'VerificationCancelled', verificationId: newest.verificationId, table }];
}

function decideRepair(table: TableName, state: Verifications): VerificationEvent[] {
  const newest = state[table];
  if (newest === undefined || newest.phase !== 'done') {
    const reason = `There is no finished verification of ${table} whose differences could be queued.`;
    throw new CommandRefused('RepairDifferences', reason);
  }
  return [{ type: 'RepairRequested', verificationId: newest.verificationId, table }];
}

function decideProgress(
  { verificationId, table, phase, message, figures }: VerificationProgress,
  state: Verifications,
): VerificationEvent[] {
  const newest = state[table];
  // Of another verification, or of one that was called off: late, and of no interest.
  if (newest?.verificationId !== verificationId || isOver(newest)) return [];
  const news = { verificationId, table, phase, message, figures };
  return [{ type: OVER.includes(phase) ? 'VerificationEnded' : 'VerificationProgressed', ...news }];
}

export function foldVerifications(
  state: Verifications,
  { event, at, by }: Logged<VerificationEvent>,
): Verifications {
  if (event.type === 'VerificationsForgotten') return {};
  const { table } = event;
  if (event.type === 'VerificationRequested') {
    const { type: _, ...requested } = event;
    return {
      ...state,
      [table]: {
        ...requested,
        requestedAt: at.toISOString(),
        requestedBy: by,
        phase: 'waiting',
        message: null,
        progressedAt: null,
        endedAt: null,
        figures: NO_VERIFICATION_FIGURES,
      },
    };
  }
  const known = state[table];
  return known === undefined ? state : { ...state, [table]: evolve(known, event, at) };
}

function evolve(
  known: VerificationView,
  event: Exclude<VerificationEvent, { type: 'VerificationRequested' | 'VerificationsForgotten' }>,
  at: Date,
): VerificationView {
  const time = at.toISOString();
  switch (event.type) {
    case 'VerificationProgressed':
    case 'VerificationEnded': {
      const { phase, message, figures } = event;
      const endedAt = event.type === 'VerificationEnded' ? time : null;
      return { ...known, phase, message, figures, progressedAt: time, endedAt };
    }
    case 'VerificationCancelled':
      return { ...known, phase: 'cancelled', message: null, endedAt: time };
    case 'RepairRequested':
      return { ...known, phase: 'repairing', message: null, endedAt: null };
  }
}
