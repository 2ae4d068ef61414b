// The oracle's holds, lots, expiry, debts and redemptions against worked cases, so that it is right on its own before it judges anything.
import { describe, expect, it } from 'vitest';
import type { ProgramFile } from './support/oracle/program.ts';
import { line, plain, site } from './support/oracle-site.ts';

const held = (type: ProgramFile['hold']['type'], days: number, more: Partial<ProgramFile> = {}): ProgramFile => ({
  ...plain,
  hold: { type, days },
  ...more,
});
const points = (shop: ReturnType<typeof site>) => {
  const { available, held: onHold, debt } = shop.member().points;
  return [available, onHold, debt];
};
const entryTypes = (shop: ReturnType<typeof site>, orderId: string) => shop.order(orderId).pointsEntries.nodes.map((entry) => entry.type);

describe('holds', () => {
  it('releases each shipped quantity on its day, and returns what waits first (case 19)', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 4, '100')]);
    shop.update('A', 'SHIP', ['x', 2]);
    shop.moveTo('2026-06-11T12:00:00Z');
    shop.update('A', 'SHIP', ['x', 1]);
    shop.update('A', 'CANCEL', ['x', 1]);
    expect(points(shop)).toEqual([0, 300, 0]);
    expect(shop.order('A').pointsReleaseAt).toBe('2026-07-01T12:03:00.000Z');
    shop.moveTo('2026-07-01T12:02:59.999Z');
    expect(points(shop)).toEqual([0, 300, 0]);
    shop.moveTo('2026-07-01T12:03:00Z');
    expect(points(shop)).toEqual([200, 100, 0]);
    expect(shop.update('A', 'RETURN', ['x', 1]).payload).toMatchObject({ pointsRemoved: 100 });
    expect(points(shop)).toEqual([200, 0, 0]);
    expect(shop.order('A')).toMatchObject({ pointsHeld: 0, pointsReleaseAt: null, version: 5 });
    const events = ['CREATED', 'SHIPPED', 'SHIPPED', 'CANCELLED', 'POINTS_RELEASED', 'RETURNED'];
    expect(shop.order('A').events.nodes.map((event) => event.type)).toEqual(events);
  });

  it('cancels what is open of an order of which one line is shipped (case 6)', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 1, '10'), line('y', 2, '10'), line('z', 3, '10')]);
    shop.update('A', 'SHIP', ['x', 1]);
    expect(shop.update('A', 'CANCEL').payload).toMatchObject({ pointsRemoved: 50 });
    expect(shop.order('A')).toMatchObject({ status: 'SHIPPED', pointsHeld: 10 });
  });

  it('releases under ORDER_DATE after its days, or when the last goods go out', () => {
    const shop = site(held('ORDER_DATE', 10));
    shop.create('A', [line('x', 1, '100')]);
    shop.create('B', [line('x', 2, '10')]);
    shop.update('B', 'SHIP', ['x', 1]);
    expect(points(shop)).toEqual([0, 120, 0]);
    shop.update('B', 'SHIP', ['x', 1]);
    expect(points(shop)).toEqual([20, 100, 0]);
    expect(entryTypes(shop, 'B')).toEqual(['EARN', 'RELEASE']);
    expect(shop.order('B').events.nodes.map((event) => event.type)).toEqual(['CREATED', 'SHIPPED', 'SHIPPED', 'POINTS_RELEASED']);
    shop.moveTo('2026-06-11T12:02:00Z');
    expect(points(shop)).toEqual([120, 0, 0]);
    shop.create('C', [line('x', 1, '7')], { orderDate: '2026-05-01T00:00:00Z' });
    expect(points(shop)).toEqual([127, 0, 0]);
    expect(entryTypes(shop, 'C')).toEqual(['EARN']);
    expect(shop.member().lots.nodes.map((lot) => lot.availableAt)).toEqual([
      '2026-06-01T12:05:00.000Z',
      '2026-06-11T12:02:00.000Z',
      '2026-05-11T00:00:00.000Z',
    ]);
  });

  it('releases under ALL_LINES_SHIP_DATE once nothing is open, at the later of the close and the due day', () => {
    const shop = site(held('ALL_LINES_SHIP_DATE', 5));
    shop.create('A', [line('x', 1, '100'), line('y', 1, '10')]);
    shop.update('A', 'SHIP', ['x', 1]);
    shop.moveTo('2026-06-20T12:00:00Z');
    expect(points(shop)).toEqual([0, 110, 0]);
    expect(shop.order('A').pointsReleaseAt).toBeNull();
    shop.update('A', 'CANCEL');
    expect(points(shop)).toEqual([100, 0, 0]);
    const entries = shop.order('A').pointsEntries.nodes.slice(2);
    expect(entries).toMatchObject([
      { type: 'CANCEL', points: -10, held: -10, available: 0 },
      { type: 'RELEASE', points: 100, held: -100, available: 100, occurredAt: '2026-06-20T12:01:00.000Z' },
    ]);
  });

  it('keeps added goods out of the hold when it is disregarded, and holds them again never', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 1, '100')]);
    shop.add('A', [line('x', 2, '100')], { disregardHoldPeriod: true });
    expect(points(shop)).toEqual([200, 100, 0]);
    shop.update('A', 'SHIP', ['x', 3]);
    expect(points(shop)).toEqual([200, 100, 0]);
    shop.update('A', 'RETURN', ['x', 1]);
    expect(points(shop)).toEqual([200, 0, 0]);
  });

  it('counts calendar days in the time zone, also on the day on which the clock changes', () => {
    const shop = site(held('ORDER_DATE', 1), Date.parse('2027-03-13T10:31:00Z'));
    // The local time 02:30 does not exist on the next day: it moves forward to 03:30, which is 10:30 in UTC.
    shop.create('B', [line('x', 1, '1')], { orderDate: '2027-03-13T02:30:00-08:00' });
    expect(shop.order('B').pointsReleaseAt).toBe('2027-03-14T10:30:00.000Z');
  });
});

describe('expiry', () => {
  it('expires what is left, spends the next to expire first, and counts cumulatively', () => {
    const shop = site({ ...plain, expiryDays: 20 });
    shop.create('A', [line('x', 3, '100')]);
    shop.moveTo('2026-06-15T12:00:00Z');
    shop.create('B', [line('x', 1, '100')]);
    shop.update('A', 'RETURN', ['x', 1]);
    expect(shop.member().points).toMatchObject({
      available: 300,
      expiring: [
        { withinDays: 7, points: 200, nextExpiryAt: '2026-06-21T12:02:00.000Z' },
        { withinDays: 30, points: 300 },
      ],
    });
    shop.moveTo('2026-06-21T12:02:00Z');
    expect(shop.member().points).toMatchObject({ available: 100, expired: 200, lifetime: 400 });
    expect(shop.order('A').pointsEntries.nodes.at(-1)).toMatchObject({ type: 'EXPIRE', actionId: 106, points: -200, line: null });
    // What expired is counted once and charged to nobody.
    shop.update('A', 'RETURN', ['x', 1]);
    expect(shop.order('A').pointsEntries.nodes.at(-1)).toMatchObject({ points: -100, available: 0, debt: 0, uncollected: 100 });
    shop.update('A', 'RETURN', ['x', 1]);
    expect(points(shop)).toEqual([100, 0, 0]);
  });

  it('counts what expired once, and charges the rest of what is taken back', () => {
    const shop = site({ ...plain, expiryDays: 20, rules: [{ productId: 'gift', type: 'EXCLUDED' }] });
    shop.create('A', [line('x', 3, '100')]);
    shop.create('B', [line('gift', 1, '100')], { redeemPoints: 200 });
    shop.moveTo('2026-07-01T00:00:00Z');
    expect(shop.member().points).toMatchObject({ available: 0, expired: 100 });
    shop.update('A', 'RETURN', ['x', 1]);
    expect(points(shop)).toEqual([0, 0, 0]);
    shop.update('A', 'RETURN', ['x', 1]);
    expect(points(shop)).toEqual([0, 0, 100]);
  });

  it('is that of the version in force when the points became available', () => {
    const program = held('LINE_SHIP_DATE', 10, { expiryDays: 30 });
    const shop = site(program);
    shop.create('A', [line('x', 1, '100')]);
    shop.update('A', 'SHIP');
    shop.setProgram({ ...program, expiryDays: 5 }, '2026-06-15T00:00:00Z');
    shop.moveTo('2026-06-20T00:00:00Z');
    expect(shop.member().lots.nodes[0]?.expiresAt).toBe('2026-07-11T12:03:00.000Z');
  });

  it('earns and expires a lot that is too old, after it repaid debt', () => {
    const shop = site({ ...plain, expiryDays: 20 });
    shop.create('A', [line('x', 1, '30')]);
    shop.create('B', [line('x', 1, '1')], { redeemPoints: 30 });
    shop.update('A', 'RETURN');
    expect(points(shop)).toEqual([0, 0, 29]);
    shop.create('C', [line('x', 1, '100')], { orderDate: '2026-01-01T00:00:00Z' });
    expect(shop.order('C').pointsEntries.nodes).toMatchObject([
      { type: 'EARN', points: 100, available: 71, debt: -29, expiresAt: '2026-01-21T00:00:00.000Z' },
      { type: 'EXPIRE', points: -71, available: -71, occurredAt: '2026-01-21T00:00:00.000Z' },
    ]);
    expect(shop.member().points).toMatchObject({ available: 0, debt: 0, expired: 71, lifetime: 131 });
  });

  it.each([
    { expiryDays: 365, expiresAt: '2029-02-28T12:02:00.000Z' },
    { expiryDays: 366, expiresAt: '2029-03-01T12:02:00.000Z' },
  ])('expires $expiryDays days after a leap day at $expiresAt', ({ expiryDays, expiresAt }) => {
    const shop = site({ ...plain, expiryDays }, Date.parse('2028-02-29T12:00:00Z'));
    shop.create('A', [line('x', 1, '1')]);
    expect(shop.member().lots.nodes[0]?.expiresAt).toBe(expiresAt);
  });
});

describe('taking back', () => {
  /** Earned 200 with A, all of it spent on an order that earns nothing. */
  function spent(program: Partial<ProgramFile>) {
    const shop = site({ ...plain, rules: [{ productId: 'gift', type: 'EXCLUDED' }], ...program });
    shop.create('A', [line('x', 2, '100')]);
    shop.create('B', [line('gift', 1, '100')], { redeemPoints: 200 });
    expect(points(shop)).toEqual([0, 0, 0]);
    return shop;
  }

  it('records debt and repays it first under ALLOW (case 10)', () => {
    const shop = spent({ debtPolicy: 'ALLOW' });
    shop.update('A', 'RETURN');
    expect(points(shop)).toEqual([0, 0, 200]);
    shop.create('C', [line('x', 3, '100')]);
    expect(points(shop)).toEqual([100, 0, 0]);
    expect(shop.order('C').pointsEntries.nodes[0]).toMatchObject({ points: 300, available: 100, debt: -200, availableAfter: 100 });
  });

  it('lets the rest go under CLAMP', () => {
    const shop = spent({ debtPolicy: 'CLAMP' });
    expect(shop.update('A', 'RETURN').payload).toMatchObject({ pointsRemoved: 200 });
    expect(shop.order('A').pointsEntries.nodes.at(-1)).toMatchObject({ points: -200, available: 0, debt: 0, uncollected: 200 });
    expect(points(shop)).toEqual([0, 0, 0]);
  });

  it('refuses the return under REFUSE', () => {
    const shop = spent({ debtPolicy: 'REFUSE' });
    const before = shop.order('A');
    expect(shop.update('A', 'RETURN')).toMatchObject({ code: 'INSUFFICIENT_POINTS' });
    expect(shop.order('A')).toEqual(before);
    shop.create('C', [line('x', 1, '200')]);
    expect(shop.update('A', 'RETURN').verdict).toBe('accepted');
    expect(points(shop)).toEqual([0, 0, 0]);
  });

  it('takes from the own lot first, also when another one expires earlier', () => {
    const shop = site({ ...plain, expiryDays: 30 });
    shop.create('A', [line('x', 2, '100')]);
    shop.create('B', [line('x', 2, '10')]);
    shop.update('B', 'RETURN', ['x', 1]);
    expect(shop.member().lots.nodes).toMatchObject([{ remaining: 200 }, { remaining: 10 }]);
  });
});

describe('redemption', () => {
  it('refuses more than there is, and more than the order costs (case 17)', () => {
    const shop = site(plain);
    shop.create('A', [line('x', 1, '300')]);
    expect(shop.create('B', [line('x', 1, '100')], { redeemPoints: 301 }).code).toBe('INSUFFICIENT_POINTS');
    expect(shop.create('B', [line('x', 1, '2.99')], { redeemPoints: 300 }).code).toBe('REDEMPTION_EXCEEDS_TOTAL');
    expect(shop.create('B', [line('x', 1, '2.99')], { redeemPoints: 1.5 }).code).toBe('INVALID_INPUT');
    expect(shop.orders()).toEqual(['A']);
    expect(points(shop)).toEqual([300, 0, 0]);
    expect(shop.create('B', [line('x', 1, '3')], { redeemPoints: 300 }).verdict).toBe('accepted');
    expect(shop.member().points).toMatchObject({ available: 3, used: 300, lifetime: 303 });
  });

  it('gives back in proportion, to the lot that was spent last first', () => {
    const shop = site({ ...plain, expiryDays: 30, rules: [{ productId: 'gift', type: 'EXCLUDED' }] });
    shop.create('A', [line('x', 1, '60')]);
    shop.create('B', [line('x', 1, '40')]);
    shop.create('C', [line('gift', 3, '100')], { redeemPoints: 100 });
    shop.update('C', 'RETURN', ['gift', 1]);
    // 100 × 2 ÷ 3 is 66 kept: 34 go back to the lot of B.
    expect(shop.order('C')).toMatchObject({ pointsRedeemed: 100, redeemedPointsReturned: 34 });
    expect(shop.member().lots.nodes).toMatchObject([{ order: { orderId: 'B' }, remaining: 34 }]);
    shop.update('C', 'RETURN', ['gift', 1]);
    expect(shop.member().lots.nodes.map((lot) => lot.remaining)).toEqual([27, 40]);
    // The lots expire before the rest comes back.
    shop.moveTo('2026-08-01T12:00:00Z');
    shop.update('C', 'RETURN', ['gift', 1]);
    expect(shop.order('C')).toMatchObject({ redeemedPointsReturned: 100 });
    expect(shop.member().points).toMatchObject({ available: 0, used: 0, expired: 100, lifetime: 100 });
    expect(entryTypes(shop, 'A')).toEqual(['EARN', 'EXPIRE', 'EXPIRE']);
  });

  it('previews what the order would give', () => {
    const shop = site(held('ORDER_DATE', 10));
    shop.create('A', [line('x', 1, '100')], { status: 'SHIPPED' });
    const input = { userId: 'ann', lineItems: [line('x', 1, '50')], redeemPoints: 40 };
    expect(shop.send({ kind: 'cartPoints', input }).payload).toMatchObject({
      cart: {
        points: 50,
        redeemPoints: 40,
        availableAfterOrder: 60,
        heldAfterOrder: 50,
        availableAt: '2026-06-11T12:03:00.000Z',
        maximumRedeemable: 100,
        valueAfterOrder: { amount: '0.60' },
      },
    });
    expect(points(shop)).toEqual([100, 0, 0]);
  });
});
