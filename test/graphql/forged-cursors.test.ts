// Cursors that no list gave: refused, whatever stands in them, before a database is asked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.order('o1', [['p', 1, 10]]);
});
afterAll(() => world.close());

const lists = {
  '{ orders(first: 1, after: $after) { nodes { id } } }': 'ORDER_DATE_DESC',
  '{ members(first: 1, after: $after) { nodes { id } } }': 'members',
  '{ order(by: { orderId: "o1" }) { events(first: 1, after: $after) { nodes { id } } } }': 'events',
  '{ member(by: { userId: "ann" }) { lots(first: 1, after: $after) { nodes { id } } } }': 'lots',
  '{ member(by: { userId: "ann" }) { spendAdjustments(first: 1, after: $after) { nodes { id } } } }': 'memberAdjustments',
};
const faults = [[1.5, 1.5], [1e300, 'x'], [-1e300, 1], ['a\u0000', 'a\u0000'], [null, null], [true, 1], [[1], [1]], ['x'], [2 ** 53, 'x']]; // biome-ignore format: one line

test.each(Object.entries(lists))('%s', async (query, name) => {
  for (const fault of faults) {
    const after = Buffer.from(JSON.stringify([name, ...fault])).toString('base64url');
    const { answer } = await world.post(`query ($after: String) ${query}`, { after });
    expect(answer.errors?.map(({ extensions }) => extensions), JSON.stringify(fault)).toEqual([{ code: 'INVALID_INPUT', path: ['after'] }]);
  } // biome-ignore format: one expectation
});
