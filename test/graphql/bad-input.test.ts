// Bad values in createOrder: each is refused with its code and path and writes nothing; the value next to it is accepted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, plainProgram, type World } from '../support/world.ts';
import { type BulkPayload, mutationDocument, type OrderPayload } from '../support/world-documents.ts';

type Fields = Readonly<Record<string, unknown>>;
let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.member('bob');
  await world.changeMember('bob', { status: 'BLOCKED' });
});
afterAll(() => world.close());

const line = { productId: 'p', quantity: 1, unitPrice: '10' };
const orderWith = (changes: Fields): Fields => ({ orderId: 'new', userId: 'ann', lineItems: [line], ...changes });
const lineWith = (changes: Fields): Fields => orderWith({ lineItems: [line, { ...line, ...changes }] });
const lines = (count: number): readonly Fields[] => Array.from({ length: count }, (_, index) => ({ ...line, productId: `p${index}` }));

async function refusalOf(input: Fields): Promise<OrderPayload['userErrors']> {
  const before = await world.stored();
  const { status, text, answer } = await world.post(mutationDocument('createOrder'), { input });
  expect(status).toBe(200);
  expect(text).not.toMatch(/SQL/i);
  expect(answer.errors).toBeUndefined();
  expect(await world.stored()).toEqual(before);
  return (answer.data as { payload: OrderPayload }).payload.userErrors; // The document asks for this shape.
}
const acceptedErrors = async (input: Fields) => (await world.send('createOrder', input, true)).userErrors;
const at = (path: string): readonly string[] => ['input', ...path.split('.').filter(Boolean)];

describe('refused, with code and path', () => {
  test.each<[what: string, code: string, path: string, input: Fields]>([
    ['no lines', 'INVALID_INPUT', 'lineItems', orderWith({ lineItems: [] })],
    ['501 lines', 'INVALID_INPUT', 'lineItems', orderWith({ lineItems: lines(501) })],
    ['quantity 0', 'INVALID_QUANTITY', 'lineItems.1.quantity', lineWith({ quantity: 0 })],
    ['quantity -1', 'INVALID_QUANTITY', 'lineItems.1.quantity', lineWith({ quantity: -1 })],
    ['quantity 1,000,001', 'INVALID_QUANTITY', 'lineItems.1.quantity', lineWith({ quantity: 1_000_001 })],
    ['a price of 10^12 minor units and one', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '10000000000.01' })],
    ['a negative price', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '-0.01' })],
    ['a price that is no number', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: 'ten' })],
    ['NaN as a price', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: 'NaN' })],
    ['infinity as a price', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: 'Infinity' })],
    ['an empty price', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '' })],
    ['a price in hexadecimal', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '0x10' })],
    ['a price with a comma', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '1,000' })],
    ['a huge price', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: 1e308 })],
    ['a price with a huge exponent', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '1e999' })],
    ['a price with NUL', 'INVALID_PRICE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '1\u0000' })],
    ['three decimals of dollars', 'INVALID_MONEY_SCALE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '1.001' })],
    ['ten decimals', 'INVALID_MONEY_SCALE', 'lineItems.1.unitPrice', lineWith({ unitPrice: '1.0000000001' })],
    ['a discount above the line', 'INVALID_PRICE', 'lineItems.1.discount', lineWith({ discount: '10.01' })],
    ['a negative discount', 'INVALID_PRICE', 'lineItems.1.discount', lineWith({ discount: '-1' })],
    ['a discount of three decimals', 'INVALID_MONEY_SCALE', 'lineItems.1.discount', lineWith({ discount: '1.001' })],
    ['an order discount above the lines', 'INVALID_PRICE', 'discount', orderWith({ discount: '10.01' })],
    ['a malformed order discount', 'INVALID_PRICE', 'discount', orderWith({ discount: 'x' })],
    ['a negative total', 'INVALID_PRICE', 'total', orderWith({ total: '-1' })],
    ['a total of ten decimals', 'INVALID_MONEY_SCALE', 'total', orderWith({ total: '1.0000000001' })],
    ['lines worth 10^13 minor units and one', 'INVALID_INPUT', 'lineItems.1', orderWith({ lineItems: crossing('0.01') })],
    ['a product id of 129', 'INVALID_INPUT', 'lineItems.1.productId', lineWith({ productId: 'x'.repeat(129) })],
    ['a blank product id', 'INVALID_INPUT', 'lineItems.1.productId', lineWith({ productId: ' \t ' })],
    ['an order id of 129', 'INVALID_INPUT', 'orderId', orderWith({ orderId: 'x'.repeat(129) })],
    ['an empty order id', 'INVALID_INPUT', 'orderId', orderWith({ orderId: '' })],
    ['a user id of 129', 'INVALID_INPUT', 'userId', orderWith({ userId: 'x'.repeat(129) })],
    ['an unknown member', 'MEMBER_NOT_FOUND', 'userId', orderWith({ userId: 'nobody' })],
    ['a user id in other case', 'MEMBER_NOT_FOUND', 'userId', orderWith({ userId: 'ANN' })],
    ['a blocked member', 'MEMBER_BLOCKED', 'userId', orderWith({ userId: 'bob' })],
    ['another currency', 'CURRENCY_MISMATCH', 'currencyCode', orderWith({ currencyCode: 'EUR' })],
    ['a currency with NUL', 'CURRENCY_MISMATCH', 'currencyCode', orderWith({ currencyCode: 'US\u0000' })],
    ['a date without an offset', 'INVALID_INPUT', 'orderDate', orderWith({ orderDate: '2026-11-24T09:00:00' })],
    ['a date without a time', 'INVALID_INPUT', 'orderDate', orderWith({ orderDate: '2026-11-24' })],
    ['a day that does not exist', 'INVALID_INPUT', 'orderDate', orderWith({ orderDate: '2026-02-29T00:00:00Z' })],
    ['seconds since 1970', 'INVALID_INPUT', 'orderDate', orderWith({ orderDate: 1_790_000_000 })],
    ['five minutes and a millisecond ahead', 'DATE_OUT_OF_RANGE', 'orderDate', orderWith({ orderDate: '2026-11-24T12:05:00.001Z' })],
    ['shipped before ordered', 'DATE_OUT_OF_RANGE', 'shippedAt', orderWith(dates('2026-11-20T00:00:00Z', '2026-11-19T23:59:59.999Z'))],
    ['shipped in the future', 'DATE_OUT_OF_RANGE', 'shippedAt', orderWith({ shippedAt: '2026-11-24T12:05:00.001Z' })],
    ['a ship date of an open order', 'INVALID_INPUT', 'shippedAt', orderWith({ status: 'OPEN', shippedAt: '2026-11-24T12:00:00Z' })],
    ['a malformed estimate', 'INVALID_INPUT', 'lineItems.1.estimatedShipDate', lineWith({ estimatedShipDate: 'soon' })],
    ['the same key twice', 'LINE_KEY_DUPLICATE', 'lineItems.1.lineKey', orderWith({ lineItems: [keyed('k'), keyed(' k ')] })],
    ['101 coupons', 'INVALID_INPUT', 'coupons', orderWith({ coupons: Array.from({ length: 101 }, String) })],
    ['an empty coupon', 'INVALID_INPUT', 'coupons.0', orderWith({ coupons: [''] })],
    ['negative points to redeem', 'INVALID_INPUT', 'redeemPoints', orderWith({ redeemPoints: -1 })],
    ['points that are no number', 'INVALID_INPUT', 'redeemPoints', orderWith({ redeemPoints: 'NaN' })],
    ['a text of a megabyte', 'INVALID_INPUT', 'lineItems.1.description', lineWith({ description: 'x'.repeat(1_000_000) })],
    ['an id of a megabyte', 'INVALID_INPUT', 'orderId', orderWith({ orderId: 'x'.repeat(1_000_000) })],
    ['attributes of a megabyte', 'INVALID_INPUT', 'attributes', orderWith({ attributes: { a: 'x'.repeat(1_000_000) } })],
  ])('%s', async (_, code, path, input) => {
    const errors = await refusalOf(input);
    expect(errors).toMatchObject([{ code, path: at(path) }]);
    expect(errors[0]?.message.length).toBeGreaterThan(10);
  });
});

function crossing(price: string): readonly Fields[] {
  return [
    { productId: 'p', quantity: 10, unitPrice: '10000000000' },
    { productId: 'q', quantity: 1, unitPrice: price },
  ];
}
function dates(orderDate: string, shippedAt: string): Fields {
  return { orderDate, shippedAt };
}
function keyed(lineKey: string): Fields {
  return { ...line, lineKey };
}

describe('accepted, on the other side of each bound', () => {
  test.each<[what: string, input: Fields]>([
    ['500 lines', orderWith({ lineItems: lines(500) })],
    ['quantity 1', lineWith({ quantity: 1 })],
    ['quantity 1,000,000', lineWith({ quantity: 1_000_000 })],
    ['a price of 10^12 minor units', lineWith({ unitPrice: '10000000000.00' })],
    ['a price of 0', lineWith({ unitPrice: 0 })],
    ['zeros beyond the decimals of the currency', lineWith({ unitPrice: '230.0000000000' })],
    ['a price with an exponent', lineWith({ unitPrice: '1e3' })],
    ['a discount of the whole line', lineWith({ discount: '10' })],
    ['an order discount of all lines', orderWith({ discount: '10.00' })],
    ['a total unlike the lines', orderWith({ total: '3' })],
    ['lines worth 10^13 minor units', orderWith({ lineItems: crossing('0') })],
    ['ids of 128', orderWith({ orderId: 'x'.repeat(128), lineItems: [{ ...line, productId: 'y'.repeat(128) }] })],
    ['ids of 1', orderWith({ orderId: 'x', lineItems: [{ ...line, productId: 'y' }] })],
    ['ids that are numbers', orderWith({ orderId: 1234 })],
    ['ids with blanks around them', orderWith({ orderId: '  x ', userId: ' ann ' })],
    ['five minutes ahead', orderWith({ orderDate: '2026-11-24T12:05:00.000Z' })],
    ['five minutes ahead, in another offset', orderWith({ orderDate: '2026-11-24T17:35:00+05:30' })],
    ['shipped when ordered', orderWith(dates('2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z'))],
    ['a blank ship date and others null', orderWith({ shippedAt: null, orderDate: null, total: null, coupons: null, attributes: null })],
    ['100 coupons', orderWith({ coupons: Array.from({ length: 100 }, String) })],
    ['no points to redeem', orderWith({ redeemPoints: 0 })],
    ['a whole pair of surrogates', lineWith({ name: '\ud83d\ude00' })],
    ['a backslash before u0000 in attributes', orderWith({ attributes: { path: 'C:\\u0000' } })],
  ])('%s', async (_, input) => {
    const before = await world.stored();
    expect(await acceptedErrors(input)).toEqual([]);
    expect(await world.stored()).toEqual(before);
  });
});

describe('NUL and halves of characters, in every string', () => {
  const bad = [
    ['NUL', 'a\u0000b'],
    ['a high half', 'a\ud800'],
    ['a low half', '\udc00b'],
  ] as const;
  const inOrder = ['orderId', 'userId', 'storeId', 'source'];
  const inLine = ['productId', 'lineKey', 'categoryId', 'categoryName', 'name', 'description', 'url', 'imageUrl', 'coupon'];
  const cases = bad.flatMap(([what, text]) => [
    ...inOrder.map((name) => [what, name, orderWith({ [name]: text })] as const),
    ...inLine.map((name) => [what, `lineItems.1.${name}`, lineWith({ [name]: text })] as const),
    [what, 'coupons.1', orderWith({ coupons: ['good', text] })] as const,
    [what, 'orderDate', orderWith({ orderDate: text })] as const,
    [what, 'attributes', orderWith({ attributes: { deep: [{ value: text }] } })] as const,
    [what, 'attributes', orderWith({ attributes: { deep: [{ [text]: 1 }] } })] as const,
  ]);
  test.each(cases)('%s at %s', async (_, path, input) => {
    expect(await refusalOf(input)).toMatchObject([{ code: 'INVALID_INPUT', path: at(path) }]);
  });
});

describe('the rules of a site', () => {
  test('an order date, a line key, decimals of the currency', async () => {
    const site = await openWorld({ currencyCode: 'JPY', orders: { dateRequired: true, lineKeyRequired: true } });
    const orderDate = '2026-11-24T12:00:00Z';
    const refusal = async (input: Fields) => (await site.send('createOrder', input)).userErrors;
    expect(await refusal(orderWith({}))).toMatchObject([{ code: 'ORDER_DATE_REQUIRED', path: at('orderDate') }]);
    expect(await refusal(orderWith({ orderDate }))).toMatchObject([{ code: 'LINE_KEY_REQUIRED', path: at('lineItems.0.lineKey') }]);
    const yen = (unitPrice: string) => orderWith({ orderDate, lineItems: [{ ...line, lineKey: 'k', unitPrice }] });
    expect(await refusal(yen('10.5'))).toMatchObject([{ code: 'INVALID_MONEY_SCALE', path: at('lineItems.0.unitPrice') }]);
    expect(await refusal(yen('1000000000001'))).toMatchObject([{ code: 'INVALID_PRICE' }]);
    expect(await refusal(yen('1000000000000.0'))).toEqual([]);
    await site.close();
  });

  test.each([
    ['90071.99254740991', []],
    ['90071.99254740992', [{ code: 'INVALID_INPUT', path: at('lineItems.1') }]],
  ])('points of an order up to 2^53 - 1: ratio %s', async (baseRatio, errors) => {
    const site = await openWorld({ purchase: { ...plainProgram.purchase, baseRatio } });
    const order = orderWith({
      lineItems: [
        { ...line, unitPrice: 0 },
        { ...line, quantity: 10, unitPrice: '10000000000' },
      ],
    });
    const payload = await site.send('createOrder', order);
    expect(payload.userErrors).toMatchObject(errors);
    expect(payload.userErrors).toHaveLength(errors.length);
    if (errors.length === 0) {
      expect(payload.member?.points.available).toBe(Number.MAX_SAFE_INTEGER);
      const before = await site.stored();
      const one = await site.order('one more', [['p', 1, '0.01']]);
      expect(one.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: at('lineItems.0') }]);
      expect((await site.adjust('new', 'CREDIT', '0.01')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: at('amount') }]);
      expect((await site.cart([['p', 1, '0.01']])).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
      expect(await site.stored()).toEqual(before);
    }
    await site.close();
  });
});

test('in bulk a bad value fails its own row only, and an id may come twice', async () => {
  const good = (orderId: string) => orderWith({ orderId });
  const bad = { ...good('b3'), lineItems: [{ ...line, unitPrice: 'NaN' }] };
  const rows = [good('b1'), good('b1'), { ...good('b2'), orderDate: 'yesterday' }, bad, { ...good('b4'), lineItems: [] }, good('')];
  const { payload } = (await world.server.execute(mutationDocument('bulkCreateOrders'), { input: { orders: [...rows, good('b5')] } }))
    .data as { payload: BulkPayload }; // The document asks for this shape.
  expect(payload.rows.map(({ status }) => status)).toEqual(['CREATED', 'UNCHANGED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'CREATED']);
  expect(payload.rows.flatMap(({ userErrors }) => userErrors.map(({ code, path }) => [code, ...path.slice(1)]))).toEqual([
    ['INVALID_INPUT', 'orders', '2', 'orderDate'],
    ['INVALID_PRICE', 'orders', '3', 'lineItems', '0', 'unitPrice'],
    ['INVALID_INPUT', 'orders', '4', 'lineItems'],
    ['INVALID_INPUT', 'orders', '5', 'orderId'],
  ]);
});
