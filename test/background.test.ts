// Work in the background on several instances that share a database: each thing is done once, by one of them at a time, whoever dies.
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createBackground } from '../src/background.ts';
import { createHeldLeases } from '../src/held-leases.ts';
import { sweep } from '../src/settlement.ts';
import type { Lease, Store } from '../src/store/store.ts';
import { type TestDatabase, testDatabase } from './support/engine.ts';
import { openServer } from './support/server.ts';
import { plainProgram } from './support/world.ts';

const due = Date.parse('2026-12-24T12:00:00Z');
const placed = due - 30 * 86_400_000;
const members = 24;
const never = new Promise<void>(() => undefined);

let database: TestDatabase;
let opened: Store[];
let errors: object[];
beforeEach(() => {
  database = testDatabase();
  opened = [];
  errors = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  await database.remove();
});

function open(): Store {
  const store = database.open();
  opened.push(store);
  return store;
}

/** Members of whom each has an order whose points are due to be released. */
async function placeDue(): Promise<void> {
  const server = openServer(placed, database);
  await server.setProgram({ ...plainProgram, hold: { type: 'ORDER_DATE', days: 30 } } as { siteId: string });
  const send = async (field: string, type: string, input: object): Promise<void> => {
    const answer = await server.execute(`mutation Send($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`, { input });
    expect(answer).toEqual({ data: { [field]: { userErrors: [] } } });
  };
  const userIds = Array.from({ length: members }, (_, index) => `user-${index}`);
  for (const userId of userIds) await send('enrollMember', 'EnrollMemberInput', { userId });
  const orders = userIds.map((userId) => ({ orderId: userId, userId, lineItems: [{ productId: 'p', quantity: 1, unitPrice: '10' }] }));
  await send('bulkCreateOrders', 'BulkCreateOrdersInput', { orders });
  await server.close();
}

/** How many releases each member has that has any, as in { 1: 24 } for 24 members with one. */
async function releases(): Promise<Readonly<Record<string, number>>> {
  const rows = await database.query("select count(*) as count from points_entries where type = 'RELEASE' group by member_id");
  const tally: Record<string, number> = {};
  for (const { count } of rows) tally[String(count)] = (tally[String(count)] ?? 0) + 1;
  return tally;
}
const allOnce = { 1: members };
const fenceOf = async (): Promise<number> => Number((await database.query('select fence from leases'))[0]?.['fence']);

type Kept = { readonly lease: Lease; readonly failed: boolean };

/** An instance's part of the work. Each settlement goes through `settle`, if that is given, and what came of it is kept. */
function instance(holder: string, leaseMs: number, settle: (settle: () => Promise<void>) => Promise<void> = (one) => one()) {
  const store = open();
  const kept: Kept[] = [];
  const watched: Store = {
    ...store,
    async settle(siteId, memberId, at, lease) {
      if (!lease) throw new Error('Work in the background is done under a lease.');
      try {
        await settle(() => store.settle(siteId, memberId, at, lease));
        kept.push({ lease, failed: false });
      } catch (error) {
        kept.push({ lease, failed: true });
        throw error;
      }
    },
  };
  const parts = {
    store: watched,
    time: { now: async () => due },
    log: { error: (details: object) => void errors.push(details) },
    holder,
    leaseMs,
    settleEveryMs: 1,
    days: { idempotency: 90, outbox: 30 },
    firstForgetMs: 3_600_000,
  };
  return { kept, store, background: createBackground(parts), leases: createHeldLeases({ store, holder, forMs: leaseMs }) };
}

/** Under each fence only one holder did anything. */
function expectOneHolderOfEach(kept: readonly Kept[]): void {
  const holders = new Map<number, Set<string>>();
  for (const { lease } of kept) holders.set(lease.fence, (holders.get(lease.fence) ?? new Set()).add(lease.holder));
  for (const [fence, names] of holders) expect([...names], `fence ${fence}`).toHaveLength(1);
}

const allSettled = () => expect.poll(releases, { timeout: 60_000 }).toEqual(allOnce);

describe('several instances', () => {
  it('settle each member once, one of them at a time', async () => {
    await placeDue();
    const instances = ['one', 'two', 'three'].map((holder) => instance(holder, 60_000));
    for (const { background } of instances) background.start();
    await allSettled();
    await Promise.all(instances.map(({ background }) => background.stop()));
    const kept = instances.flatMap((one) => one.kept);
    expect(kept).toHaveLength(members);
    expect(new Set(kept.map(({ lease }) => lease.holder)).size).toBe(1);
    expect(errors).toEqual([]);
  });

  it('settle each member once when leases expire all the time', async () => {
    await placeDue();
    const instances = ['one', 'two', 'three'].map((holder) => instance(holder, 1));
    for (const { background } of instances) background.start();
    await allSettled();
    await Promise.all(instances.map(({ background }) => background.stop()));
    const kept = instances.flatMap((one) => one.kept);
    // Who has lost a lease did nothing with it; who had one may have found somebody settled already.
    expectOneHolderOfEach(kept.filter(({ failed }) => !failed));
    expect(await releases()).toEqual(allOnce);
    expect(errors).toEqual([]);
  });

  it('take no lease when nothing is due', async () => {
    const { store, leases } = instance('one', 60_000);
    await placeDue();
    const log = { error: (details: object) => void errors.push(details) };
    await sweep({ store, leases, log, time: { now: async () => due - 1 } });
    expect(await database.query('select * from leases')).toEqual([]);
    await sweep({ store, leases, log, time: { now: async () => due } });
    expect(await database.query('select holder from leases')).toEqual([{ holder: 'one' }]);
    expect(await releases()).toEqual(allOnce);
    expect(errors).toEqual([]);
  });
});

describe('an instance that ends', () => {
  it('gives its work back, so that another one has it at once', async () => {
    await placeDue();
    let begun = (): void => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    // An hour: whoever has to wait for its end does not live to see it.
    const one = instance('one', 3_600_000, async (settle) => {
      await settle();
      begun();
    });
    const two = instance('two', 3_600_000);
    one.background.start();
    await beginning;
    expect(one.background.held('settlement')).toBe(1);
    await one.background.stop();
    expect(one.background.held('settlement')).toBe(0);
    expect(one.kept.length).toBeLessThan(members);
    two.background.start();
    await allSettled();
    await two.background.stop();
    expect(one.kept.length + two.kept.length).toBe(members);
    expect(new Set(two.kept.map(({ lease }) => lease.fence))).toEqual(new Set([2]));
    expect(errors).toEqual([]);
  });

  it('in the middle without a word is replaced, and is too late when it comes back', async () => {
    await placeDue();
    let comeBack = (): void => undefined;
    const back = new Promise<void>((resolve) => {
      comeBack = resolve;
    });
    let begun = 0;
    const dead = instance('dead', 200, async (settle) => {
      begun += 1;
      if (begun > 10) await back;
      await settle();
    });
    dead.background.start();
    await expect.poll(() => begun, { timeout: 60_000 }).toBe(11);
    const heir = instance('heir', 60_000);
    heir.background.start();
    await allSettled();
    expect(heir.kept).toHaveLength(members - 10);
    const [inherited] = heir.kept;
    expect(inherited?.lease.fence).toBeGreaterThan(dead.kept[0]?.lease.fence ?? 0);
    expect(await fenceOf()).toBe(inherited?.lease.fence);

    const before = await database.digest();
    comeBack();
    await expect.poll(() => dead.kept.length, { timeout: 60_000 }).toBe(11);
    expect(dead.kept.at(-1)).toMatchObject({ failed: true, lease: { holder: 'dead' } });
    await dead.background.stop();
    expect(await database.digest()).toEqual(before);
    // It was overtaken, which is no error.
    expect(errors).toEqual([]);
    expectOneHolderOfEach([...dead.kept, ...heir.kept]);
    await heir.background.stop();
  });

  it('does not wait without end for a database that does not answer', async () => {
    await placeDue();
    let asked = false;
    const one = instance('one', 60_000, async () => {
      asked = true;
      await never;
    });
    one.background.start();
    await expect.poll(() => asked, { timeout: 60_000 }).toBe(true);
    await one.background.stop();
    expect(await releases()).toEqual({});
  });
});

describe.runIf(inject('engine') === 'postgres')('on PostgreSQL', () => {
  it('settles each member once while connections are killed', async () => {
    await placeDue();
    const kill = (): Promise<unknown> =>
      database.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    const slowly = async (settle: () => Promise<void>): Promise<void> => {
      await settle();
      await setTimeout(2);
    };
    const instances = ['one', 'two'].map((holder) => instance(holder, 300, slowly));
    for (const { background } of instances) background.start();
    for (let kills = 0; kills < 10; kills += 1) {
      await kill();
      await setTimeout(20);
    }
    await allSettled();
    await Promise.all(instances.map(({ background }) => background.stop()));
    expect(await releases()).toEqual(allOnce);
    expectOneHolderOfEach(instances.flatMap(({ kept }) => kept).filter(({ failed }) => !failed));
  });
});
