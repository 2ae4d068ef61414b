// The release of held points: at its instant, once, whatever comes first: a sweep, a command or a restart.
import { afterEach, describe, expect, test } from 'vitest';
import { day, sweep } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const hold = { hold: { type: 'LINE_SHIP_DATE', days: 30 } };
/** 4 × 100, shipped on day 0 and due on day 30. */
async function openHeld(program: Record<string, unknown> = {}): Promise<void> {
  world = await openWorld({ ...hold, ...program }, day(0));
  await world.order('o1', [['p', 4, 100]]);
  await world.ship('o1', 'all');
}
const listHeld = async (): Promise<unknown> =>
  (await world.server.execute('{ orders(filter: { hasHeldPoints: true }) { nodes { orderId } } }')).data;

describe('the instant of release', () => {
  test.each([
    ['a millisecond before', -1, 0, 400],
    ['exactly', 0, 400, 0],
  ])('%s', async (_, milliseconds, available, held) => {
    await openHeld();
    world.setClock(day(30, milliseconds));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available, held });
  });

  test.each([
    ['spring: a day of 23 hours lies between', '2027-03-04T20:00:00.000Z', '2027-03-14T19:00:00.000Z'],
    ['spring: a local time that does not exist moves forward', '2027-03-04T10:30:00.000Z', '2027-03-14T10:30:00.000Z'],
    ['autumn: a day of 25 hours lies between', '2026-10-22T19:00:00.000Z', '2026-11-01T20:00:00.000Z'],
    ['autumn: of a local time that comes twice, the first', '2026-10-22T08:30:00.000Z', '2026-11-01T08:30:00.000Z'],
  ])('%s', async (_, shippedAt, releaseAt) => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 10 } }, shippedAt);
    const { order } = await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' });
    expect(order?.pointsReleaseAt).toBe(releaseAt);
    const before = new Date(Date.parse(releaseAt) - 1).toISOString();
    for (const [at, available] of [
      [before, 0],
      [releaseAt, 100],
    ] as const) {
      world.setClock(at);
      await world.settle();
      expect((await world.balances()).available, at).toBe(available);
    }
  });

  test('days of a hold can be 0: released at the shipment itself', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 0 } }, day(0));
    await world.order('o1', [['p', 1, 100]]);
    await world.ship('o1', 'all');
    expect(await world.balances()).toMatchObject({ available: 100, held: 0 });
  });
});

describe('what is written', () => {
  test('the entries and the event of a release that the sweep found three days late', async () => {
    await openHeld({ expiryDays: 90 });
    world.setClock(day(33));
    await world.settle();
    const common = { actionId: null, debt: 0, uncollected: 0, order: { orderId: 'o1' }, debtAfter: 0 };
    expect(await world.entries()).toEqual([
      expect.objectContaining({ ...common, type: 'EARN', actionId: 109, points: 400, available: 0, held: 400, occurredAt: day(0) }),
      {
        ...common,
        type: 'RELEASE',
        points: 400,
        available: 400,
        held: -400,
        availableAfter: 400,
        heldAfter: 0,
        expiresAt: day(120),
        occurredAt: day(30),
        recordedAt: day(33),
      },
    ]);
    expect(await world.lots()).toEqual([{ order: { orderId: 'o1' }, remaining: 400, availableAt: day(30), expiresAt: day(120) }]);
    const order = await world.readOrder('o1');
    expect(order?.events.nodes.map(({ type }) => type)).toEqual(['CREATED', 'SHIPPED', 'POINTS_RELEASED']);
    expect(order).toMatchObject({ version: 2, pointsAwarded: 400, pointsRemoved: 0, pointsHeld: 0 });
  });

  test('held points are not counted as lifetime before they are released', async () => {
    await openHeld();
    expect(await world.balances()).toMatchObject({ lifetime: 0 });
    world.setClock(day(30));
    await world.settle();
    expect(await world.balances()).toMatchObject({ lifetime: 400 });
  });

  test('two that are due make two releases and two lots, also in one sweep', async () => {
    world = await openWorld({ ...hold, expiryDays: 90 }, day(0));
    await world.order('o1', [['p', 3, 100]]);
    await world.ship('o1', [['p', 1]]);
    await world.ship('o1', [['p', 2]], { occurredAt: day(0, 1) });
    world.setClock(day(50));
    await world.settle();
    const released = (await world.entries()).filter(({ type }) => type === 'RELEASE');
    expect(released.map(({ points, occurredAt }) => [points, occurredAt])).toEqual([
      [100, day(30)],
      [200, day(30, 1)],
    ]);
    expect((await world.lots()).map(({ remaining, availableAt }) => [remaining, availableAt])).toEqual([
      [100, day(30)],
      [200, day(30, 1)],
    ]);
  });

  test('the filter on held points finds the order until then', async () => {
    await openHeld();
    expect(await listHeld()).toEqual({ orders: { nodes: [{ orderId: 'o1' }] } });
    world.setClock(day(30));
    await world.settle();
    expect(await listHeld()).toEqual({ orders: { nodes: [] } });
  });
});

describe('release and return at the same instant', () => {
  const types = async () => (await world.entries()).map(({ type, available, held }) => [type, available, held]);

  test('a millisecond before, the return takes from the held points', async () => {
    await openHeld();
    world.setClock(day(30, -1));
    await world.return('o1', [['p', 1]]);
    world.setClock(day(30));
    await world.settle();
    expect(await types()).toEqual([
      ['EARN', 0, 400],
      ['RETURN', 0, -100],
      ['RELEASE', 300, -300],
    ]);
  });

  test('at the instant, the release comes first', async () => {
    await openHeld();
    world.setClock(day(30));
    const { member } = await world.return('o1', [['p', 1]]);
    expect(member?.points).toMatchObject({ available: 300, held: 0 });
    expect(await types()).toEqual([
      ['EARN', 0, 400],
      ['RELEASE', 400, -400],
      ['RETURN', -100, 0],
    ]);
  });
});

describe('exactly once', () => {
  const acts = {
    sweep,
    restart: (w: World) => w.restart(),
    command: (w: World) => w.order('other', [['p', 1, 1]], { status: 'OPEN' }),
    together: (w: World) => Promise.all([w.settle(), w.return('o1', [['p', 1]]), w.settle(), w.add('o1', [['p', 1, 100]])]),
  };

  test.each<readonly (keyof typeof acts)[]>([
    ['sweep', 'sweep'],
    ['command', 'sweep'],
    ['sweep', 'command'],
    ['restart', 'sweep', 'restart', 'command'],
    ['restart', 'command', 'restart', 'sweep'],
    ['together', 'sweep'],
  ])('%s, %s', async (...order) => {
    await openHeld();
    world.setClock(day(30));
    for (const act of order) await acts[act](world);
    const released = (await world.entries()).filter(({ type }) => type === 'RELEASE');
    expect(released.map(({ points }) => points)).toEqual([400]);
    const events = (await world.readOrder('o1'))?.events.nodes.map(({ type }) => type);
    expect(events?.filter((type) => type === 'POINTS_RELEASED')).toHaveLength(1);
    expect(await world.balances()).toMatchObject({ lifetime: 400 });
  });
});

describe('a settlement that was due', () => {
  test.each([
    ['a return of too many', () => world.return('o1', [['p', 5]]), 'QUANTITY_EXCEEDED'],
    ['a redemption of too much', () => world.order('o2', [['p', 9, 100]], { redeemPoints: 401 }), 'INSUFFICIENT_POINTS'],
  ])('stays when the command is refused: %s', async (_, act, code) => {
    await openHeld();
    world.setClock(day(30));
    expect((await act()).userErrors).toMatchObject([{ code }]);
    expect(await world.balances()).toMatchObject({ available: 400, held: 0 });
  });

  test('stays when a bulk call is refused as a whole', async () => {
    await openHeld();
    world.setClock(day(30));
    const row = (orderId: string, userId: string) => ({ orderId, userId, lineItems: [{ productId: 'p', quantity: 1, unitPrice: 10 }] });
    const { rows } = await world.bulkCreate([row('o2', 'ann'), row('o3', 'nobody')], 'REJECT_ALL');
    expect(rows.map(({ status }) => status)).toEqual(['SKIPPED', 'FAILED']);
    expect(await world.balances()).toMatchObject({ available: 400, held: 0 });
    expect(await world.readOrder('o2')).toBeNull();
  });

  test('shows in a dry run and is not written by it', async () => {
    await openHeld();
    world.setClock(day(30));
    const before = await world.stored();
    const input = { orderId: 'o2', userId: 'ann', lineItems: [{ productId: 'p', quantity: 1, unitPrice: 10 }], redeemPoints: 400 };
    const { userErrors, member } = await world.send('createOrder', input, true);
    expect(userErrors).toMatchObject([]);
    expect(member?.points).toMatchObject({ available: 0, held: 10 });
    expect(await world.stored()).toEqual(before);
  });
});
