// A real server is told to end in the middle of writes: every accepted request is answered and kept, and the database is left in order.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import { placeOrders } from './support/load.ts';
import { type ServerProcess, startServer } from './support/process.ts';

const clients = 12;
const answersBeforeEnd = 150;
const program = { siteId: 'demo', name: 'Plain points', currencyCode: 'USD', timeZone: 'America/New_York', purchase: { baseRatio: '1' } };

let folder = '';
let file = '';
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shutdown-'));
  file = join(folder, 'orders.db');
  const programFile = join(folder, 'program.json');
  writeFileSync(programFile, JSON.stringify(program));
  server = await startServer('--database', file, '--program', programFile);
});
afterEach(async () => {
  await server.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function ordersIn(database: string): readonly string[] {
  const db = new Database(database, { readonly: true });
  try {
    return db.prepare<[], string>('select order_id from orders').pluck().all();
  } finally {
    db.close();
  }
}

/** Whether everything was written from the log into the database file itself. */
const isCheckpointed = (): boolean => !existsSync(`${file}-wal`) || statSync(`${file}-wal`).size === 0;

it('answers and keeps every accepted request when it is told to end under load', async () => {
  await server.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }');
  const { sent, ended } = placeOrders(server.url, clients);
  await expect
    .poll(() => sent.filter(({ outcome }) => outcome === 'answered').length, { timeout: 60_000 })
    .toBeGreaterThan(answersBeforeEnd);
  // The process ends itself with 1 when it has not come to an end by five seconds.
  expect(await server.end('SIGTERM')).toBe(0);
  await ended;
  expect(isCheckpointed()).toBe(true);
  expect(sent.filter(({ outcome }) => outcome !== 'answered' && outcome !== 'refused')).toEqual([]);
  const answered = sent.filter(({ outcome }) => outcome === 'answered');
  // Each client learned with its last answer that there will be no other one.
  expect(answered.filter(({ connection }) => connection === 'close')).toHaveLength(clients);
  expect(ordersIn(file).toSorted()).toEqual(answered.map(({ orderId }) => orderId).toSorted());
  expect(await diagnose(file)).toEqual([]);
});

it('ends at once, without harm, when it is told so again while it waits for somebody', async () => {
  const { hostname, port } = new URL(server.url);
  // Half a request: the server cannot know yet that it will get no more of it.
  const slow = connect(Number(port), hostname, () => slow.write('POST /graphql HTTP/1.1\r\nHost: x\r\n'));
  slow.on('error', () => undefined);
  await server.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }');
  const first = server.end('SIGTERM');
  await expect.poll(() => server.printed.stdout, { timeout: 10_000 }).toContain('The server ends.');
  expect(await server.end('SIGINT')).toBe(1);
  expect(await first).toBe(1);
  slow.destroy();
  expect(await diagnose(file)).toEqual([]);
});
