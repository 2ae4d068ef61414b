// What is noted of a request while it is answered: nothing in it was chosen by the client, but the site in a sandbox that knows it.
import type { Role } from '../access/actor.ts';
import type { Asker } from '../store/asker.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** `statements` are the SQL statements that were run for it. */
export type RequestRecord = Asker & {
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
};

/** A request that was answered. */
export type AnsweredRequest = Readonly<RequestRecord> & {
  readonly status: number;
  readonly outcome: Outcome;
  readonly durationMs: number;
};

/** Begins the record of a request, of which nothing is known yet but how it came, and when by performance.now(). */
export const beginRecord = (requestId: string, method: string, path: string, startedAt: number): RequestRecord => ({
  requestId,
  startedAt,
  method,
  path,
  operation: 'none',
  site: undefined,
  role: undefined,
  codes: [],
  cost: undefined,
  statements: 0,
});

/** Ends a record: what is told of a request that was answered. */
export const endRecord = (record: RequestRecord, status: number): AnsweredRequest =>
  // The record goes no further, so it is added to: a copy of it took as long as the line of the log.
  Object.assign(record, { status, outcome: outcomeOf(status, record.codes), durationMs: performance.now() - record.startedAt });

const starts = new WeakMap<object, number>();
const records = new WeakMap<object, RequestRecord>();
const failed = new WeakMap<object, RequestRecord>();

/** Keeps when a request came, by performance.now(). */
export const keepStart = (request: object, startedAt: number): void => {
  starts.set(request, startedAt);
};

/** When a request came, as far as that is known. */
export const startOf = (request: object): number => starts.get(request) ?? performance.now();

/** Keeps the record of a request, for whoever answers it. */
export const keepRecord = (request: object, record: RequestRecord): void => {
  records.set(request, record);
};

/** The record of a request; none when nobody began one. */
export const recordOf = (request: object): RequestRecord | undefined => records.get(request);

/** Notes of an error in which request it arose, since those who tell of it know the error alone. */
export function noteFailure(request: object, error: unknown): void {
  const record = records.get(request);
  if (record && typeof error === 'object' && error !== null) failed.set(error, record);
}

/** The id of the request in which an error arose, as the log has it. */
export function failedRequest(error: unknown): { readonly requestId?: string } {
  const record = typeof error === 'object' && error !== null ? failed.get(error) : undefined;
  return record ? { requestId: record.requestId } : {};
}
