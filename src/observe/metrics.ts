// The figures of a running server, in the form that Prometheus reads. Every label comes from a bounded set.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type WorkName, workNames } from '../held-leases.ts';
import type { Forgotten } from '../store/store.ts';
import type { AnsweredRequest } from './request-record.ts';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = {
  readonly answered: (request: AnsweredRequest) => void;
  /** Members with something due that were settled, or could not be. */
  readonly settled: (result: 'settled' | 'failed') => void;
  readonly swept: (durationMs: number) => void;
  /** Rows that were removed, since they were older than they are kept for. */
  readonly forgotten: (rows: Forgotten) => void;
  /** Tells how to ask of how many sites this instance has a kind of work. */
  readonly watchLeases: (held: (name: WorkName) => number) => void;
  /** Commands that came to the writer, or were done by it. */
  readonly queued: (commands: number) => void;
  /** A transaction was begun anew, for a reason out of a bounded set. */
  readonly retried: (reason: string) => void;
  readonly contentType: string;
  readonly print: () => Promise<string>;
};

/** Creates metrics of their own, so that two servers in a process do not count together. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'Requests to the GraphQL endpoint by the root field that they ask for and how they ended.',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'From when the headers of a request were read to when its answer was ready.',
    labelNames: ['operation', 'outcome'],
    buckets: seconds,
    registers,
  });
  const cost = new Histogram({
    name: 'gateway_request_cost',
    help: 'What the limits found a request to cost.',
    labelNames: ['operation'],
    buckets: [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000],
    registers,
  });
  const statements = new Histogram({
    name: 'gateway_request_sql_statements',
    help: 'SQL statements that were run for a request.',
    labelNames: ['operation'],
    buckets: [0, 1, 2, 5, 10, 20, 50, 100, 1_000, 10_000],
    registers,
  });
  const settled = new Counter({
    name: 'gateway_settled_members_total',
    help: 'Members whose due releases and expiries a sweep settled, or could not settle.',
    labelNames: ['result'],
    registers,
  });
  const sweeps = new Histogram({
    name: 'gateway_sweep_duration_seconds',
    help: 'How long a sweep for points that are due took.',
    buckets: seconds,
    registers,
  });
  const removed = new Counter({
    name: 'gateway_removed_rows_total',
    help: 'Idempotency records and events of the outbox that were removed, since they were older than they are kept for.',
    labelNames: ['kind'],
    registers,
  });
  let held: (name: WorkName) => number = () => 0;
  new Gauge({
    name: 'gateway_background_leases',
    help: 'Of how many sites this instance does a kind of work in the background now.',
    labelNames: ['work'],
    registers,
    collect() {
      for (const work of workNames) this.set({ work }, held(work));
    },
  });
  const queue = new Gauge({
    name: 'gateway_writer_commands',
    help: 'Commands that wait for the writer or are being written; those of a bulk call stay until it is done.',
    registers,
  });
  const retries = new Counter({
    name: 'gateway_transaction_retries_total',
    help: 'Transactions that were begun anew, since others came in between or the connection to the database was lost.',
    labelNames: ['reason'],
    registers,
  });
  for (const result of ['settled', 'failed']) settled.inc({ result }, 0);
  for (const kind of ['idempotency', 'outbox']) removed.inc({ kind }, 0);
  return {
    answered({ path, operation, outcome, durationMs, cost: costs, statements: run }) {
      if (path !== '/graphql') return;
      requests.inc({ operation, outcome });
      duration.observe({ operation, outcome }, durationMs / 1_000);
      statements.observe({ operation }, run);
      if (costs !== undefined) cost.observe({ operation }, costs);
    },
    settled: (result) => settled.inc({ result }),
    swept: (durationMs) => sweeps.observe(durationMs / 1_000),
    forgotten({ answers, outbox }) {
      removed.inc({ kind: 'idempotency' }, answers);
      removed.inc({ kind: 'outbox' }, outbox);
    },
    watchLeases(ask) {
      held = ask;
    },
    queued: (commands) => queue.inc(commands),
    retried: (reason) => retries.inc({ reason }),
    contentType: registry.contentType,
    print: () => registry.metrics(),
  };
}
