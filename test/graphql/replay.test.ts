// Exactly once: a repeat is recognised however its values are written, and answers what was recorded with things as they are now.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import type { MutationName } from '../support/world-documents.ts';

type Fields = Readonly<Record<string, unknown>>;
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const line = { productId: 'p', quantity: 2, unitPrice: '230.0', lineKey: 'k', discount: '1.50', estimatedShipDate: '2026-12-01T00:00:00Z' };
const order = {
  orderId: 'o1',
  userId: 'ann',
  lineItems: [line],
  orderDate: '2026-11-24T09:30:00-08:00',
  coupons: ['SPRING'],
  attributes: { b: [1, { y: 1, x: 2 }], a: null },
};
const past = { ...order, orderDate: '2026-11-20T09:30:00-08:00' };
const withLine = (changes: Fields): Fields => ({ ...past, lineItems: [{ ...line, ...changes }] });

describe('createOrder: the same content, written otherwise', () => {
  test.each<readonly [what: string, input: Fields]>([
    ['a number for its text', withLine({ unitPrice: 230 })],
    ['zeros more', withLine({ unitPrice: '0230.000' })],
    ['an exponent', withLine({ unitPrice: '2.3e2', discount: 1.5 })],
    ['ids with blanks around them', { ...withLine({ productId: ' p', lineKey: 'k ' }), orderId: ' o1 ', userId: 'ann\n' }],
    ['nulls for what is absent', { ...past, total: null, storeId: null, redeemPoints: null, shippedAt: null, status: null }],
    ['the defaults of the schema', { ...withLine({ autoDelivery: false, coupon: null }), discount: '0.00' }],
    ['a redemption of nothing', { ...past, redeemPoints: '0.0' }],
    ['one coupon for a list of it', { ...past, coupons: 'SPRING' }],
    ['the date in another offset', { ...past, orderDate: '2026-11-20T17:30:00.000Z' }],
    ['the date of a line in another offset', withLine({ estimatedShipDate: '2026-12-01T05:30:00+05:30' })],
    ['keys in another order', { ...past, attributes: { a: null, b: [1, { x: 2, y: 1 }] } }],
  ])('%s', async (_, input) => {
    const { order: created } = await world.send('createOrder', past);
    const before = await world.stored();
    const repeat = await world.send('createOrder', input);
    expect(repeat).toMatchObject({ replayed: true, userErrors: [], order: { id: created?.id, version: 1 } });
    expect(await world.stored()).toEqual(before);
  });

  test.each<readonly [what: string, input: Fields]>([
    ['another price', withLine({ unitPrice: '230.01' })],
    ['another date', { ...past, orderDate: '2026-11-20T17:30:00.001Z' }],
    ['no coupon', { ...past, coupons: [] }],
    ['a status that would be the default', { ...past, status: 'SHIPPED' }],
    ['a list in another order', { ...past, attributes: { a: null, b: [{ x: 2, y: 1 }, 1] } }],
    ['another line', { ...past, lineItems: [line, line] }],
  ])('other content: %s', async (_, input) => {
    await world.send('createOrder', past);
    const before = await world.stored();
    const { userErrors } = await world.send('createOrder', input);
    expect(userErrors).toMatchObject([
      { code: 'ORDER_ID_CONFLICT', path: ['input', 'orderId'], currentVersion: 1, existing: { orderId: 'o1' } },
    ]);
    expect(await world.stored()).toEqual(before);
  });

  test('a repeat is answered before any other guard: of a blocked member, under another program', async () => {
    await world.send('createOrder', past);
    await world.changeMember('ann', { status: 'BLOCKED' });
    await world.setProgram({ orders: { dateRequired: true, lineKeyRequired: true } });
    expect(await world.send('createOrder', past)).toMatchObject({ replayed: true, userErrors: [] });
  });
});

describe('commands with a key', () => {
  const returning = { orderId: 'o1', action: 'RETURN', lineItems: [{ lineItem: { productId: 'p' }, quantity: 1 }], idempotencyKey: 'k1' };
  const adding = { orderId: 'o1', lineItems: [{ productId: 'q', quantity: 1, unitPrice: '10' }], idempotencyKey: 'k1' };
  const correcting = { orderId: 'o1', lineItems: [{ lineItem: { productId: 'p' }, unitPrice: '100' }], idempotencyKey: 'k1' };
  const adjusting = { orderId: 'o1', type: 'CREDIT', amount: '5.0', reason: 'r', adjustedBy: 'a', idempotencyKey: 'k1' };

  test.each<readonly [name: MutationName, input: Fields, again: Fields]>([
    ['updateOrder', returning, { ...returning, orderId: ' o1', idempotencyKey: ' k1 ', reason: null, allLineItems: false }],
    [
      'addToOrder',
      adding,
      { ...adding, lineItems: [{ productId: 'q ', quantity: 1, unitPrice: 10, discount: 0 }], disregardHoldPeriod: false },
    ],
    ['correctOrder', correcting, { ...correcting, lineItems: [{ lineItem: { productId: ' p' }, unitPrice: '1e2', name: null }] }],
    ['adjustSpend', adjusting, { ...adjusting, amount: 5, adjustedBy: ' a ' }],
  ])('%s again: the figures that were recorded, the order as it is now', async (name, input, again) => {
    await world.send('createOrder', past);
    const first = await world.send(name, input);
    await world.adjust('o1', 'CREDIT', '1');
    const before = await world.stored();
    const repeat = await world.send(name, { ...again, expectedVersion: 1 });
    expect(await world.stored()).toEqual(before);
    expect(repeat).toMatchObject({ replayed: true, userErrors: [], order: { id: first.order?.id, version: 3 } });
    expect([repeat.pointsAwarded, repeat.pointsRemoved]).toEqual([first.pointsAwarded, first.pointsRemoved]);
    expect(repeat.spendAdjustment).toEqual(first.spendAdjustment);
    expect(repeat.order).toEqual(await world.readOrder('o1'));
  });

  test.each<readonly [what: string, name: MutationName, input: Fields]>([
    ['another quantity', 'updateOrder', { ...returning, lineItems: [{ lineItem: { productId: 'p' }, quantity: 2 }] }],
    ['another way to name the line', 'updateOrder', { ...returning, lineItems: [{ lineItem: { lineKey: 'k' }, quantity: 1 }] }],
    ['a reason', 'updateOrder', { ...returning, reason: 'broken' }],
    ['another order', 'updateOrder', { ...returning, orderId: 'nope' }],
    ['another command', 'addToOrder', adding],
    ['another command still', 'adjustSpend', adjusting],
  ])('the key for something else (%s) is IDEMPOTENCY_KEY_REUSED', async (_, name, input) => {
    await world.send('createOrder', past);
    await world.send('updateOrder', returning);
    const before = await world.stored();
    expect((await world.send(name, input)).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] },
    ]);
    expect(await world.stored()).toEqual(before);
  });

  test('a refused key and one of a dry run can be used again', async () => {
    await world.send('createOrder', past);
    expect((await world.send('updateOrder', { ...returning, expectedVersion: 7 })).userErrors).toMatchObject([
      { code: 'VERSION_CONFLICT', currentVersion: 1 },
    ]);
    await world.send('updateOrder', { ...returning, reason: 'tried' }, true);
    expect(await world.send('updateOrder', { ...returning, expectedVersion: 1 })).toMatchObject({ replayed: false, userErrors: [] });
  });

  test('a correction that changes nothing keeps the version, and its key', async () => {
    await world.send('createOrder', past);
    const same = { ...correcting, lineItems: [{ lineItem: { productId: 'p' }, quantity: 2, unitPrice: '230' }] };
    expect(await world.send('correctOrder', same)).toMatchObject({ replayed: false, userErrors: [], order: { version: 1 } });
    expect(await world.send('correctOrder', same)).toMatchObject({ replayed: true });
    expect((await world.send('correctOrder', correcting)).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });
});
