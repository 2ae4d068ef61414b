// The database is away, or has no time: errors come within the time that is set and say so, nothing ends the process, and all is well again by itself.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { migratePostgres } from '../../src/store/postgres.ts';
import { failureOf } from '../../src/store/postgres-failure.ts';
import { createConnections } from '../../src/store/postgres-pool.ts';
import { withClient } from '../support/postgres/client.ts';
import { type PrivateServer, startPrivateServer } from '../support/postgres/private-server.ts';
import { startProxy, type TcpProxy } from '../support/postgres/proxy.ts';
import { enrolment, type Gateway, openGateway, orderOf, outcomeOf, setPlainProgram, tally } from './gateway.ts';

const timeoutMs = 3_000;
let server: PrivateServer;
let proxy: TcpProxy;
let gateway: Gateway;
let orders = 0;

const viaProxy = (): string => {
  const url = new URL(server.url);
  url.port = String(proxy.port);
  return url.href;
};
const nextOrder = () => orderOf(`order-${++orders}`, 'ann');
const read = () => gateway.execute('{ member(by: { userId: "ann" }) { userId } }');
const readCode = async (): Promise<unknown> => {
  const { data, errors } = await read();
  return errors ? errors[0]?.extensions?.['code'] : data;
};
const ann = { member: { userId: 'ann' } };

/** Asks until it is answered so; the test's time is the bound. */
async function until(expected: unknown, ask: () => Promise<unknown>): Promise<void> {
  while (JSON.stringify(await ask()) !== JSON.stringify(expected)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Does something while somebody else has the member, and waits for it after that when it is told to. */
const whileTaken = <Result>(action: () => Promise<Result>): Promise<Result> =>
  withClient(server.url, async (client) => {
    await client.query('begin');
    await client.query("select 1 from members where user_id = 'ann' for update");
    return action();
  });

/** Processes of the server that wait for a lock. */
const waiting = (): Promise<number> =>
  withClient(server.url, async (client) => {
    const { rows } = await client.query("select count(*) as n from pg_stat_activity where wait_event_type = 'Lock'");
    return Number(rows[0].n);
  });

const unhandled: unknown[] = [];
const note = (error: unknown): number => unhandled.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', note).on('uncaughtExceptionMonitor', note);
  server = await startPrivateServer();
  proxy = await startProxy(server.port);
  await migratePostgres(server.url);
  const patient = openGateway({ url: server.url, timeoutMs: 60_000 });
  await setPlainProgram(patient);
  await patient.send(enrolment('ann'));
  await patient.close();
  gateway = openGateway({ url: viaProxy(), connections: 2, timeoutMs });
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
  await server.stop();
  process.off('unhandledRejection', note).off('uncaughtExceptionMonitor', note);
});
afterEach(async () => {
  expect(unhandled).toEqual([]);
  // Whatever was done to it, it is well again.
  await until('DONE', async () => outcomeOf(await gateway.send(nextOrder())));
  await until(ann, readCode);
  await until(200, () => gateway.readiness());
});

it('says that others keep it waiting for too long, and is ready all the same', async () => {
  const [answers, ready] = await whileTaken(async () => {
    const holding = [gateway.send(nextOrder()), gateway.send(nextOrder())];
    while ((await waiting()) < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    return Promise.all([Promise.all([...holding, gateway.send(nextOrder())]), gateway.readiness()]);
  });
  expect(tally(answers)).toEqual({ DATABASE_UNAVAILABLE: 3 });
  expect(ready).toBe(200);
  expect(answers[0]?.errors).toEqual([
    {
      message: expect.stringMatching(/^The database cannot be reached at present\./),
      path: ['payload'],
      extensions: { code: 'DATABASE_UNAVAILABLE', retryable: true, traceId: expect.any(String) },
    },
  ]);
});

it('gives up when all connections are taken, and goes on when one is free', async () => {
  const connections = createConnections({ connectionString: server.url }, 1);
  const select = () => connections.use(200, async (client) => (await client.query('select 1 as one')).rows);
  await connections.use(10_000, async () => {
    const failed = await select().catch((error: unknown) => error);
    expect(failureOf(failed).kind).toBe('NO_TIME');
    expect(await connections.probe('select 1 as found', [])).toBe(1);
  });
  await until([{ one: 1 }], () => select().catch(() => null));
  await connections.close();
});

it('waits for a lock and for a connection as long as there is time', async () => {
  const sending = await whileTaken(async () => {
    const sent = [1, 2, 3, 4, 5].map(() => gateway.send(nextOrder()));
    while ((await waiting()) < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    return { sent };
  });
  expect(tally(await Promise.all(sending.sent))).toEqual({ DONE: 5 });
});

describe('a network that stalls', () => {
  afterEach(() => proxy.resume());

  it('fails reads, commands and readiness on idle and new connections', async () => {
    await Promise.all([read(), read()]);
    proxy.stall();
    const answers = await Promise.all([1, 2, 3].map(() => gateway.send(nextOrder())));
    expect(tally(answers)).toEqual({ DATABASE_UNAVAILABLE: 3 });
    expect(await Promise.all([readCode(), readCode(), readCode()])).toEqual(Array(3).fill('DATABASE_UNAVAILABLE'));
    expect(await gateway.readiness()).toBe(503);
    await proxy.resume();
    await until(200, () => gateway.readiness());
    await until(ann, readCode);
  });

  it('fails a command in the middle of its transaction, of which nothing stays', async () => {
    const order = nextOrder();
    const sending = await whileTaken(async () => {
      const sent = gateway.send(order);
      while ((await waiting()) < 1) await new Promise((resolve) => setTimeout(resolve, 10));
      proxy.stall();
      return { sent };
    });
    expect(outcomeOf(await sending.sent)).toBe('DATABASE_UNAVAILABLE');
    await proxy.resume();
    expect(outcomeOf(await gateway.send(order))).toBe('DONE');
  });

  it('does not keep a store from closing', async () => {
    const other = openGateway({ url: viaProxy(), connections: 2, timeoutMs: 600_000 });
    await Promise.all([other.execute('{ orders { totalCount } }'), other.execute('{ orders { totalCount } }')]);
    proxy.stall();
    const under = Promise.all([other.send(nextOrder()), other.send(nextOrder()), other.readiness()]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.close();
    const [one, two, ready] = await under;
    expect(tally([one, two])).toEqual({ DATABASE_UNAVAILABLE: 2 });
    expect(ready).toBe(503);
  });
});

it('answers reads and commands whose connections broke while nobody used them', async () => {
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([read(), read()]);
    proxy.cut();
    // Sent before anybody here can have heard of it.
    const [code, sent] = await Promise.all([readCode(), gateway.send(nextOrder())]);
    expect([code, outcomeOf(sent)]).toEqual([ann, 'DONE']);
  }
});

it('answers reads and commands whose connections the server ended', async () => {
  const before = gateway.retries.length;
  for (let round = 0; round < 10; round += 1) {
    const [codes] = await Promise.all([Promise.all([readCode(), readCode(), readCode()]), server.terminateBackends()]);
    expect(codes).toEqual([ann, ann, ann]);
    expect(outcomeOf(await gateway.send(nextOrder()))).toBe('DONE');
  }
  expect(gateway.retries.slice(before).every((reason) => ['terminated', 'connection_lost'].includes(reason))).toBe(true);
});

it('waits for a server that starts again, and is not ready while it is down', async () => {
  await server.kill();
  expect(await gateway.readiness()).toBe(503);
  expect(await readCode()).toBe('DATABASE_UNAVAILABLE');
  expect(outcomeOf(await gateway.send(nextOrder()))).toBe('DATABASE_UNAVAILABLE');
  const patient = openGateway({ url: viaProxy(), timeoutMs: 60_000 });
  const sending = [patient.send(nextOrder()), patient.execute('{ member(by: { userId: "ann" }) { userId } }')] as const;
  await server.restart();
  expect(outcomeOf(await sending[0])).toBe('DONE');
  expect((await sending[1]).data).toEqual(ann);
  expect(new Set(patient.retries)).toContain('connection_lost');
  await patient.close();
  await until(200, () => gateway.readiness());
});

it('says that it cannot be reached when it is kept out, and not that something unexpected went wrong', async () => {
  const url = new URL(server.url);
  url.password = 'wrong';
  const kept = openGateway({ url: url.href });
  const { errors } = await kept.execute('{ orders { totalCount } }');
  expect(errors?.[0]?.extensions).toEqual({ code: 'DATABASE_UNAVAILABLE', retryable: true, traceId: expect.any(String) });
  expect(await kept.statusOf('{ orders { totalCount } }')).toBe(503);
  expect(JSON.stringify(errors)).not.toMatch(/password|postgres/i);
  expect(kept.retries).toEqual([]);
  await kept.close();
});
