// Writes that arrive at once, through one server and through two on the same file: each has its effect exactly once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Command } from './support/oracle/command.ts';
import { type Payload, send } from './support/send.ts';
import { openServer, type TestServer } from './support/server.ts';

const times = 50;
const program = { siteId: 'demo', name: 'Plain points', currencyCode: 'USD', timeZone: 'America/New_York', purchase: { baseRatio: '1' } };
const createOrder = (quantity = 3): Command => ({
  kind: 'createOrder',
  input: { orderId: 'o-1', userId: 'm-1', lineItems: [{ productId: 'p1', quantity, unitPrice: '100' }] },
});
const returnOf = (quantity: number, idempotencyKey: string): Command => ({
  kind: 'updateOrder',
  input: { orderId: 'o-1', action: 'RETURN', lineItems: [{ lineItem: { productId: 'p1' }, quantity }], idempotencyKey },
});

const outcomeOf = ({ replayed, userErrors: [error] }: Payload): string => error?.code ?? (replayed ? 'REPLAYED' : 'DONE');

/** How often each outcome was met. */
function tally(payloads: readonly Payload[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const payload of payloads) counts[outcomeOf(payload)] = (counts[outcomeOf(payload)] ?? 0) + 1;
  return counts;
}

describe.each([1, 2])('commands at once through servers on one file: %i', (count) => {
  let folder = '';
  let file = '';
  let servers: readonly TestServer[] = [];

  /** Sends all before the first is answered, to the servers in turn. */
  const sendAll = (commands: readonly Command[]): Promise<readonly Payload[]> =>
    Promise.all(
      commands.map((command, index) => {
        const server = servers[index % servers.length];
        if (!server) throw new Error('No server was opened.');
        return send(server.execute, command);
      }),
    );
  const repeat = (command: (index: number) => Command): Promise<readonly Payload[]> =>
    sendAll(Array.from({ length: times }, (_, index) => command(index)));
  const balance = async (): Promise<unknown> => {
    const [first] = servers;
    const { data } = (await first?.execute('{ member(by: { userId: "m-1" }) { points { available } orders { totalCount } } }')) ?? {};
    return data;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concurrency-'));
    file = join(folder, 'orders.db');
    servers = Array.from({ length: count }, () => openServer(undefined, file));
    await servers[0]?.setProgram(program);
    await sendAll([{ kind: 'enrollMember', input: { userId: 'm-1' } }]);
  });

  afterEach(async () => {
    for (const server of servers) await server.close();
    expect(await diagnose(file)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes one order of identical ones and answers the others with it', async () => {
    const payloads = await repeat(() => createOrder());
    expect(tally(payloads)).toEqual({ DONE: 1, REPLAYED: times - 1 });
    expect(payloads.map(({ order }) => order?.pointsAwarded)).toEqual(Array(times).fill(300));
    expect(await balance()).toEqual({ member: { points: { available: 300 }, orders: { totalCount: 1 } } });
  });

  it('makes one order of conflicting ones and refuses the others', async () => {
    const payloads = await repeat((index) => createOrder(index + 1));
    expect(tally(payloads)).toEqual({ DONE: 1, ORDER_ID_CONFLICT: times - 1 });
    const winner = payloads.findIndex((payload) => outcomeOf(payload) === 'DONE');
    expect(await balance()).toEqual({ member: { points: { available: (winner + 1) * 100 }, orders: { totalCount: 1 } } });
  });

  it('lets one of two returns of 2 on a line of 3 through (case 16)', async () => {
    await sendAll([createOrder()]);
    const payloads = await sendAll([returnOf(2, 'k-1'), returnOf(2, 'k-2')]);
    expect(tally(payloads)).toEqual({ DONE: 1, QUANTITY_EXCEEDED: 1 });
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual([expect.objectContaining({ maximum: 1 })]);
    expect(await balance()).toEqual({ member: { points: { available: 100 }, orders: { totalCount: 1 } } });
  });

  it('gives one key one effect', async () => {
    await sendAll([createOrder()]);
    const payloads = await repeat(() => returnOf(1, 'k-1'));
    expect(tally(payloads)).toEqual({ DONE: 1, REPLAYED: times - 1 });
    expect(await balance()).toEqual({ member: { points: { available: 200 }, orders: { totalCount: 1 } } });
  });

  it('keeps every sum when different orders of one member are written at once', async () => {
    const payloads = await repeat((index) => ({
      kind: 'createOrder',
      input: { orderId: `o-${index}`, userId: 'm-1', lineItems: [{ productId: 'p1', quantity: 1, unitPrice: '10' }] },
    }));
    expect(tally(payloads)).toEqual({ DONE: times });
    expect(await balance()).toEqual({ member: { points: { available: times * 10 }, orders: { totalCount: times } } });
  });
});
