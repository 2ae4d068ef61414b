// The metrics as Prometheus reads them: over HTTP, from figures that move as requests, sweeps and writes do.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setProgram } from '../../src/domain/program-change.ts';
import { createHeldLeases } from '../../src/held-leases.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import { createMetricsServer } from '../../src/observe/metrics-server.ts';
import { observeStore } from '../../src/observe/observed-store.ts';
import { forgetOld } from '../../src/retention.ts';
import { demoProgram } from '../../src/seed/program.ts';
import { createServer, type Server } from '../../src/server.ts';
import { sweep } from '../../src/settlement.ts';
import { createSiteTime } from '../../src/site-time.ts';
import { countStatement } from '../../src/store/asker.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { LeaseLost } from '../../src/store/store-error.ts';

const day = 86_400_000;
const log = { error: (details: object) => console.error(details) };

let now = Date.parse('2026-11-24T12:00:00Z');
let metrics: Metrics;
let metricsHttp: ReturnType<typeof createMetricsServer>;
let store: Store;
let server: Server;

beforeEach(async () => {
  now = Date.parse('2026-11-24T12:00:00Z');
  metrics = createMetrics();
  store = observeStore(openSqlite({ database: ':memory:', onStatement: countStatement }), metrics);
  const file = { ...demoProgram, hold: { type: 'ORDER_DATE', days: 1 } };
  await store.commitProgram('demo', (state) => setProgram(state, { siteId: 'demo', file, from: null, at: now, actor: 'test' }));
  server = createServer({ store, clock: () => now, newId: v7, log, sandbox: true, onAnswered: metrics.answered });
  metricsHttp = createMetricsServer(metrics);
  metricsHttp.listen(0, '127.0.0.1');
  await once(metricsHttp, 'listening');
});
afterEach(async () => {
  metricsHttp.closeAllConnections();
  metricsHttp.close();
  await store.close();
});

const urlOf = (path: string): string => `http://127.0.0.1:${(metricsHttp.address() as AddressInfo).port}${path}`; // A TCP server has an address with a port.

/** The figures that are scraped now, by name and labels; those that there are not are 0. */
async function scrape(): Promise<(series: string) => number> {
  const text = await (await fetch(urlOf('/metrics'))).text();
  const figures = new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  );
  return (series) => figures.get(series) ?? 0;
}

async function execute(query: string, variables: object = {}, path = '/graphql'): Promise<string> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) };
  return (await server.fetch(`http://127.0.0.1${path}`, request)).text();
}

const enroll = 'mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }';
const bulk = `mutation($orders: [CreateOrderInput!]!) { bulkCreateOrders(input: { orders: $orders }) { created } }`;
const orders = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    orderId: `o-${index}`,
    userId: 'ann',
    lineItems: [{ productId: 'p', quantity: 1, unitPrice: 10 }],
  }));

it('counts requests by operation and outcome, with their duration and statements', async () => {
  const labels = 'operation="orders",outcome="ok"';
  const before = await scrape();
  expect(before(`gateway_requests_total{${labels}}`)).toBe(0);
  await execute(enroll);
  await execute('{ a: orders { nodes { id } } b: orders { totalCount } }');
  await execute('{ orders { nodes { orderId } } }');
  await execute('{ orders { nonsense } }');
  await execute('{ nonsense }');
  await execute('{ orders { totalCount } members { totalCount } }');
  await execute('{ __typename }', {}, '/nowhere');
  const after = await scrape();
  expect(after(`gateway_requests_total{${labels}}`)).toBe(2);
  expect(after(`gateway_request_duration_seconds_count{${labels}}`)).toBe(2);
  expect(after(`gateway_request_duration_seconds_sum{${labels}}`)).toBeGreaterThan(0);
  expect(after('gateway_requests_total{operation="orders",outcome="invalid"}')).toBe(1);
  expect(after('gateway_requests_total{operation="none",outcome="invalid"}')).toBe(1);
  expect(after('gateway_requests_total{operation="several",outcome="ok"}')).toBe(1);
  expect(after('gateway_requests_total{operation="enrollMember",outcome="ok"}')).toBe(1);
  // What is not carried out costs nothing that is told.
  expect(after('gateway_request_cost_count{operation="orders"}')).toBe(2);
  expect(after('gateway_request_cost_sum{operation="orders"}')).toBeGreaterThan(2);
  // Three requests for orders, of which the faulty one ran none.
  expect(after('gateway_request_sql_statements_count{operation="orders"}')).toBe(3);
  expect(after('gateway_request_sql_statements_bucket{le="0",operation="orders"}')).toBe(1);
  expect(after('gateway_request_sql_statements_sum{operation="orders"}')).toBeGreaterThanOrEqual(4);
  expect(after('process_resident_memory_bytes')).toBeGreaterThan(0);
});

it('counts the statements of requests that run at the same time each for its own', async () => {
  await execute(enroll);
  const one = '{ member(by: { userId: "ann" }) { userId } }';
  const many = '{ member(by: { userId: "ann" }) { userId orders { totalCount nodes { id } } secondaryMembers { totalCount } } }';
  const statements = 'gateway_request_sql_statements_sum{operation="member"}';
  const first = await scrape();
  await execute(one);
  const second = await scrape();
  await execute(many);
  const third = await scrape();
  const [least, most] = [second(statements) - first(statements), third(statements) - second(statements)];
  expect(most).toBeGreaterThan(least);
  await Promise.all([...Array(5).fill(one), ...Array(5).fill(many)].map((query: string) => execute(query)));
  const last = await scrape();
  expect(last(statements) - third(statements)).toBe(5 * (least + most));
  expect(last('gateway_request_sql_statements_count{operation="member"}')).toBe(12);
});

it('shows the commands of a bulk call while they are written', async () => {
  await execute(enroll);
  expect((await scrape())('gateway_writer_commands')).toBe(0);
  const answer = execute(bulk, { orders: orders(100) });
  let ended = false;
  void answer.then(() => {
    ended = true;
  });
  let seen = 0;
  while (!ended) seen = Math.max(seen, (await scrape())('gateway_writer_commands'));
  expect(await answer).toContain('"created":100');
  expect(seen).toBe(100);
  expect((await scrape())('gateway_writer_commands')).toBe(0);
});

it('counts sweeps, and the members that they settle or cannot settle', async () => {
  await execute(enroll);
  await execute(bulk, { orders: orders(2) });
  now += 2 * day;
  const time = createSiteTime({ store, clock: () => now, sandbox: true });
  const errors: object[] = [];
  const leases = createHeldLeases({ store, holder: 'one', forMs: 60_000 });
  metrics.watchLeases(leases.count);
  const parts = { time, log: { error: (details: object) => errors.push(details) }, watch: metrics, leases };
  expect((await scrape())('gateway_background_leases{work="settlement"}')).toBe(0);
  const broken: Store = { ...store, settle: () => Promise.reject(new Error('The disk is full.')) };
  await sweep({ ...parts, store: broken });
  await sweep({ ...parts, store });
  await sweep({ ...parts, store });
  const figures = await scrape();
  expect(errors).toHaveLength(1);
  expect(figures('gateway_settled_members_total{result="failed"}')).toBe(1);
  expect(figures('gateway_settled_members_total{result="settled"}')).toBe(1);
  expect(figures('gateway_sweep_duration_seconds_count')).toBe(3);
  expect(figures('gateway_background_leases{work="settlement"}')).toBe(1);
  expect(figures('gateway_background_leases{work="retention"}')).toBe(0);
});

it('counts what is removed since it is too old, by kind', async () => {
  await execute(enroll);
  now += 31 * day;
  const leases = createHeldLeases({ store, holder: 'one', forMs: 60_000 });
  const time = createSiteTime({ store, clock: () => now, sandbox: true });
  const errors: object[] = [];
  await forgetOld({
    store,
    time,
    log: { error: (details) => errors.push(details) },
    leases,
    days: { idempotency: 90, outbox: 30 },
    watch: metrics,
  });
  const figures = await scrape();
  expect(errors).toEqual([]);
  expect(figures('gateway_removed_rows_total{kind="outbox"}')).toBe(1);
  expect(figures('gateway_removed_rows_total{kind="idempotency"}')).toBe(0);
});

it('watches a store without dropping what it is asked: a lease that is lost keeps a settlement from being done', async () => {
  const lost = { siteId: 'demo', name: 'settlement', holder: 'nobody', fence: 1 };
  await expect(store.settle('demo', 'nobody', now, lost)).rejects.toThrow(LeaseLost);
});

it('serves nothing else', async () => {
  const metricsAnswer = await fetch(urlOf('/metrics'), { method: 'HEAD' });
  expect(metricsAnswer.status).toBe(200);
  expect(metricsAnswer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect((await fetch(urlOf('/metrics'), { method: 'POST' })).status).toBe(405);
  expect((await fetch(urlOf('/graphql'))).status).toBe(404);
});
