// What a failure of PostgreSQL means: others came in between, the connection is lost, the database has no time or place, or it is a bug.
import { DatabaseError } from 'pg';
import { LockMissed } from './locks.ts';

/**
 * CONFLICT: others came in between. LOST: the connection is, or is of no use. NO_TIME: there is none to be had, or the time is up.
 * After any of these nothing was done, unless it was a commit that was lost.
 */
export type Failure = { readonly kind: 'CONFLICT' | 'LOST' | 'NO_TIME' | 'BUG'; readonly reason: string };

/** There is no connection to be had. */
export class ConnectFailed extends Error {
  override readonly name = 'ConnectFailed';
}

/** By SQLSTATE: serialization failure, deadlock, and a key that somebody else wrote meanwhile. */
const conflicts: Readonly<Record<string, string>> = {
  '40001': 'serialization_failure',
  '40P01': 'deadlock',
  '23505': 'unique_violation',
};
/** By SQLSTATE, or its class: what ends a connection, and what a server says that is about to start, to end, full, or not the one that writes. */
const losses: Readonly<Record<string, string>> = {
  '08': 'connection_lost',
  '53': 'no_resources',
  '57P01': 'terminated',
  '57P02': 'server_crashed',
  '57P03': 'server_not_ready',
  '57P05': 'idle_too_long',
  '25P03': 'idle_too_long',
  '25006': 'server_only_reads',
  // CockroachDB does not know what became of a statement.
  '40003': 'completion_unknown',
};
/** What a server says whose time for a statement or a lock is up, or who was told to stop: the transaction is rolled back. */
const timeouts = ['57014', '55P03'];
/** What node and the driver say when a connection breaks. */
const lostCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];
const unsent = /not queryable/;
const lostMessages = /Connection terminated|Query read timeout|not queryable|connection is closed/;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** What a failure means. Reasons are few: they are counted by. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LockMissed) return { kind: 'CONFLICT', reason: 'lock_missed' };
  if (error instanceof ConnectFailed) return connectFailure(error);
  if (!(error instanceof Error)) return { kind: 'BUG', reason: String(error) };
  const code = codeOf(error);
  const conflict = conflicts[code];
  if (conflict !== undefined) return { kind: 'CONFLICT', reason: conflict };
  const loss = losses[code] ?? losses[code.slice(0, 2)];
  if (loss !== undefined) return { kind: 'LOST', reason: loss };
  if (lostCodes.includes(code) || lostMessages.test(error.message)) return { kind: 'LOST', reason: 'connection_lost' };
  if (timeouts.includes(code)) return { kind: 'NO_TIME', reason: 'no answer within the time' };
  return { kind: 'BUG', reason: error.message };
}

/** Why something failed, in words. What was tried at several addresses of one name fails without words of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message || error.name : String(error);
}

/** A server that starts, or cannot be reached now, is tried again; what else keeps us out, such as a wrong password, will not pass. */
function connectFailure({ message, cause }: ConnectFailed): Failure {
  // Several addresses of one name fail together.
  const causes = cause instanceof AggregateError ? cause.errors : [cause];
  const lost = causes.map(failureOf).find(({ kind }) => kind === 'LOST');
  return lost ?? { kind: 'NO_TIME', reason: message };
}

/**
 * Whether a commit that failed certainly had no effect: the server refused it, or it was never sent. Everything else may have come
 * after the commit was on the disk. Of a server that speaks another language than English nothing is certain.
 */
export function isCommitUndone(error: unknown): boolean {
  const { kind } = failureOf(error);
  if (kind === 'CONFLICT') return true;
  if (kind === 'BUG') return error instanceof DatabaseError && error.severity === 'ERROR';
  return kind === 'LOST' && error instanceof Error && unsent.test(error.message);
}
