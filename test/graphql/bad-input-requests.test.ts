// Malformed and hostile requests: a clear error with a code, never a 500, never database text, nothing written.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectLine } from '../../src/domain/line-selection.ts';
import type { Order } from '../../src/domain/order.ts';
import { selectorOf } from '../../src/graphql/line-item.ts';
import { exactlyOne, hasExactlyOne } from '../../src/graphql/one-of.ts';
import type { Answer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { mutationDocument } from '../support/world-documents.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.order('o1', [['p', 1, 10]]);
});
afterAll(() => world.close());

async function post(query: string, variables: Record<string, unknown> | string = {}): Promise<Answer> {
  const before = await world.stored();
  const { status, text, answer } = await world.post(query, variables);
  expect(status).toBeLessThan(500);
  expect(text).not.toMatch(/SQL|INTERNAL_ERROR/i);
  expect(await world.stored()).toEqual(before);
  return answer;
}
const codesOf = ({ errors = [] }: Answer): readonly unknown[] => errors.map(({ extensions }) => extensions?.['code']);
const idOf = (text: string): string => Buffer.from(text).toString('base64url');

describe('values of wrong types, as variables', () => {
  const line = { productId: 'p', quantity: 1, unitPrice: '1' };
  const order = { orderId: 'new', userId: 'ann', lineItems: [line] };
  const { userId: _, ...withoutUser } = order;
  test.each<readonly [what: string, input: unknown]>([
    ['a quantity that is text', { ...order, lineItems: [{ ...line, quantity: '1' }] }],
    ['a quantity of one and a half', { ...order, lineItems: [{ ...line, quantity: 1.5 }] }],
    ['no quantity', { ...order, lineItems: [{ ...line, quantity: null }] }],
    ['a quantity of 2^31', { ...order, lineItems: [{ ...line, quantity: 2_147_483_648 }] }],
    ['a price that is true', { ...order, lineItems: [{ ...line, unitPrice: true }] }],
    ['a price that is a list', { ...order, lineItems: [{ ...line, unitPrice: ['1'] }] }],
    ['a price of 65 characters', { ...order, lineItems: [{ ...line, unitPrice: '1'.repeat(65) }] }],
    ['a price of a megabyte', { ...order, lineItems: [{ ...line, unitPrice: '1'.repeat(1_000_000) }] }],
    ['a date that is an object', { ...order, orderDate: {} }],
    ['a date of a megabyte', { ...order, orderDate: '2'.repeat(1_000_000) }],
    ['an id that is an object', { ...order, orderId: { id: 1 } }],
    ['an id that is a fraction', { ...order, orderId: 1.5 }],
    ['no user', withoutUser],
    ['lines that are null', { ...order, lineItems: null }],
    ['a line that is null', { ...order, lineItems: [null] }],
    ['an unknown field', { ...order, colour: 'red' }],
    ['an unknown status', { ...order, status: 'LOST' }],
    ['a coupon that is null', { ...order, coupons: [null] }],
    ['an input that is a list', [order, order]],
    ['no input', null],
  ])('%s', async (__, input) => {
    expect(codesOf(await post(mutationDocument('createOrder'), { input }))).toEqual(['BAD_USER_INPUT']);
  });
});

describe('values of wrong types, as literals, and documents that are none', () => {
  const create = (fields: string) =>
    `mutation { createOrder(input: { orderId: "new", userId: "ann", lineItems: [{ productId: "p", ${fields} }] }) { replayed } }`;
  test.each([
    ['a quantity that is text', create('quantity: "1", unitPrice: 1')],
    ['NaN', create('quantity: 1, unitPrice: NaN')],
    ['a price of 65 digits', create(`quantity: 1, unitPrice: ${'1'.repeat(65)}`)],
    ['no price', create('quantity: 1')],
    ['half a character', create('quantity: 1, unitPrice: 1, name: "\\ud800"')],
    ['an unknown field', '{ nope }'],
    ['an empty document', ''],
    ['an open brace', '{'],
    ['NUL', '\u0000'],
    ['lists 20,000 deep', create(`quantity: 1, unitPrice: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
  ])('%s', async (_, document) => {
    const codes = codesOf(await post(document));
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST']).toContain(code);
  });

  test.each([
    '',
    'x',
    '[]',
    'null',
    '{"query":1}',
    '{"query":"{ __typename }","variables":[]}',
    '{"query":"{ __typename }","variables":{"a":NaN}}',
  ])('the body %j', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await world.server.fetch(new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body }));
    expect(response.status).toBe(400);
    expect(codesOf(JSON.parse(await response.text()))).toEqual(['BAD_REQUEST']);
  });
});

describe('attributes', () => {
  const withAttributes = (json: string) =>
    `{"dryRun":true,"input":{"orderId":"new","userId":"ann","lineItems":[{"productId":"p","quantity":1,"unitPrice":"1"}],"attributes":${json}}}`;
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const send = async (json: string) => post(mutationDocument('createOrder'), withAttributes(json));

  test.each([
    [100, []],
    [101, [{ code: 'INVALID_INPUT', path: ['input', 'attributes'] }]],
    [190, [{ code: 'INVALID_INPUT', path: ['input', 'attributes'] }]],
  ])('%i levels', async (levels, userErrors) => {
    expect(await send(nested(levels))).toMatchObject({ data: { payload: { userErrors } } });
  });

  test('100,000 levels are refused with the whole body', async () => {
    expect(codesOf(await send(nested(100_000)))).toEqual(['BAD_REQUEST']);
  });

  test('keys that objects have a meaning for come back as they were', async () => {
    const json = '{"__proto__":{"polluted":true},"constructor":1,"toString":null}';
    const { text } = await world.post(mutationDocument('createOrder'), withAttributes(json));
    expect(text).toContain(`"attributes":${json}`);
    expect('polluted' in {}).toBe(false);
  });

  test('`__proto__` counts as content', async () => {
    const make = (json: string) =>
      post(mutationDocument('createOrder'), withAttributes(json).replace('"dryRun":true,', '').replace('new', 'o2'));
    await world.post(mutationDocument('createOrder'), withAttributes('{"__proto__":1}').replace('"dryRun":true,', '').replace('new', 'o2'));
    expect(await make('{"__proto__":1}')).toMatchObject({ data: { payload: { replayed: true } } });
    expect(await make('{}')).toMatchObject({ data: { payload: { userErrors: [{ code: 'ORDER_ID_CONFLICT' }] } } });
  });
});

describe('@oneOf: none or two keys', () => {
  const update = `mutation ($selector: LineItemIdentifierInput!) {
    updateOrder(input: { orderId: "o1", action: RETURN, lineItems: [{ lineItem: $selector, quantity: 1 }], idempotencyKey: "k" }) { replayed } }`;
  const bulk = 'mutation ($row: BulkOrderUpdate!) { bulkUpdateOrders(input: { updates: [$row] }) { failed } }';
  const add = { orderId: 'o1', lineItems: [], idempotencyKey: 'k' };
  test.each<readonly [document: string, variables: Record<string, unknown>]>([
    ['{ order(by: {}) { id } }', {}],
    ['{ order(by: { id: "a", orderId: "b" }) { id } }', {}],
    ['{ order(by: { id: null }) { id } }', {}],
    ['{ member(by: { id: "a", userId: "b" }) { id } }', {}],
    ['query ($by: OrderIdentifierInput!) { order(by: $by) { id } }', { by: {} }],
    ['query ($by: OrderIdentifierInput!) { order(by: $by) { id } }', { by: { id: 'a', orderId: 'b' } }],
    ['query ($by: MemberIdentifierInput!) { member(by: $by) { id } }', { by: { userId: null } }],
    ['query ($orderId: ID) { order(by: { orderId: $orderId }) { id } }', { orderId: null }],
    [update, { selector: {} }],
    [update, { selector: { productId: 'p', lineKey: 'k' } }],
    [bulk, { row: {} }],
    [bulk, { row: { add, correct: add } }],
  ])('%s with %j', async (document, variables) => {
    const [code] = codesOf(await post(document, variables));
    expect(['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'INVALID_INPUT']).toContain(code);
  });

  test('the resolvers check again, for executors that do not', () => {
    expect([{}, { a: null }, { a: 1, b: 2 }].map(hasExactlyOne)).toEqual([false, false, false]);
    expect([{ a: 1 }, { a: '', b: null, c: undefined }].map(hasExactlyOne)).toEqual([true, true]);
    expect(() => exactlyOne({ a: 1, b: 2 }, ['by'])).toThrow(
      expect.objectContaining({ extensions: { code: 'INVALID_INPUT', path: ['by'] } }),
    );
    expect(() => exactlyOne({ a: 1 }, ['by'])).not.toThrow();
    // What the types forbid, as an executor that does not check would pass it on.
    const selectors = [{}, { productId: 'p', lineKey: 'k' }, { id: null }] as unknown as Parameters<typeof selectorOf>[0][];
    expect(selectors.map((input) => selectorOf(input).kind)).toEqual(['NONE', 'NONE', 'NONE']);
    const order = {} as Order; // Not looked at: the selector is refused before.
    expect(selectLine(order, [], { kind: 'NONE' }, ['input'])).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: ['input'] } });
  });
});

describe('reads', () => {
  const garbage = [
    '', 'x', idOf('Order:x'), idOf('Order:'), idOf('Nope:1'), idOf('__proto__:1'), idOf('constructor:1'), idOf('LineItem:x'), idOf('LineItem:x:1'),
    idOf('PointsEntry:x:999999999999999'), idOf('OrderEvent:a:b'), idOf('PointsBalance:'), idOf('PointsLot:x'), idOf('SpendAdjustment:\u0000'),
    'a\u0000b\ud800', 'x'.repeat(100_000),
  ]; // biome-ignore format: a list of words
  test('ids that are none find nothing', async () => {
    const query =
      'query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } order(by: { id: $id }) { id } member(by: { id: $id }) { id } }';
    for (const id of garbage)
      expect(await post(query, { ids: garbage, id })).toEqual({
        data: { nodes: garbage.map(() => null), node: null, order: null, member: null },
      });
  });

  test('strings with NUL, half characters or a megabyte find nothing', async () => {
    const query = `query ($id: ID!, $text: String!, $name: String!) {
      order(by: { orderId: $id }) { id } member(by: { userId: $id }) { id } orderDetails(userId: $id) { totalCount }
      orders(filter: { orderIds: [$id], userIds: [$id], productIds: [$id], storeIds: [$id], sources: [$text] }) { totalCount nodes { id } }
      members(filter: { userIds: [$id], email: $name, namePrefix: $name, tiers: [$text] }) { totalCount nodes { id } } }`;
    for (const text of ['a\u0000', '\ud800', 'x'.repeat(500_000)])
      expect(await post(query, { id: text, text, name: text.slice(0, 256) })).toEqual({
        data: {
          order: null,
          member: null,
          orderDetails: { totalCount: 0 },
          orders: { totalCount: 0, nodes: [] },
          members: { totalCount: 0, nodes: [] },
        },
      });
  });

  test.each([
    ['{ orderDetails { totalCount } }', 'INVALID_INPUT', ['userId']],
    ['{ orders(first: -1) { totalCount } }', 'INVALID_INPUT', ['first']],
    ['{ orders(first: 101) { totalCount } }', 'INVALID_INPUT', ['first']],
    ['{ orders(after: "x") { totalCount } }', 'INVALID_INPUT', ['after']],
    [`{ orders(after: "${idOf('["ORDER_DATE_DESC",1e999,"x"]')}") { totalCount } }`, 'INVALID_INPUT', ['after']],
    ['{ orders(filter: { total: { min: "x" } }) { totalCount } }', 'INVALID_INPUT', ['filter', 'total', 'min']],
    ['{ orders(filter: { orderDate: { from: "2026-01-01" } }) { totalCount } }', 'INVALID_INPUT', ['filter', 'orderDate', 'from']],
    ['{ order(by: { orderId: "o1" }) { lineItems(first: 501) { totalCount } } }', 'INVALID_INPUT', ['first']],
    ['{ secondaryMemberOrders(userId: "ann", secondaryUserId: "bob") { totalCount } }', 'NOT_A_SECONDARY_MEMBER', ['secondaryUserId']],
  ])('%s is %s', async (query, code, path) => {
    expect((await post(query)).errors?.map(({ extensions }) => extensions)).toEqual([{ code, path }]);
  });

  test('bounds beyond all numbers', async () => {
    const query =
      '{ a: orders(filter: { total: { min: "1e90" } }) { totalCount } b: orders(filter: { total: { max: "1e90", min: "-1e90" } }) { totalCount } }';
    expect(await post(query)).toMatchObject({ data: { a: { totalCount: 0 }, b: { totalCount: expect.any(Number) } } });
  });
});
