// Hostile requests bring nothing down and write nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/limits/limits.ts';
import { type HostileRequest, hostileRequests } from '../support/hostile.ts';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? '20261124');
const count = Number(process.env['HOSTILE_REQUESTS'] ?? '10000');

async function answerTo(server: TestServer, { method, search, headers, body }: HostileRequest): Promise<number> {
  const request = new Request(`http://127.0.0.1/graphql${search}`, { method, headers, ...(body !== null && { body }) });
  const response = await server.fetch(request);
  await response.text();
  return response.status;
}

test(`${count} hostile requests of the seed ${seed}: no fault of the server, no write`, { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-hostile-'));
  const database = join(folder, 'orders.db');
  const server = openGuardedServer({ sandbox: true, database, limits: { ...defaultLimits, costPerMinute: 1e15 } });
  try {
    await server.setProgram(plainProgram);
    await server.execute('mutation { enrollMember(input: { userId: "ann" }) { member { id } } }');
    const watch = new Database(database, { readonly: true });
    // It changes whenever another connection commits anything.
    const versionOf = () => watch.pragma('data_version', { simple: true });
    const before = versionOf();
    const statuses = new Map<number, number>();
    for (const request of hostileRequests(seed, count)) {
      const status = await answerTo(server, request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(status, `${request.kind}: ${request.search}${request.body?.slice(0, 2_000)}`).toBeLessThan(500);
      expect(versionOf(), `${request.kind}: ${request.search}${request.body?.slice(0, 2_000)}`).toBe(before);
    }
    // Requests that were all refused at the door would prove little.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(count / 100);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(count / 10);
    expect(await server.execute('{ member(by: { userId: "ann" }) { userId } }')).toEqual({ data: { member: { userId: 'ann' } } });
    await server.execute('mutation { enrollMember(input: { userId: "bob" }) { member { id } } }');
    expect(versionOf()).not.toBe(before);
    watch.close();
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
