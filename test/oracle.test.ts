// The oracle against the worked cases of the rules, so that it is right on its own before it judges anything.
import { describe, expect, it } from 'vitest';
import { line, plain, site, tiered } from './support/oracle-site.ts';

const threeLines = [line('D1', 1, '100'), line('D2', 2, '200'), line('D3', 3, '300')];

describe('returns', () => {
  it('earns per line and takes back what was earned (cases 1 to 5)', () => {
    const shop = site(plain);
    expect(shop.create('A', threeLines).verdict).toBe('accepted');
    expect(shop.order('A').lineItems.nodes.map((each) => each.pointsAwarded)).toEqual([100, 400, 900]);
    expect(shop.order('A')).toMatchObject({ status: 'SHIPPED', pointsAwarded: 1400 });

    expect(shop.update('A', 'RETURN', ['D1', 1]).payload).toMatchObject({ pointsRemoved: 100 });
    expect(shop.member().points.available).toBe(1300);
    expect(shop.order('A')).toMatchObject({ pointsAwarded: 1400, pointsRemoved: 100, status: 'PARTIALLY_RETURNED' });
    expect(shop.order('A').lineItems.nodes[0]).toMatchObject({ status: 'RETURNED' });

    expect(shop.update('A', 'RETURN', ['D3', 1]).payload).toMatchObject({ pointsRemoved: 300 });
    expect(shop.order('A').lineItems.nodes[2]).toMatchObject({ status: 'PARTIALLY_RETURNED', returnableQuantity: 2 });

    const before = shop.order('A');
    expect(shop.update('A', 'RETURN', ['D3', 3]).payload).toMatchObject({ userErrors: [{ code: 'QUANTITY_EXCEEDED', maximum: 2 }] });
    expect(shop.order('A')).toEqual(before);

    const refused = shop.update('A', 'CANCEL', ['D2', 1]);
    const allowedActions = ['RETURN', 'ADD', 'CORRECT', 'ADJUST_SPEND'];
    expect(refused.payload).toMatchObject({
      pointsRemoved: 0,
      userErrors: [{ code: 'INVALID_TRANSITION', attempted: 'CANCEL', allowedActions }],
    });
  });

  it('keeps the tier of the day of purchase (case 7)', () => {
    const shop = site(tiered);
    shop.create('silver', [line('x', 1, '500')]);
    shop.create('A', [line('x', 2, '100')]);
    expect(shop.order('A').pointsAwarded).toBe(300);
    expect(shop.member().tier?.name).toBe('Gold');
    expect(shop.update('A', 'RETURN', ['x', 1]).payload).toMatchObject({ pointsRemoved: 150 });
  });

  it.each([
    { base: '0.1', rounding: 'FLOOR', quantity: 4, price: '5.00', awarded: 2, takes: [1, 0, 1, 0] },
    { base: '1', rounding: 'FLOOR', quantity: 3, price: '3.50', awarded: 10, takes: [3, 4, 3] },
    { base: '1', rounding: 'HALF_UP', quantity: 3, price: '3.50', awarded: 11, takes: [4, 3, 4] },
  ] as const)(
    'adds up over partial returns under $rounding of $quantity × $price (cases 8 and 9)',
    ({ base, rounding, quantity, price, awarded, takes }) => {
      const shop = site({ ...plain, rounding, purchase: { ...plain.purchase, baseRatio: base } });
      shop.create('A', [line('x', quantity, price)]);
      expect(shop.order('A').pointsAwarded).toBe(awarded);
      expect(takes.map(() => shop.update('A', 'RETURN', ['x', 1]).payload)).toMatchObject(
        takes.map((pointsRemoved) => ({ pointsRemoved })),
      );
      expect(shop.member().points.available).toBe(0);
    },
  );

  it('takes a capped order back from the top (case 18)', () => {
    const shop = site({ ...plain, purchase: { ...plain.purchase, maximumPointsPerOrder: '1000' } });
    shop.create('A', [line('x', 1, '800'), line('y', 1, '600')]);
    expect(shop.order('A').pointsAwarded).toBe(1000);
    expect(shop.update('A', 'RETURN', ['y', 1]).payload).toMatchObject({ pointsRemoved: 200 });
    expect(shop.update('A', 'RETURN', ['x', 1]).payload).toMatchObject({ pointsRemoved: 800 });
  });
});

describe('additions and corrections', () => {
  it('adds an open line to an order that is partly shipped (case 11)', () => {
    const shop = site(plain);
    shop.create('A', [line('p1', 2, '50')], { status: 'OPEN' });
    shop.update('A', 'SHIP', ['p1', 1]);
    expect(shop.add('A', [line('p2', 1, '30')]).payload).toMatchObject({ pointsAwarded: 30 });
    expect(shop.order('A')).toMatchObject({ status: 'PARTIALLY_SHIPPED' });
    expect(shop.order('A').lineItems.nodes[1]).toMatchObject({ productId: 'p2', status: 'OPEN' });
  });

  it('takes the difference of what is kept', () => {
    const shop = site(plain);
    shop.create('A', [line('x', 3, '100')]);
    shop.update('A', 'RETURN', ['x', 1]);
    expect(shop.correct('A', 'x', { quantity: 2 }).payload).toMatchObject({ pointsAwarded: 0, pointsRemoved: 100 });
    expect(shop.correct('A', 'x', { quantity: 2 })).toMatchObject({ verdict: 'unchanged' });
    expect(shop.order('A').version).toBe(3);
  });
});

describe('spend adjustments', () => {
  it('moves spend, points and tier (case 12)', () => {
    const shop = site(tiered);
    shop.create('A', [line('x', 10, '50')]);
    shop.create('B', [line('y', 1, '100')]);
    expect([shop.order('A').pointsAwarded, shop.order('B').pointsAwarded]).toEqual([500, 150]);
    shop.update('A', 'RETURN', ['x', 2]);
    expect(shop.member().totalSpend).toEqual({ amount: '500.00' });
    const spendAdjustment = { points: -75, tierBefore: 'Silver', tierAfter: 'Bronze' };
    expect(shop.adjust('B', 'DEBIT', '50').payload).toMatchObject({ spendAdjustment });
    expect(shop.member().totalSpend).toEqual({ amount: '450.00' });
  });

  it.each([
    { type: 'CREDIT', amount: '50', points: 50, pointsRemoved: 150 },
    { type: 'DEBIT', amount: '30', points: -30, pointsRemoved: 70 },
  ] as const)('goes with a full return: $type $amount (case 12a)', ({ type, amount, points, pointsRemoved }) => {
    const shop = site(plain);
    shop.create('A', [line('x', 1, '100')]);
    expect(shop.adjust('A', type, amount).payload).toMatchObject({ spendAdjustment: { points } });
    expect(shop.update('A', 'RETURN').payload).toMatchObject({ pointsRemoved });
    expect(shop.member().points.available).toBe(0);
  });

  it('is raised by a take-back and stays raised (case 12b)', () => {
    const shop = site(plain);
    const available = () => shop.member().points.available;
    shop.create('A', [line('x', 10, '10')]);
    expect(available()).toBe(100);
    shop.adjust('A', 'DEBIT', '90');
    expect(available()).toBe(10);
    shop.update('A', 'RETURN', ['x', 5]);
    expect([available(), shop.order('A').spend]).toEqual([0, { amount: '0.00' }]);
    shop.add('A', [line('y', 2, '10')]);
    expect([available(), shop.order('A').spend]).toEqual([20, { amount: '20.00' }]);
  });
});

describe('secondary members and bulk calls', () => {
  it('keeps the credited member after the link has ended (case 13)', () => {
    const shop = site({ ...plain, secondaryMembers: { earnForPrimary: true } });
    shop.send({ kind: 'enrollMember', input: { userId: 'bob', primaryUserId: 'ann' } });
    shop.create('A', [line('x', 1, '100')], { userId: 'bob' });
    expect(shop.member('ann').points.available).toBe(100);
    shop.send({ kind: 'unlinkSecondaryMember', input: { secondaryUserId: 'bob' } });
    shop.update('A', 'RETURN');
    expect(shop.member('ann').points.available).toBe(0);
    expect(shop.member('bob').points).toMatchObject({ available: 0, lifetime: 0 });
  });

  it('gives each row its own outcome (case 14)', () => {
    const order = (orderId: string, userId: string, quantity: number) => ({ orderId, userId, lineItems: [line('x', quantity, '10')] });
    const orders = [order('1', 'ann', 1), order('2', 'ann', 1), order('1', 'ann', 2), order('4', 'nobody', 1), order('5', 'ann', 1)];
    const failed = (code: string) => ({ status: 'FAILED', userErrors: [{ code }] });

    const shop = site(plain);
    const each = shop.send({ kind: 'bulkCreateOrders', input: { orders } });
    const conflict = [failed('ORDER_ID_CONFLICT'), failed('MEMBER_NOT_FOUND')];
    expect(each.rows).toMatchObject([{ status: 'CREATED' }, { status: 'CREATED' }, ...conflict, { status: 'CREATED' }]);

    const strict = site(plain);
    const none = strict.send({ kind: 'bulkCreateOrders', input: { orders, errorPolicy: 'REJECT_ALL' } });
    expect(none.rows).toMatchObject([{ status: 'SKIPPED' }, { status: 'SKIPPED' }, ...conflict, { status: 'SKIPPED' }]);
    expect(strict.orders()).toEqual([]);
  });
});

describe('periods and discounts', () => {
  it.each([
    { period: 'ROLLING_12_MONTHS', earlier: '2025-03-10T08:30:00-07:00', tier: 'Bronze' },
    { period: 'ROLLING_12_MONTHS', earlier: '2025-03-10T08:30:00.001-07:00', tier: 'Silver' },
    { period: 'CALENDAR_YEAR', earlier: '2025-12-31T23:59:59.999-08:00', tier: 'Bronze' },
    { period: 'CALENDAR_YEAR', earlier: '2026-01-01T00:00:00-08:00', tier: 'Silver' },
    { period: 'LIFETIME', earlier: '2020-01-01T00:00:00Z', tier: 'Silver' },
    { period: 'LIFETIME', earlier: '2026-03-10T08:30:00.001-07:00', tier: 'Bronze' },
  ] as const)('counts spend of $earlier in $period as $tier', ({ period, earlier, tier }) => {
    const shop = site({ ...tiered, tiers: { ...tiered.tiers, period } });
    shop.create('A', [line('x', 1, '500')], { orderDate: earlier });
    shop.create('B', [line('x', 1, '100')], { orderDate: '2026-03-10T08:30:00-07:00' });
    expect(shop.order('B').lineItems.nodes[0]).toMatchObject({ earning: { tier } });
  });

  it('spreads the discount of an order once and takes it back pro rata', () => {
    const shop = site({ ...plain, pointsScale: 2, purchase: { ...plain.purchase, pointsBase: 'NET' } });
    shop.create('A', [line('x', 3, '1.00'), { ...line('y', 1, '1.00'), discount: '0.50' }, line('z', 1, '0')], { discount: '1.00' });
    const totals = () => shop.order('A').lineItems.nodes.map((each) => each.total.amount);
    expect(totals()).toEqual(['2.14', '0.36', '0.00']);
    expect(shop.order('A')).toMatchObject({ total: { amount: '2.50' }, spend: { amount: '2.50' }, pointsAwarded: 2.5 });
    const takes = [1, 2, 3].map(() => shop.update('A', 'RETURN', ['x', 1]).payload);
    expect(takes).toMatchObject([{ pointsRemoved: 0.71 }, { pointsRemoved: 0.72 }, { pointsRemoved: 0.71 }]);
    expect(shop.order('A')).toMatchObject({ currentTotal: { amount: '0.36' }, total: { amount: '2.50' } });
  });
});

describe('exactly once', () => {
  it('answers a key again with the recorded figures, and refuses it for other content', () => {
    const shop = site(plain);
    shop.create('A', [line('x', 3, '10')]);
    const input = {
      orderId: 'A',
      action: 'RETURN',
      lineItems: [{ lineItem: { productId: 'x' }, quantity: 1 }],
      idempotencyKey: 'once',
    } as const;
    expect(shop.send({ kind: 'updateOrder', input, dryRun: true }).payload).toMatchObject({ pointsRemoved: 10, replayed: false });
    expect(shop.order('A').pointsRemoved).toBe(0);
    expect(shop.send({ kind: 'updateOrder', input }).payload).toMatchObject({ pointsRemoved: 10, replayed: false });
    const again = { ...input, expectedVersion: 7, reason: null, allLineItems: false };
    expect(shop.send({ kind: 'updateOrder', input: again }).payload).toMatchObject({ pointsRemoved: 10, replayed: true });
    expect(shop.send({ kind: 'updateOrder', input: { ...input, reason: 'broken' } }).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(shop.order('A')).toMatchObject({ pointsRemoved: 10, version: 2 });
  });

  it('knows an order by its content, not by how its numbers are written', () => {
    const shop = site(plain);
    shop.create('A', [line('x', 3, '10.00')]);
    expect(shop.create('A', [{ productId: 'x', quantity: 3, unitPrice: 10, discount: '0.0', autoDelivery: false }])).toMatchObject({
      verdict: 'replayed',
    });
    expect(shop.create('A', [line('x', 4, '10.00')]).code).toBe('ORDER_ID_CONFLICT');
  });
});
