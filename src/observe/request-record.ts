// What is noted of a request while it is answered: nothing in it was chosen by the client, but the site in a sandbox that knows it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Role } from '../access/actor.ts';
import type { Outcome } from './outcome.ts';

export type RequestRecord = {
  readonly requestId: string;
  /** In milliseconds of performance.now(). */
  readonly startedAt: number;
  readonly method: string;
  readonly path: string;
  operation: string;
  /** Unknown until it is sure that there is such a site. */
  site: string | undefined;
  role: Role | undefined;
  /** Codes of the errors in the answer. */
  codes: readonly string[];
  /** What the limits say that the request costs. */
  cost: number | undefined;
  /** SQL statements that were run for it. */
  statements: number;
};

/** A request that was answered. */
export type AnsweredRequest = Readonly<RequestRecord> & {
  readonly status: number;
  readonly outcome: Outcome;
  readonly durationMs: number;
};

const records = new AsyncLocalStorage<RequestRecord>();

/** Does something, with all that comes of it, for a request. */
export const duringRequest = <Result>(record: RequestRecord, action: () => Result): Result => records.run(record, action);

/** The request for which this code runs; none in a sweep, or on the command line. */
export const currentRequest = (): RequestRecord | undefined => records.getStore();

/** Counts an SQL statement for the request that runs it. */
export function countStatement(): void {
  const record = records.getStore();
  if (record) record.statements += 1;
}
