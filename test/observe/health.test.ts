// Whether the server is alive and ready, as a load balancer or an orchestrator asks.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { createServer, type Server } from '../../src/server.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testKeys } from '../support/tokens.ts';

let folder: string;
let store: Store;
let closing: boolean;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'health-'));
  closing = false;
  store = openSqlite({ database: join(folder, 'orders.db') });
  const log = { error: (details: object) => console.error(details) };
  const authenticator = createAuthenticator({ keys: testKeys, clock: Date.now, log });
  server = createServer({ store, clock: Date.now, newId: v7, log, sandbox: false, authenticator, isClosing: () => closing });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(path: string, method = 'GET'): Promise<{ readonly status: number; readonly body: string; readonly id: string | null }> {
  const response = await server.fetch(`http://127.0.0.1${path}`, { method });
  return { status: response.status, body: await response.text(), id: response.headers.get('x-request-id') };
}

it('says so without a token, to GET and HEAD alone', async () => {
  expect(await ask('/health')).toMatchObject({ status: 200, body: '{"status":"ok"}', id: expect.any(String) });
  expect(await ask('/ready')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
  expect(await ask('/ready', 'HEAD')).toMatchObject({ status: 200, body: '' });
  for (const path of ['/health', '/ready']) expect(await ask(path, 'POST')).toMatchObject({ status: 405, body: '' });
  // Only these very addresses: what ends so is not answered as if it were well.
  expect((await ask('/graphql/health')).status).not.toBe(200);
  expect((await ask('/graphql?x=/health')).status).not.toBe(200);
});

it('is alive but not ready while it ends', async () => {
  closing = true;
  expect(await ask('/ready')).toMatchObject({ status: 503, body: '{"status":"not ready","reason":"shutting down"}' });
  expect(await ask('/health')).toMatchObject({ status: 200 });
});

it.each([
  {
    fault: 'the newest migration is missing',
    sql: 'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)',
  },
  { fault: 'there are no migrations', sql: 'drop table __drizzle_migrations' },
])('is not ready when $fault', async ({ sql }) => {
  const other = new Database(join(folder, 'orders.db'));
  other.exec(sql);
  other.close();
  expect(await ask('/ready')).toMatchObject({ status: 503, body: '{"status":"not ready","reason":"database"}' });
  expect(await ask('/health')).toMatchObject({ status: 200 });
});
