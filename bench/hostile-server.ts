// The server that bench/hostile.ts sends to, in a process of its own: it tells how much time requests took, and how many rows there are.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { seedDemo } from '../src/seed/seed.ts';
import { createServer } from '../src/server.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { createOrders } from './plenty.ts';

const file = join(process.argv[2] ?? '.', 'orders.db');
const store = openSqlite({ database: file });
const failures: unknown[] = [];
const log = { error: (details: object) => failures.push(details) };
// Without the budget of a minute, so that every request is looked at.
const server = createServer({ store, clock: Date.now, newId: v7, log, sandbox: true, limits: { costPerMinute: 1e15 } });
await seedDemo(store, { now: Date.now(), newId: v7 });
await createOrders(server, 500);

const rows = new Database(file, { readonly: true });
const countRows = (): number =>
  rows
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all()
    .reduce((sum: number, table) => sum + Number(rows.prepare(`select count(*) from "${table}"`).pluck().get()), 0);

/**
 * The hostile requests that held the server longest: while its thread is busy, nobody else is answered. Beside it the time of all
 * processors, which other processes do not stretch, but which counts the collector's and the compiler's threads as well.
 */
let longest: { readonly kind: string; readonly busy: number; readonly processors: number }[] = [];
const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

const http = createHttpServer((request, response) => {
  const kind = request.headers['x-kind'];
  if (typeof kind === 'string') {
    const [processors, loop] = [process.cpuUsage(), performance.eventLoopUtilization()];
    response.once('close', () => {
      const busy = performance.eventLoopUtilization(loop).active;
      const taken = { kind, busy, processors: milliseconds(process.cpuUsage(processors)) };
      longest = [...longest, taken].sort((one, other) => other.busy - one.busy).slice(0, 8);
    });
  }
  server(request, response);
});
const before = countRows();
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
  process.send?.({ port });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
process.once('message', async () => {
  process.send?.({
    longest,
    failures: failures.length,
    written: countRows() - before,
  });
  http.closeAllConnections();
  http.close();
  rows.close();
  await store.close();
  process.disconnect();
});
