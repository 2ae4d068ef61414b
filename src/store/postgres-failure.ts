// What a failure of PostgreSQL means: others came in between, the connection is lost, there was none to be had, or it is a bug.
import { LockMissed } from './locks.ts';

export type Failure = { readonly kind: 'CONFLICT' | 'LOST' | 'NONE_FREE' | 'BUG'; readonly reason: string };

/** By SQLSTATE: serialization failure, deadlock, and a key that somebody else wrote meanwhile. */
const conflicts: Readonly<Record<string, string>> = {
  '40001': 'serialization_failure',
  '40P01': 'deadlock',
  '23505': 'unique_violation',
};
/** By SQLSTATE: what ends a connection, and what a server says that is about to start, to end, or full. Class 08 is about connections. */
const losses: Readonly<Record<string, string>> = {
  '57P01': 'terminated by the server',
  '57P02': 'the server crashed',
  '57P03': 'the server starts',
  '57P05': 'idle for too long',
  '25P03': 'idle in a transaction for too long',
  '53300': 'too many connections',
  '25006': 'the server only reads',
};
/** What node and the driver say when a connection breaks. */
const lostCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];
const lostMessages = /Connection terminated|Query read timeout|not queryable|Client was closed|connection is closed/;
/** Of the pool: neither a free connection nor a new one within the time. */
const noneFree = /timeout exceeded when trying to connect/;

/** What a failure means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LockMissed) return { kind: 'CONFLICT', reason: 'lock_missed' };
  if (!(error instanceof Error)) return { kind: 'BUG', reason: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const conflict = conflicts[code];
  if (conflict !== undefined) return { kind: 'CONFLICT', reason: conflict };
  if (code in losses || lostCodes.includes(code) || /^08/.test(code)) return { kind: 'LOST', reason: losses[code] ?? code };
  if (noneFree.test(error.message)) return { kind: 'NONE_FREE', reason: 'no connection within the time' };
  if (lostMessages.test(error.message)) return { kind: 'LOST', reason: 'the connection broke' };
  // Its time was up at the server: the transaction is rolled back, and whoever waits has waited long enough.
  if (code === '57014' || code === '55P03') return { kind: 'NONE_FREE', reason: 'no answer within the time' };
  return { kind: 'BUG', reason: error.message };
}
