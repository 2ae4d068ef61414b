// Filters of orders at their very bounds, and several pages of one list in one request.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.order('early', [['a', 1, '10']], { orderDate: '2026-11-01T00:00:00.000Z' });
  await world.order('late', [['a', 1, '20']], { orderDate: '2026-11-02T00:00:00.000Z' });
});
afterAll(() => world.close());

async function found(filter: object): Promise<readonly string[]> {
  const query = 'query($filter: OrderFilter) { orders(filter: $filter, sort: ORDER_DATE_ASC) { totalCount nodes { orderId } } }';
  const { answer } = await world.post(query, { filter });
  expect(answer.errors).toBeUndefined();
  const { orders } = answer.data as { orders: { totalCount: number; nodes: { orderId: string }[] } }; // What the query asks for.
  expect(orders.totalCount).toBe(orders.nodes.length);
  return orders.nodes.map(({ orderId }) => orderId);
}

test.each([
  [{ orderDate: { from: '2026-11-01T00:00:00Z' } }, ['early', 'late']],
  [{ orderDate: { from: '2026-11-01T00:00:00.001Z' } }, ['late']],
  [{ orderDate: { before: '2026-11-02T00:00:00Z' } }, ['early']],
  [{ orderDate: { before: '2026-11-02T00:00:00.001Z' } }, ['early', 'late']],
  [{ updatedAt: { before: '2026-11-24T12:00:00Z' } }, []],
  [{ updatedAt: { from: '2026-11-24T12:00:00Z' } }, ['early', 'late']],
  [{ total: { min: '20' } }, ['late']],
  [{ total: { max: '10' } }, ['early']],
  [{ total: { min: '10', max: '20' } }, ['early', 'late']],
  [{ total: { min: '10.001', max: '19.999' } }, []],
  [{ orderDate: { before: '2026-11-02T00:00:00Z' }, total: { min: '20' } }, []],
])('%j finds %j', async (filter, orderIds) => {
  expect(await found(filter)).toEqual(orderIds);
});

test('two pages of one list in one request are two pages', async () => {
  const page = '{ nodes { orderId } }';
  const query = `{ member(by: { userId: "ann" }) { one: orders(first: 1) ${page} two: orders(first: 2) ${page} } }`;
  const { answer } = await world.post(query);
  expect(answer.data).toEqual({
    member: { one: { nodes: [{ orderId: 'late' }] }, two: { nodes: [{ orderId: 'late' }, { orderId: 'early' }] } },
  });
  const lists = `{ member(by: { userId: "ann" }) { one: pointsEntries(first: 1) { nodes { points } } two: pointsEntries(first: 2) { nodes { points } } } }`;
  expect((await world.post(lists)).answer.data).toEqual({
    member: { one: { nodes: [{ points: 20 }] }, two: { nodes: [{ points: 20 }, { points: 10 }] } },
  });
});
