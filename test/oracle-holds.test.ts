// The oracle's holds together with caps, adjustments, corrections and debts, worked out by hand.
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
const entries = (shop: ReturnType<typeof site>, orderId: string) =>
  shop
    .order(orderId)
    .pointsEntries.nodes.map(({ type, points: nominal, available, held: onHold, line: position }) => [
      type,
      nominal,
      available,
      onHold,
      position,
    ]);

describe('a hold and spend adjustments', () => {
  it('makes a credit available at once, and takes it back with a later debit before what is held', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 1, '100')]);
    shop.adjust('A', 'CREDIT', '50');
    expect(points(shop)).toEqual([50, 100, 0]);
    shop.adjust('A', 'DEBIT', '80');
    // Of 70 that the order retains nothing has matured.
    expect(points(shop)).toEqual([0, 70, 0]);
    expect(entries(shop, 'A').slice(1)).toEqual([
      ['SPEND_ADJUSTMENT', 50, 50, 0, null],
      ['SPEND_ADJUSTMENT', -80, -50, -30, null],
    ]);
  });

  it('lets a debit count against what matures last', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 2, '50')]);
    shop.adjust('A', 'DEBIT', '30');
    shop.update('A', 'SHIP', ['x', 1]);
    shop.moveTo('2026-06-05T00:00:00Z');
    shop.update('A', 'SHIP', ['x', 1]);
    shop.moveTo('2026-07-03T00:00:00Z');
    expect(points(shop)).toEqual([50, 20, 0]);
    shop.moveTo('2026-07-06T00:00:00Z');
    expect(points(shop)).toEqual([70, 0, 0]);
    expect(entries(shop, 'A').slice(2)).toEqual([
      ['RELEASE', 50, 50, -50, 0],
      ['RELEASE', 20, 20, -20, null],
    ]);
  });
});

describe('a hold and the cap', () => {
  const capped = held('LINE_SHIP_DATE', 30, { purchase: { ...plain.purchase, maximumPointsPerOrder: '100' } });

  it('passes over a portion that releases nothing', () => {
    const shop = site(capped);
    shop.create('A', [line('x', 1, '100'), line('y', 1, '60')]);
    shop.update('A', 'SHIP', ['x', 1]);
    shop.moveTo('2026-06-05T00:00:00Z');
    shop.update('A', 'SHIP', ['y', 1]);
    expect(shop.order('A').pointsReleaseAt).toBe('2026-07-01T12:03:00.000Z');
    shop.moveTo('2026-07-02T00:00:00Z');
    expect(points(shop)).toEqual([100, 0, 0]);
    expect(shop.order('A').pointsReleaseAt).toBeNull();
    shop.moveTo('2026-07-06T00:00:00Z');
    expect(shop.order('A').events.nodes.filter((event) => event.type === 'POINTS_RELEASED')).toHaveLength(1);
  });

  it('releases what was held when goods are added that do not wait', () => {
    const shop = site(capped);
    shop.create('A', [line('x', 1, '80')]);
    shop.add('A', [line('y', 1, '50')], { disregardHoldPeriod: true });
    expect(points(shop)).toEqual([50, 50, 0]);
    expect(entries(shop, 'A')).toEqual([
      ['EARN', 80, 0, 80, 0],
      ['EARN', 20, 20, 0, null],
      ['RELEASE', 30, 30, -30, null],
    ]);
  });
});

describe('a hold and corrections', () => {
  it('takes fewer shipped goods from what waits, and lets more of them wait since the last shipment', () => {
    const shop = site(held('LINE_SHIP_DATE', 30));
    shop.create('A', [line('x', 4, '10')]);
    shop.update('A', 'SHIP', ['x', 2]);
    shop.moveTo('2026-06-11T12:00:00Z');
    shop.update('A', 'SHIP', ['x', 2]);
    shop.correct('A', 'x', { quantity: 3 });
    expect(points(shop)).toEqual([0, 30, 0]);
    shop.moveTo('2026-07-05T12:00:00Z');
    expect(points(shop)).toEqual([20, 10, 0]);
    shop.correct('A', 'x', { quantity: 5 });
    expect(points(shop)).toEqual([20, 30, 0]);
    shop.moveTo('2026-07-12T12:00:00Z');
    expect(points(shop)).toEqual([50, 0, 0]);
    shop.correct('A', 'x', { quantity: 6 });
    expect(points(shop)).toEqual([60, 0, 0]);
    expect(shop.member().lots.nodes.at(-1)).toMatchObject({ remaining: 10, availableAt: '2026-07-12T12:01:00.000Z' });
  });

  it('closes an order by leaving out what is open', () => {
    const shop = site(held('ORDER_DATE', 30));
    shop.create('A', [line('x', 3, '10')]);
    shop.update('A', 'SHIP', ['x', 2]);
    shop.correct('A', 'x', { quantity: 2 });
    expect(points(shop)).toEqual([20, 0, 0]);
    expect(entries(shop, 'A').slice(1)).toEqual([
      ['CORRECTION', -10, 0, -10, 0],
      ['RELEASE', 20, 20, -20, 0],
    ]);
  });
});

describe('debts', () => {
  it('are repaid by what is released and by what is given back, before anything else', () => {
    const shop = site(held('ORDER_DATE', 5, { rules: [{ productId: 'gift', type: 'EXCLUDED' }] }));
    shop.create('A', [line('x', 1, '100')], { status: 'SHIPPED' });
    shop.create('B', [line('gift', 2, '10')], { redeemPoints: 100 });
    shop.create('C', [line('x', 1, '30')]);
    shop.update('A', 'RETURN');
    expect(points(shop)).toEqual([0, 30, 100]);
    shop.update('B', 'CANCEL', ['gift', 1]);
    expect(points(shop)).toEqual([0, 30, 50]);
    shop.moveTo('2026-06-20T00:00:00Z');
    expect(points(shop)).toEqual([0, 0, 20]);
    expect(shop.order('C').pointsEntries.nodes.at(-1)).toMatchObject({ type: 'RELEASE', points: 30, available: 0, held: -30, debt: -30 });
    shop.update('B', 'CANCEL', ['gift', 1]);
    expect(points(shop)).toEqual([30, 0, 0]);
    expect(shop.order('B').pointsEntries.nodes.at(-1)).toMatchObject({ type: 'REDEEM_REVERSAL', points: 50, available: 30, debt: -20 });
    expect(shop.member().points).toMatchObject({ lifetime: 130, used: 0 });
  });
});

describe('what is due', () => {
  it('is settled in the order of the instants, whenever that happens', () => {
    const program = held('LINE_SHIP_DATE', 10, { expiryDays: 10 });
    const early = site(program);
    const late = site(program);
    for (const shop of [early, late]) {
      shop.create('A', [line('x', 2, '10')]);
      shop.update('A', 'SHIP', ['x', 1]);
      shop.moveTo('2026-06-11T00:00:00Z');
      shop.update('A', 'SHIP', ['x', 1]);
    }
    for (const day of ['12', '21', '22']) early.moveTo(`2026-06-${day}T00:00:00Z`);
    for (const shop of [early, late]) shop.moveTo('2026-07-02T00:00:00Z');
    expect(entries(late, 'A').map(([type]) => type)).toEqual(['EARN', 'RELEASE', 'RELEASE', 'EXPIRE', 'EXPIRE']);
    expect(late.order('A')).toEqual(early.order('A'));
    expect(late.member()).toEqual(early.member());
  });

  it('is settled before a command that is refused', () => {
    const shop = site({ ...plain, expiryDays: 1 });
    shop.create('A', [line('x', 1, '10')]);
    shop.moveTo('2026-06-03T00:00:00Z');
    expect(shop.create('B', [line('x', 1, '1')], { redeemPoints: 10 }).code).toBe('INSUFFICIENT_POINTS');
    expect(shop.member().points).toMatchObject({ available: 0, expired: 10 });
  });
});
