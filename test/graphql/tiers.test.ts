// The tier that an order earns at: by spend in the program's period, at the exact ends of each period.
import { afterEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const tiers = (period: string, minimumSpend = '100') => ({
  tiers: {
    period,
    levels: [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend, ratio: '2' },
    ],
  },
});

/** The tier of an order at `at` after 100 were spent at `spentAt`; the server's clock stands in 2026. */
async function tierAt(period: string, spentAt: string, at: string): Promise<string | null | undefined> {
  world = await openWorld(tiers(period));
  await world.order('spent', [['p', 1, 100]], { orderDate: spentAt });
  const { order } = await world.order('probe', [['p', 1, 1]], { orderDate: at });
  return order?.lineItems.nodes[0]?.earning.tier;
}

describe('LIFETIME', () => {
  test.each([
    ['2026-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', 'Silver', 'an equal instant, recorded earlier'],
    ['2026-05-01T00:00:00.001Z', '2026-05-01T00:00:00.000Z', 'Bronze', 'a later date, recorded earlier'],
    ['1999-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', 'Silver', 'long ago'],
  ])('spent %s, ordered %s: %s (%s)', async (spentAt, at, tier) => {
    expect(await tierAt('LIFETIME', spentAt, at)).toBe(tier);
  });

  test.each([
    ['99.99', 'Bronze'],
    ['100.00', 'Silver'],
  ])('a spend of %s is %s', async (price, tier) => {
    world = await openWorld(tiers('LIFETIME'));
    await world.order('spent', [['p', 1, price]]);
    expect((await world.readMember())?.tier?.name).toBe(tier);
    expect((await world.order('probe', [['p', 1, 1]])).order).toMatchObject({ pointsAwarded: tier === 'Silver' ? 2 : 1 });
  });

  test('spend of 190 in the 1.25 tier, then 40: 50 points, and the next tier', async () => {
    const levels = [
      { name: 'One', minimumSpend: '0', ratio: '1' },
      { name: 'Two', minimumSpend: '76', ratio: '1.25' },
      { name: 'Three', minimumSpend: '200.01', ratio: '1.5' },
    ];
    world = await openWorld({ tiers: { period: 'LIFETIME', levels } });
    await world.order('spent', [['p', 1, 190]]);
    expect((await world.order('o1', [['p', 1, 40]])).order).toMatchObject({ pointsAwarded: 50 });
    expect((await world.readMember())?.tier?.name).toBe('Three');
  });
});

describe('CALENDAR_YEAR begins at midnight in the program’s zone, eight hours behind UTC', () => {
  test.each([
    ['2026-01-01T07:59:59.999Z', '2026-03-01T00:00:00Z', 'Bronze'],
    ['2026-01-01T08:00:00.000Z', '2026-03-01T00:00:00Z', 'Silver'],
    ['2025-06-01T00:00:00.000Z', '2026-01-01T07:59:59.999Z', 'Silver'],
    ['2025-06-01T00:00:00.000Z', '2026-01-01T08:00:00.000Z', 'Bronze'],
  ])('spent %s, ordered %s: %s', async (spentAt, at, tier) => {
    expect(await tierAt('CALENDAR_YEAR', spentAt, at)).toBe(tier);
  });

  test('the member’s tier falls when the year turns, with nothing written', async () => {
    world = await openWorld(tiers('CALENDAR_YEAR'), '2026-12-31T12:00:00Z');
    await world.order('spent', [['p', 1, 100]]);
    world.setClock('2027-01-01T07:59:59.999Z');
    expect((await world.readMember())?.tier).toMatchObject({ name: 'Silver', periodSpend: { amount: '100.00' } });
    world.setClock('2027-01-01T08:00:00.000Z');
    expect((await world.readMember())?.tier).toMatchObject({ name: 'Bronze', periodSpend: { amount: '0.00' } });
  });
});

describe('ROLLING_12_MONTHS is half open: after the same local time a year before', () => {
  test.each([
    ['2025-05-01T12:00:00.000Z', '2026-05-01T12:00:00.000Z', 'Bronze', 'exactly a year'],
    ['2025-05-01T12:00:00.001Z', '2026-05-01T12:00:00.000Z', 'Silver', 'a millisecond less'],
    ['2023-02-28T20:00:00.000Z', '2024-02-29T20:00:00.000Z', 'Bronze', 'a year before 29 February is the 28th'],
    ['2023-02-28T20:00:00.001Z', '2024-02-29T20:00:00.000Z', 'Silver', 'and a millisecond later counts'],
    ['2024-02-29T20:00:00.000Z', '2025-02-28T20:00:00.000Z', 'Silver', '29 February is within the year before the 28th'],
    ['2024-02-29T20:00:00.000Z', '2025-03-01T20:00:00.000Z', 'Bronze', 'and not within that before 1 March'],
    ['2025-11-01T19:00:00.000Z', '2026-11-01T20:00:00.000Z', 'Bronze', 'noon to noon over the end of summer time'],
    ['2025-11-01T19:00:00.001Z', '2026-11-01T20:00:00.000Z', 'Silver', 'and a millisecond less'],
  ])('spent %s, ordered %s: %s (%s)', async (spentAt, at, tier) => {
    expect(await tierAt('ROLLING_12_MONTHS', spentAt, at)).toBe(tier);
  });
});

test('a return lowers the spend at the order’s date, whatever its own date', async () => {
  world = await openWorld(tiers('CALENDAR_YEAR'));
  await world.order('spent', [['p', 2, 50]], { orderDate: '2025-06-01T00:00:00Z' });
  await world.return('spent', [['p', 1]], { occurredAt: '2026-06-01T00:00:00Z' });
  const { order } = await world.order('probe', [['p', 1, 1]], { orderDate: '2025-07-01T00:00:00Z' });
  expect(order?.lineItems.nodes[0]?.earning.tier).toBe('Bronze');
  expect((await world.readMember())?.tier).toMatchObject({ periodSpend: { amount: '0.00' } });
});

test('an addition earns at the tier of its own date, its order’s spend included', async () => {
  world = await openWorld(tiers('LIFETIME'));
  await world.order('o1', [['p', 1, 100]], { orderDate: '2026-05-01T00:00:00Z' });
  expect((await world.add('o1', [['q', 1, 10]])).pointsAwarded).toBe(20);
});

test('a program version holds for orders dated from its start on', async () => {
  world = await openWorld({});
  await world.setProgram({ purchase: { configured: true, baseRatio: '3' } }, '2026-12-01T00:00:00Z');
  world.setClock('2026-12-02T00:00:00Z');
  const points = async (orderId: string, orderDate: string) =>
    (await world.order(orderId, [['p', 1, 10]], { orderDate })).order?.pointsAwarded;
  expect(await points('before', '2026-11-30T23:59:59.999Z')).toBe(10);
  expect(await points('after', '2026-12-01T00:00:00.000Z')).toBe(30);
  expect(await points('ancient', '2001-01-01T00:00:00Z')).toBe(10);
});
