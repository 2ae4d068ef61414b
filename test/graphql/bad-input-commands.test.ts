// Bad values in the commands on orders and members and in carts: the code, the path, and nothing written.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import { cartDocument, memberMutation, mutationDocument, type UserErrorView } from '../support/world-documents.ts';

type Fields = Readonly<Record<string, unknown>>;
let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.member('sue', { primaryUserId: 'ann' });
  await world.member('tom');
  await world.member('una', { primaryUserId: 'tom' });
  await world.member('zed');
  await world.order(
    'open',
    [
      ['D1', 5, 10, { lineKey: 'k1' }],
      ['twice', 1, 10],
      ['twice', 1, 20],
    ],
    { status: 'OPEN', orderDate: '2026-11-20T00:00:00Z' },
  );
  await world.ship('open', [['D1', 2]], { occurredAt: '2026-11-21T00:00:00Z' });
  await world.order('gone', [['p', 1, 10]]);
  await world.return('gone', 'all');
  await world.order(
    'full',
    Array.from({ length: 499 }, (_, index) => [`p${index}`, 1, 1] as const),
  );
  await world.order('big', [['p', 999_999, 1]]);
});
afterAll(() => world.close());

/** Sends a request that must be refused, and answers why. */
async function refusal(document: string, input: Fields): Promise<readonly UserErrorView[]> {
  const before = await world.stored();
  const { status, text, answer } = await world.post(document, { input });
  expect(status).toBe(200);
  expect(text).not.toMatch(/SQL/i);
  expect(answer.errors).toBeUndefined();
  expect(await world.stored()).toEqual(before);
  return (answer.data as { payload: { userErrors: readonly UserErrorView[] } }).payload.userErrors; // Every payload has them.
}
const at = (path: string): readonly string[] => ['input', ...path.split('.')];
type Case = readonly [what: string, code: string, path: string, input: Fields];
function ofCommand(name: Parameters<typeof mutationDocument>[0], standard: Fields, cases: readonly Case[]): void {
  describe(name, () => {
    test.each(cases)('%s', async (_, code, path, changes) => {
      expect(await refusal(mutationDocument(name), { ...standard, ...changes })).toMatchObject([{ code, path: at(path) }]);
    });
  });
}

const takes = (lineItem: Fields, quantity = 1): Fields => ({ lineItems: [{ lineItem, quantity }] });
const key = { orderId: 'open', idempotencyKey: 'bad' };
const nul = 'a\u0000b';
const badKeys: readonly Case[] = [
  ['an empty key', 'INVALID_INPUT', 'idempotencyKey', { idempotencyKey: ' ' }],
  ['a key of 129', 'INVALID_INPUT', 'idempotencyKey', { idempotencyKey: 'x'.repeat(129) }],
  ['a key with NUL', 'INVALID_INPUT', 'idempotencyKey', { idempotencyKey: nul }],
  ['an order id with half a character', 'INVALID_INPUT', 'orderId', { orderId: '\ud800' }],
  ['an unknown order', 'ORDER_NOT_FOUND', 'orderId', { orderId: 'nope' }],
  ['another version', 'VERSION_CONFLICT', 'expectedVersion', { expectedVersion: 99 }],
  ['a negative version', 'VERSION_CONFLICT', 'expectedVersion', { expectedVersion: -1 }],
];

ofCommand('updateOrder', { ...key, action: 'SHIP', ...takes({ productId: 'D1' }) }, [
  ...badKeys,
  ['neither lines nor all', 'INVALID_INPUT', 'lineItems', { lineItems: null }],
  ['both lines and all', 'INVALID_INPUT', 'lineItems', { allLineItems: true }],
  ['no lines', 'INVALID_INPUT', 'lineItems', { lineItems: [] }],
  ['quantity 0', 'INVALID_QUANTITY', 'lineItems.0.quantity', takes({ productId: 'D1' }, 0)],
  ['quantity -3', 'INVALID_QUANTITY', 'lineItems.0.quantity', takes({ productId: 'D1' }, -3)],
  ['one more than is open', 'QUANTITY_EXCEEDED', 'lineItems.0.quantity', takes({ productId: 'D1' }, 4)],
  ['the largest number', 'QUANTITY_EXCEEDED', 'lineItems.0.quantity', takes({ productId: 'D1' }, 2_147_483_647)],
  ['a line twice, one too many in all', 'QUANTITY_EXCEEDED', 'lineItems.1.quantity', { lineItems: [...twice(2)] }],
  ['an unknown product', 'LINE_NOT_FOUND', 'lineItems.0.lineItem', takes({ productId: 'nope' })],
  ['an unknown key', 'LINE_NOT_FOUND', 'lineItems.0.lineItem', takes({ lineKey: nul })],
  ['an id that is none', 'LINE_NOT_FOUND', 'lineItems.0.lineItem', takes({ id: 'garbage' })],
  ['a product that stands twice', 'LINE_AMBIGUOUS', 'lineItems.0.lineItem', takes({ productId: 'twice' })],
  ['before the order', 'DATE_OUT_OF_RANGE', 'occurredAt', { occurredAt: '2026-11-19T23:59:59.999Z' }],
  ['in the future', 'DATE_OUT_OF_RANGE', 'occurredAt', { occurredAt: '2026-11-24T12:05:00.001Z' }],
  ['a return before it was shipped', 'DATE_OUT_OF_RANGE', 'occurredAt', { action: 'RETURN', occurredAt: '2026-11-20T23:59:59.999Z' }],
  ['a date without an offset', 'INVALID_INPUT', 'occurredAt', { occurredAt: '2026-11-24T12:00:00' }],
  ['a reason with NUL', 'INVALID_INPUT', 'reason', { reason: nul }],
  ['a reason of a megabyte', 'INVALID_INPUT', 'reason', { reason: 'x'.repeat(1_000_000) }],
  ['what the order does not allow', 'INVALID_TRANSITION', 'action', { orderId: 'gone', ...takes({ productId: 'p' }) }],
]);

function twice(quantity: number): readonly Fields[] {
  return [takes({ productId: 'D1' }, quantity), takes({ lineKey: 'k1' }, quantity)].flatMap(({ lineItems }) => lineItems as Fields[]); // As `takes` makes them.
}

const more = (changes: Fields): Fields => ({ lineItems: [{ productId: 'new', quantity: 1, unitPrice: '1', ...changes }] });
ofCommand('addToOrder', { ...key, ...more({}) }, [
  ...badKeys,
  ['no lines', 'INVALID_INPUT', 'lineItems', { lineItems: [] }],
  [
    'a 501st line',
    'INVALID_INPUT',
    'lineItems',
    { orderId: 'full', lineItems: ['a', 'b'].map((productId) => ({ ...lineOf(more({})), productId })) },
  ],
  ['quantity 0', 'INVALID_QUANTITY', 'lineItems.0.quantity', more({ quantity: 0 })],
  ['a line above 1,000,000', 'INVALID_QUANTITY', 'lineItems.0.quantity', { orderId: 'big', ...more({ productId: 'p', quantity: 2 }) }],
  ['a malformed price', 'INVALID_PRICE', 'lineItems.0.unitPrice', more({ unitPrice: 'NaN' })],
  ['ten decimals', 'INVALID_MONEY_SCALE', 'lineItems.0.unitPrice', more({ unitPrice: '0.0000000001' })],
  ['a worth beyond 10^13', 'INVALID_INPUT', 'lineItems.0', more({ quantity: 10, unitPrice: '10000000000' })],
  ['a key of another product', 'LINE_KEY_DUPLICATE', 'lineItems.0.lineKey', more({ lineKey: 'k1' })],
  ['before the order', 'DATE_OUT_OF_RANGE', 'occurredAt', { occurredAt: '2026-11-19T23:59:59.999Z' }],
  ['a wholly returned order', 'INVALID_TRANSITION', 'orderId', { orderId: 'gone' }],
]);

function lineOf({ lineItems }: Fields): Fields {
  return (lineItems as readonly Fields[])[0] ?? {}; // As `more` makes them.
}

const correction = (changes: Fields): Fields => ({ lineItems: [{ lineItem: { productId: 'D1' }, ...changes }] });
ofCommand('correctOrder', { ...key, ...correction({ quantity: 6 }) }, [
  ...badKeys,
  ['no lines', 'INVALID_INPUT', 'lineItems', { lineItems: [] }],
  ['quantity 0', 'INVALID_QUANTITY', 'lineItems.0.quantity', correction({ quantity: 0 })],
  ['quantity 1,000,001', 'INVALID_QUANTITY', 'lineItems.0.quantity', correction({ quantity: 1_000_001 })],
  ['fewer than were shipped', 'INVALID_QUANTITY', 'lineItems.0.quantity', correction({ quantity: 1 })],
  ['more shipped than ordered', 'INVALID_QUANTITY', 'lineItems.0.shippedQuantity', correction({ shippedQuantity: 6 })],
  ['more returned than shipped', 'INVALID_QUANTITY', 'lineItems.0.returnedQuantity', correction({ returnedQuantity: 3 })],
  ['fewer than none cancelled', 'INVALID_QUANTITY', 'lineItems.0.cancelledQuantity', correction({ cancelledQuantity: -1 })],
  ['a malformed price', 'INVALID_PRICE', 'lineItems.0.unitPrice', correction({ unitPrice: '--1' })],
  ['a discount above the line', 'INVALID_PRICE', 'lineItems.0.discount', correction({ discount: '50.01' })],
  ['a name with NUL', 'INVALID_INPUT', 'lineItems.0.name', correction({ name: nul })],
  ['an empty category', 'INVALID_INPUT', 'lineItems.0.categoryId', correction({ categoryId: '' })],
  [
    'a name on an order of nothing',
    'INVALID_TRANSITION',
    'lineItems.0.name',
    { orderId: 'gone', lineItems: [{ lineItem: { productId: 'p' }, name: 'x' }] },
  ],
  [
    'a name of a line that is not there, on an order of nothing',
    'INVALID_TRANSITION',
    'lineItems.0.name',
    { orderId: 'gone', lineItems: [{ lineItem: { productId: 'nowhere' }, name: 'x' }] },
  ],
]);

ofCommand('adjustSpend', { ...key, type: 'DEBIT', amount: '1', reason: 'goodwill', adjustedBy: 'admin-1' }, [
  ...badKeys,
  ['an amount of 0', 'INVALID_INPUT', 'amount', { amount: '0' }],
  ['a negative amount', 'INVALID_INPUT', 'amount', { amount: '-1' }],
  ['an amount that is no number', 'INVALID_INPUT', 'amount', { amount: 'NaN' }],
  ['a huge amount', 'INVALID_INPUT', 'amount', { amount: 1e300 }],
  ['ten decimals', 'INVALID_MONEY_SCALE', 'amount', { amount: '1.0000000001' }],
  ['a cent more than the spend', 'ADJUSTMENT_EXCEEDS_SPEND', 'amount', { amount: '80.01' }],
  ['no reason', 'REASON_REQUIRED', 'reason', { reason: ' ' }],
  ['a reason with half a character', 'INVALID_INPUT', 'reason', { reason: '\udfff' }],
  ['nobody who did it', 'INVALID_INPUT', 'adjustedBy', { adjustedBy: '' }],
  ['an order of nothing', 'INVALID_TRANSITION', 'orderId', { orderId: 'gone' }],
]);

test('a debit of exactly the spend is accepted', async () => {
  const input = { ...key, type: 'DEBIT', amount: '80', reason: 'goodwill', adjustedBy: 'admin-1' };
  expect(await world.send('adjustSpend', input, true)).toMatchObject({ userErrors: [], order: { spend: { amount: '0.00' } } });
});

describe('members', () => {
  test.each<readonly [name: string, type: string, what: string, code: string, path: string, input: Fields]>([
    ['enrollMember', 'EnrollMemberInput', 'twice', 'MEMBER_ALREADY_EXISTS', 'userId', { userId: ' ann ' }],
    ['enrollMember', 'EnrollMemberInput', 'an empty id', 'INVALID_INPUT', 'userId', { userId: '' }],
    ['enrollMember', 'EnrollMemberInput', 'an id with NUL', 'INVALID_INPUT', 'userId', { userId: nul }],
    ['enrollMember', 'EnrollMemberInput', 'a name with NUL', 'INVALID_INPUT', 'firstName', { userId: 'new', firstName: nul }],
    ['enrollMember', 'EnrollMemberInput', 'half a name', 'INVALID_INPUT', 'lastName', { userId: 'new', lastName: '\ud800' }],
    ['enrollMember', 'EnrollMemberInput', 'a blank e-mail', 'INVALID_INPUT', 'email', { userId: 'new', email: ' ' }],
    ['enrollMember', 'EnrollMemberInput', 'an unknown primary', 'MEMBER_NOT_FOUND', 'primaryUserId', { userId: 'new', primaryUserId: 'x' }],
    ['enrollMember', 'EnrollMemberInput', 'their own primary', 'INVALID_INPUT', 'primaryUserId', { userId: 'new', primaryUserId: 'new' }],
    [
      'enrollMember',
      'EnrollMemberInput',
      'a secondary as primary',
      'INVALID_INPUT',
      'primaryUserId',
      { userId: 'new', primaryUserId: 'sue' },
    ],
    ['updateMember', 'UpdateMemberInput', 'an unknown member', 'MEMBER_NOT_FOUND', 'userId', { userId: 'nobody' }],
    ['updateMember', 'UpdateMemberInput', 'an e-mail with NUL', 'INVALID_INPUT', 'email', { userId: 'ann', email: nul }],
    ['linkSecondaryMember', 'LinkSecondaryMemberInput', 'themselves', 'INVALID_INPUT', 'secondaryUserId', pair('ann', 'ann')],
    ['linkSecondaryMember', 'LinkSecondaryMemberInput', 'a primary', 'INVALID_INPUT', 'secondaryUserId', pair('ann', 'tom')],
    ['linkSecondaryMember', 'LinkSecondaryMemberInput', 'to a secondary', 'INVALID_INPUT', 'primaryUserId', pair('sue', 'zed')],
    ['linkSecondaryMember', 'LinkSecondaryMemberInput', 'linked', 'MEMBER_ALREADY_LINKED', 'secondaryUserId', pair('ann', 'una')],
    ['linkSecondaryMember', 'LinkSecondaryMemberInput', 'unknown', 'MEMBER_NOT_FOUND', 'secondaryUserId', pair('ann', 'nobody')],
  ])('%s (%s): %s', async (name, type, _, code, path, input) => {
    expect(await refusal(memberMutation(name, type), input)).toMatchObject([{ code, path: at(path) }]);
  });

  test('unlinking somebody who is not linked, or unknown', async () => {
    expect((await world.unlink('zed')).userErrors).toMatchObject([{ code: 'NOT_A_SECONDARY_MEMBER', path: ['secondaryUserId'] }]);
    expect((await world.unlink('nobody')).userErrors).toMatchObject([{ code: 'MEMBER_NOT_FOUND', path: ['secondaryUserId'] }]);
    expect((await world.unlink(nul)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['secondaryUserId'] }]);
  });
});

function pair(primaryUserId: string, secondaryUserId: string): Fields {
  return { primaryUserId, secondaryUserId };
}

describe('cartPoints', () => {
  const line = { productId: 'p', quantity: 1, unitPrice: '1' };
  test.each<Case>([
    ['no lines', 'INVALID_INPUT', 'lineItems', { lineItems: [] }],
    ['501 lines', 'INVALID_INPUT', 'lineItems', { lineItems: Array.from({ length: 501 }, () => line) }],
    ['quantity 0', 'INVALID_QUANTITY', 'lineItems.0.quantity', { lineItems: [{ ...line, quantity: 0 }] }],
    ['a malformed price', 'INVALID_PRICE', 'lineItems.0.unitPrice', { lineItems: [{ ...line, unitPrice: 'x' }] }],
    ['ten decimals', 'INVALID_MONEY_SCALE', 'lineItems.0.unitPrice', { lineItems: [{ ...line, unitPrice: '1.0000000001' }] }],
    ['an unknown member', 'MEMBER_NOT_FOUND', 'userId', { userId: 'nobody' }],
    ['a coupon with NUL', 'INVALID_INPUT', 'coupons.0', { coupons: [nul] }],
    ['a store with NUL', 'INVALID_INPUT', 'storeId', { storeId: nul }],
    ['more points to redeem than there are', 'INSUFFICIENT_POINTS', 'redeemPoints', { redeemPoints: 1_000_000_000 }],
    ['half a point to redeem', 'INVALID_INPUT', 'redeemPoints', { redeemPoints: 0.5 }],
  ])('%s', async (_, code, path, changes) => {
    expect(await refusal(cartDocument, { userId: 'ann', lineItems: [line], ...changes })).toMatchObject([{ code, path: at(path) }]);
  });
});

describe('bulk', () => {
  const order = { orderId: 'gone', userId: 'ann', lineItems: [{ productId: 'p', quantity: 1, unitPrice: 'x' }] };
  const update = { update: { orderId: 'nope', action: 'SHIP', allLineItems: true, idempotencyKey: 'bad' } };
  test.each([0, 1_001])('%i rows are refused as a whole', async (count) => {
    const creates = await world.bulkCreate(Array.from({ length: count }, () => order));
    expect(creates).toMatchObject({ rows: [], userErrors: [{ code: 'BULK_LIMIT', path: at('orders') }] });
    const updates = await world.bulkUpdate(Array.from({ length: count }, () => update));
    expect(updates).toMatchObject({ rows: [], userErrors: [{ code: 'BULK_LIMIT', path: at('updates') }] });
  });

  test('1,000 rows run, each with its own outcome', async () => {
    const { rows, failed, userErrors } = await world.bulkUpdate(Array.from({ length: 1_000 }, () => update));
    expect({ failed, userErrors }).toEqual({ failed: 1_000, userErrors: [] });
    expect(rows[999]?.userErrors).toMatchObject([{ code: 'ORDER_NOT_FOUND', path: at('updates.999.update.orderId') }]);
  });

  test('a bad value fails its own row only, in each kind of change', async () => {
    const { rows } = await world.bulkUpdate([
      { correct: { orderId: 'open', idempotencyKey: 'b1', ...correction({ unitPrice: 'NaN' }) } },
      { add: { orderId: 'open', idempotencyKey: 'b2', ...more({ quantity: 0 }) } },
      { update: { orderId: 'open', action: 'SHIP', ...takes({ productId: 'D1' }, 9), idempotencyKey: 'b3' } },
      { correct: { orderId: 'open', idempotencyKey: 'b4', ...correction({ name: 'Good' }) } },
    ]);
    expect(rows.map(({ status }) => status)).toEqual(['FAILED', 'FAILED', 'FAILED', 'UPDATED']);
    expect(rows.flatMap(({ userErrors }) => userErrors.map(({ path }) => path.slice(2).join('.')))).toEqual([
      '0.correct.lineItems.0.unitPrice',
      '1.add.lineItems.0.quantity',
      '2.update.lineItems.0.quantity',
    ]);
  });
});
