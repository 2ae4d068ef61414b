// Two real servers on one PostgreSQL whose connections are ended and which is killed again and again: what was acknowledged is there, once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor.ts';
import { withClient } from '../support/postgres/client.ts';
import { type PrivateServer, startPrivateServer } from '../support/postgres/private-server.ts';
import { type ServerProcess, startServer } from '../support/process.ts';
import type { Answer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';
import { adjustmentOf, documentOf, enrolment, outcomeOf, returnOf, type Sendable } from './gateway.ts';

const workers = 8;
const members = ['ann', 'bob', 'cid'];
const blows = 10;
const answersBetweenBlows = 12;

type Acknowledged = { readonly command: Sendable; readonly payload: object };

let database: PrivateServer;
let servers: readonly [ServerProcess, ServerProcess];
const folder = mkdtempSync(join(tmpdir(), 'chaos-'));

beforeAll(async () => {
  const programFile = join(folder, 'program.json');
  writeFileSync(programFile, JSON.stringify(plainProgram));
  database = await startPrivateServer();
  const start = (...more: readonly string[]) =>
    startServer('--database', database.url, '--program', programFile, '--metrics-port', '0', ...more);
  // The second one has little patience, so that clients have to send again more often.
  servers = await Promise.all([start(), start('--database-timeout-ms', '2000')]);
});
afterAll(async () => {
  for (const server of servers) await server.end('SIGKILL');
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const payloadOf = ({ data }: Answer): object => {
  const { payload } = data as { readonly payload: object }; // Every document names its field so.
  const { replayed: _, ...others } = payload as { readonly replayed?: boolean };
  return others;
};

const trouble: Record<string, number> = {};

/** Sends a command, to the servers in turn, until it is acknowledged. */
async function insist(command: Sendable, first: number): Promise<Acknowledged> {
  for (let attempt = first; ; attempt += 1) {
    const server = servers[attempt % 2 === 0 ? 0 : 1];
    const answer = (await server.execute(documentOf(command), { input: command.input }).catch(() => null)) as Answer | null;
    const outcome = answer ? outcomeOf(answer) : 'NO_ANSWER';
    if (answer && ['DONE', 'REPLAYED'].includes(outcome)) return { command, payload: payloadOf(answer) };
    trouble[outcome] = (trouble[outcome] ?? 0) + 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a worker does over and over: 30 points for an order, 10 back for a return, 5 for an adjustment, and 10 redeemed. */
function roundOf(name: string, userId: string): readonly Sendable[] {
  return [
    {
      kind: 'createOrder',
      input: { orderId: name, userId, status: 'OPEN', lineItems: [{ productId: 'p', quantity: 3, unitPrice: '10' }] },
    },
    { kind: 'updateOrder', input: { orderId: name, action: 'SHIP', allLineItems: true, idempotencyKey: `${name}-ship` } },
    returnOf(name, 1, `${name}-return`),
    adjustmentOf(name, '5', `${name}-adjust`),
    {
      kind: 'createOrder',
      input: { orderId: `${name}-r`, userId, lineItems: [{ productId: 'p', quantity: 1, unitPrice: '0.9' }], redeemPoints: 10 },
    },
  ];
}

it('loses nothing and does nothing twice', async () => {
  for (const userId of members) await servers[0].execute(documentOf(enrolment(userId)), { input: { userId } });
  const acknowledged: Acknowledged[] = [];
  const rounds: string[] = [];
  let stopped = false;
  const working = Array.from({ length: workers }, async (_, worker) => {
    for (let index = 0; !stopped; index += 1) {
      const userId = members[(worker + index) % members.length] ?? '';
      for (const command of roundOf(`w${worker}-${index}`, userId)) acknowledged.push(await insist(command, worker));
      rounds.push(userId);
    }
  });
  const ended = Promise.all(working);
  for (let blow = 1; blow <= blows; blow += 1) {
    const enough = acknowledged.length + answersBetweenBlows;
    while (acknowledged.length < enough) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
    await database.terminateBackends();
    if (blow % 5 === 0) {
      await database.kill();
      // It stays away for longer than the second one has patience.
      const { DATABASE_UNAVAILABLE: before = 0 } = trouble;
      while ((trouble['DATABASE_UNAVAILABLE'] ?? 0) === before)
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
      await database.restart();
    }
  }
  stopped = true;
  await ended;

  // There was trouble, and nothing else than what clients are told to send again for.
  expect(trouble).toHaveProperty('DATABASE_UNAVAILABLE');
  expect(Object.keys(trouble).filter((code) => !['OUTCOME_UNKNOWN', 'DATABASE_UNAVAILABLE'].includes(code))).toEqual([]);
  for (const { command, payload } of acknowledged) {
    const again = (await servers[0].execute(documentOf(command), { input: command.input })) as Answer;
    expect(outcomeOf(again)).toBe('REPLAYED');
    expect(payloadOf(again)).toEqual(payload);
  }
  const rows = await withClient(database.url, async (client) => {
    const { rows } = await client.query(`select
      (select count(*)::int from orders) as orders, (select count(*)::int from order_events) as events,
      (select count(*)::int from spend_adjustments) as adjustments, (select count(*)::int from answers) as answers,
      (select json_object_agg(user_id, available) from members) as available`);
    return rows[0];
  });
  const count = rounds.length;
  expect(rows).toEqual({
    orders: 2 * count,
    events: 5 * count,
    adjustments: count,
    answers: 3 * count,
    available: Object.fromEntries(members.map((userId) => [userId, 15 * rounds.filter((name) => name === userId).length])),
  });
  expect(await diagnose(database.url)).toEqual([]);
  for (const server of servers) {
    const metrics = await fetch(/Metrics +(\S+)/.exec(server.printed.stdout)?.[1] ?? '');
    expect(await metrics.text()).toMatch(/gateway_transaction_retries_total\{reason="(terminated|connection_lost|server_crashed)"\} [1-9]/);
    // It ends as it should also while the database is away.
    if (server === servers[0]) await database.kill();
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.printed.stdout).not.toMatch(/not expected|Nobody caught/);
    expect(server.printed.stderr).toBe('');
  }
}, 300_000);
