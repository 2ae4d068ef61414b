// Leases: one holder at a time, a fence that rises with every new one, and nothing done under one that is lost.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Lease, Store } from '../../src/store/store.ts';
import { LeaseLost } from '../../src/store/store-error.ts';
import { postgresDatabase, type TestDatabase, testDatabase } from '../support/engine.ts';
import { withClient } from '../support/postgres/client.ts';
import { openServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

const [minute, moment] = [60_000, 1];
const due = Date.parse('2026-12-24T12:00:00Z');

let database: TestDatabase;
let stores: readonly [Store, Store];
beforeEach(() => {
  database = testDatabase();
  stores = [database.open(), database.open()];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await database.remove();
});

const take = (store: Store, holder: string, forMs = minute, name = 'settlement') => store.takeLease('demo', name, holder, forMs);

/** Takes a lease that must be free. */
async function mustTake(store: Store, holder: string, forMs = minute, name = 'settlement'): Promise<Lease> {
  const lease = await take(store, holder, forMs, name);
  if (!lease) throw new Error('The lease is held.');
  return lease;
}

/** Waits until a lease is free, and takes it: how long that is depends on the machine. */
async function takeOver(store: Store, holder: string): Promise<Lease> {
  for (;;) {
    const lease = await take(store, holder);
    if (lease) return lease;
    await setTimeout(1);
  }
}

describe('a lease', () => {
  it('has one holder of many who ask at once, again and again', async () => {
    for (let fence = 1; fence <= 5; fence += 1) {
      const asked = Array.from({ length: 20 }, (_, index) => take(index % 2 === 0 ? stores[0] : stores[1], `${fence}-${index}`));
      const [lease, ...others] = (await Promise.all(asked)).filter((one) => one !== null);
      expect(others).toEqual([]);
      expect(lease).toMatchObject({ siteId: 'demo', name: 'settlement', fence });
      if (lease) await stores[1].endLease(lease);
    }
  });

  it('is prolonged by its holder under the same fence, and refused to others meanwhile', async () => {
    const [one, other] = stores;
    const lease = await mustTake(one, 'one');
    expect(await take(other, 'other')).toBeNull();
    expect(await take(one, 'one', 2 * minute)).toEqual(lease);
    expect(await take(other, 'other')).toBeNull();
    expect(lease.fence).toBe(1);
  });

  it('is one of a site and of a kind of work', async () => {
    await mustTake(stores[0], 'one');
    await mustTake(stores[1], 'other', minute, 'retention');
    expect(await stores[1].takeLease('elsewhere', 'settlement', 'other', minute)).toMatchObject({ fence: 1 });
  });

  it('lasts as long as it was taken for by the clock of the database, from when it was prolonged', async () => {
    await mustTake(stores[0], 'one', 1_000);
    await mustTake(stores[0], 'one', minute);
    const clock = inject('engine') === 'postgres' ? 'extract(epoch from clock_timestamp()) * 1000' : "unixepoch('subsec') * 1000";
    const [row] = await database.query(`select expires_at - ${clock} as left from leases`);
    expect(Number(row?.['left'])).toBeGreaterThan(1_000);
    expect(Number(row?.['left'])).toBeLessThanOrEqual(minute);
  });

  it('is taken over with a higher fence when it has expired, and then not prolonged by the one before', async () => {
    await mustTake(stores[0], 'one', moment);
    expect(await takeOver(stores[1], 'other')).toMatchObject({ holder: 'other', fence: 2 });
    expect(await take(stores[0], 'one')).toBeNull();
  });

  it('is taken at once when it was given back, and only its holder gives it back', async () => {
    const lease = await mustTake(stores[0], 'one');
    await stores[1].endLease({ ...lease, holder: 'other' });
    await stores[1].endLease({ ...lease, fence: 7 });
    expect(await take(stores[1], 'other')).toBeNull();
    await stores[0].endLease(lease);
    const next = await mustTake(stores[1], 'other');
    expect(next.fence).toBe(2);
    // Late, as by somebody who was cut off meanwhile.
    await stores[0].endLease(lease);
    expect(await take(stores[0], 'one')).toBeNull();
  });
});

/** A member with ten points that are due to be released; answers the member's internal id. */
async function placeDue(): Promise<string> {
  const server = openServer(due - 30 * 86_400_000, database);
  await server.setProgram({ ...plainProgram, hold: { type: 'ORDER_DATE', days: 30 } } as { siteId: string });
  await server.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }');
  await server.execute(
    'mutation { createOrder(input: { orderId: "o", userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: "10" }] }) { replayed } }',
  );
  await server.close();
  const [member] = await database.query('select id from members');
  return String(member?.['id']);
}
const releases = async (): Promise<number> =>
  Number((await database.query("select count(*) as count from points_entries where type = 'RELEASE'"))[0]?.['count']);

describe('work under a lease', () => {
  it('is not done, and nothing is written, under one that somebody else has taken over', async () => {
    const memberId = await placeDue();
    const lost = await mustTake(stores[0], 'one', moment);
    const lease = await takeOver(stores[1], 'other');
    const before = await database.digest();
    const wrong = [lost, { ...lost, fence: lease.fence }, { ...lease, holder: 'one' }, { ...lease, name: 'retention' }];
    for (const one of wrong) {
      await expect(stores[0].settle('demo', memberId, due, one)).rejects.toThrow(LeaseLost);
      await expect(stores[0].forget('demo', { answers: due, outbox: due }, 1_000, one)).rejects.toThrow(LeaseLost);
    }
    expect(await database.digest()).toEqual(before);
    await stores[1].settle('demo', memberId, due, lease);
    expect(await releases()).toBe(1);
  });

  it('is done once whoever does it: without a lease as well', async () => {
    const memberId = await placeDue();
    const lease = await mustTake(stores[0], 'one');
    await Promise.all([
      stores[0].settle('demo', memberId, due, lease),
      stores[1].settle('demo', memberId, due),
      stores[1].settle('demo', memberId, due),
    ]);
    expect(await releases()).toBe(1);
  });
});

describe.runIf(inject('engine') === 'postgres')('on PostgreSQL', () => {
  it('whoever takes a lease over waits for what is under way under it', async () => {
    const server = postgresDatabase();
    await database.remove();
    database = server;
    for (const store of stores) await store.close();
    stores = [database.open(), database.open()];
    const memberId = await placeDue();
    const lease = await mustTake(stores[0], 'one', 100);
    const order: string[] = [];
    const told = async (what: string, done: Promise<unknown>): Promise<void> => {
      await done;
      order.push(what);
    };
    const waiting = async (): Promise<number> =>
      Number(
        (
          await database.query(
            "select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
        )[0]?.['count'],
      );
    await withClient(await server.url(), async (client) => {
      await client.query('begin');
      await client.query('select 1 from members for update');
      const settled = told('settled', stores[0].settle('demo', memberId, due, lease));
      await expect.poll(waiting, { timeout: 60_000 }).toBe(1);
      const taken = told('taken', takeOver(stores[1], randomUUID()));
      await expect.poll(waiting, { timeout: 60_000 }).toBe(2);
      await client.query('commit');
      await Promise.all([settled, taken]);
    });
    expect(order).toEqual(['settled', 'taken']);
    expect(await releases()).toBe(1);
    await expect(stores[0].settle('demo', memberId, due, lease)).rejects.toThrow(LeaseLost);
  });
});
