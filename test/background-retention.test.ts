// Retention: what is older than it is kept for is removed and nothing else, by the time of the site, by one instance at a time.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createHeldLeases } from '../src/held-leases.ts';
import { forgetOld } from '../src/retention.ts';
import type { Forgotten, Lease, Store } from '../src/store/store.ts';
import { openWorld, plainProgram, type World } from './support/world.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-24T12:00:00Z');
const iso = (days: number, milliseconds = 0): string => new Date(start + days * day + milliseconds).toISOString();
const days = { idempotency: 90, outbox: 30 };

let world: World;
let errors: object[];
beforeEach(async () => {
  world = await openWorld({}, iso(0));
  errors = [];
});
afterEach(async () => {
  expect(errors).toEqual([]);
  await world.close();
});

type Given = { readonly holder?: string; readonly batchSize?: number; readonly signal?: AbortSignal; readonly store?: Store };

/** Removes what is too old so many days after the start; answers what each transaction removed. */
async function forget(at: number, { holder = 'one', batchSize = 1_000, signal, store = world.server.store }: Given = {}) {
  const removed: Forgotten[] = [];
  const leases = createHeldLeases({ store, holder, forMs: 60_000 });
  const time = { now: async () => start + at };
  const log = { error: (details: object) => void errors.push(details) };
  await forgetOld({ store, time, log, leases, days, batchSize, watch: { forgotten: (rows) => removed.push(rows) } }, signal);
  await leases.endAll();
  return removed;
}

const returned = (key: string) => world.return('o-1', [['p', 1]], { idempotencyKey: key });
const keys = async (): Promise<readonly unknown[]> => (await world.query('select key from answers order by key')).map(({ key }) => key);
const numbers = async (): Promise<readonly unknown[]> =>
  (await world.query('select number from outbox order by member_id, number')).map(({ number }) => number);

it('removes records of commands and events at their age, to the millisecond, and nothing else', async () => {
  await world.order('o-1', [['p', 5, '10']], { status: 'SHIPPED' });
  await returned('old');
  world.setClock(iso(10));
  await returned('young');
  const others = async () => {
    const tables = ['members', 'orders', 'line_items', 'order_events', 'points_entries', 'points_lots', 'programs'];
    return Promise.all(tables.map((table) => world.query(`select * from ${table} order by 1, 2, 3`)));
  };
  const before = await others();
  expect(await numbers()).toEqual([1, 2, 3, 4]);

  expect(await forget(30 * day)).toEqual([{ answers: 0, outbox: 0 }]);
  expect(await forget(30 * day + 1)).toEqual([{ answers: 0, outbox: 3 }]);
  expect(await numbers()).toEqual([4]);
  expect(await forget(90 * day)).toEqual([{ answers: 0, outbox: 1 }]);
  expect(await keys()).toEqual(['old', 'young']);
  expect(await forget(90 * day + 1)).toEqual([{ answers: 1, outbox: 0 }]);
  expect(await keys()).toEqual(['young']);
  expect(await others()).toEqual(before);

  // The numbers go on where they were.
  await returned('new');
  expect(await numbers()).toEqual([5]);
});

it('a command is new again once its record was removed, and is answered alike until then', async () => {
  await world.order('o-1', [['p', 5, '10']], { status: 'SHIPPED' });
  await returned('k');
  expect(await returned('k')).toMatchObject({ replayed: true, pointsRemoved: 10 });
  expect(await world.balances()).toMatchObject({ available: 40 });
  await forget(90 * day + 1);
  expect(await returned('k')).toMatchObject({ replayed: false, pointsRemoved: 10, userErrors: [] });
  expect(await world.balances()).toMatchObject({ available: 30 });
});

it('removes the oldest first, so many at a time, until there are no more', async () => {
  await world.order('o-1', [['p', 10, '10']], { status: 'SHIPPED' });
  for (let number = 1; number <= 6; number += 1) {
    world.setClock(iso(0, number));
    await returned(`k-${number}`);
  }
  const stopping = new AbortController();
  const { store } = world.server;
  const stopped: Store = {
    ...store,
    async forget(...given: Parameters<Store['forget']>) {
      stopping.abort();
      return store.forget(...given);
    },
  };
  // Told to end, it ends after the batch at hand.
  expect(await forget(91 * day, { batchSize: 3, signal: stopping.signal, store: stopped })).toEqual([{ answers: 3, outbox: 3 }]);
  expect(await keys()).toEqual(['k-4', 'k-5', 'k-6']);
  expect(await numbers()).toEqual([4, 5, 6, 7, 8]);
  const rest = [
    { answers: 3, outbox: 3 },
    { answers: 0, outbox: 2 },
  ];
  expect(await forget(91 * day, { batchSize: 3 })).toEqual(rest);
  expect([await keys(), await numbers()]).toEqual([[], []]);
});

it('is left to whoever has it', async () => {
  const { store } = world.server;
  const lease: Lease | null = await store.takeLease('demo', 'retention', 'other', 60_000);
  expect(lease).not.toBeNull();
  expect(await forget(91 * day)).toEqual([]);
  expect(await numbers()).toEqual([1]);
  // Settlement is other work.
  await store.takeLease('demo', 'settlement', 'other', 60_000);
  if (lease) await store.endLease(lease);
  expect(await forget(91 * day)).toEqual([{ answers: 0, outbox: 1 }]);
});

it('stops in the middle when somebody else has taken it over, and removes no more', async () => {
  await world.order('o-1', [['p', 10, '10']], { status: 'SHIPPED' });
  for (let number = 1; number <= 4; number += 1) await returned(`k-${number}`);
  const { store } = world.server;
  const overtaken: Store = {
    ...store,
    async forget(siteId, before, limit, lease) {
      const rows = await store.forget(siteId, before, limit, lease);
      if (lease) await store.endLease(lease);
      await store.takeLease(siteId, 'retention', 'other', 60_000);
      return rows;
    },
  };
  expect(await forget(91 * day, { batchSize: 2, store: overtaken })).toEqual([{ answers: 2, outbox: 2 }]);
  expect(await keys()).toHaveLength(2);
});

it.each(['0', '36501', '1.5', 'ever'])('is not set to %s days', (text) => {
  const expected = 'expected a whole number from 1 to 36500.';
  expect(readConfig({}, { IDEMPOTENCY_DAYS: text, OUTBOX_DAYS: text })).toEqual({
    faults: [`IDEMPOTENCY_DAYS: ${expected}`, `OUTBOX_DAYS: ${expected}`],
  });
  expect(readConfig({ 'outbox-days': '7' }, {})).toMatchObject({ config: { idempotencyDays: 90, outboxDays: 7 } });
});

it('is of one site: the others have their own time', async () => {
  await world.server.setProgram({ ...plainProgram, siteId: 'other' });
  const { store } = world.server;
  const removed: Forgotten[] = [];
  const leases = createHeldLeases({ store, holder: 'one', forMs: 60_000 });
  const log = { error: (details: object) => void errors.push(details) };
  const now = async (siteId: string): Promise<number> => start + (siteId === 'other' ? 1_000 * day : 0);
  await forgetOld({ store, time: { now }, log, leases, days, watch: { forgotten: (rows) => removed.push(rows) } });
  expect(removed).toEqual(Array(2).fill({ answers: 0, outbox: 0 }));
  expect(await numbers()).toEqual([1]);
});
