// updateOrder and correctOrder at the edges: sums beyond 32 bits, dates before quantities, ship dates that are corrected away.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.order('o1', [['D1', 3, '10']], { orderDate: '2026-11-01T00:00:00Z' });
});
afterEach(() => world.close());

test('a sum of quantities beyond 32 bits is refused, with what can be shown', async () => {
  const document = `mutation($input: UpdateOrderInput!) { updateOrder(input: $input) { userErrors { code ... on QuantityError { requested maximum } } } }`;
  const lineItems = [1, 2_147_483_647].map((quantity) => ({ lineItem: { productId: 'D1' }, quantity }));
  const { answer } = await world.post(document, { input: { orderId: 'o1', action: 'RETURN', lineItems, idempotencyKey: 'k' } });
  expect(answer).toEqual({ data: { updateOrder: { userErrors: [{ code: 'QUANTITY_EXCEEDED', requested: 2_147_483_647, maximum: 3 }] } } });
});

test.each([{ cancelledQuantity: 2_147_483_647 }, { shippedQuantity: 1_000_001 }, { returnedQuantity: -1 }])(
  'a correction to %j is refused',
  async (values) => {
    const { userErrors } = await world.correct('o1', 'D1', { quantity: 1, ...values });
    const [name] = Object.keys(values);
    expect(userErrors).toMatchObject([
      { code: 'INVALID_QUANTITY', path: ['input', 'lineItems', '0', name], minimum: 0, maximum: 1_000_000 },
    ]);
  },
);

test('an impossible date is told before a quantity', async () => {
  const { userErrors } = await world.return('o1', [['D1', 9]], { occurredAt: '2030-01-01T00:00:00Z' });
  expect(userErrors).toMatchObject([{ code: 'DATE_OUT_OF_RANGE', path: ['input', 'occurredAt'] }]);
});

test('goods that were never shipped after all cannot come back before they are', async () => {
  await world.correct('o1', 'D1', { shippedQuantity: 0 });
  await world.ship('o1', 'all', { occurredAt: '2026-11-20T00:00:00Z' });
  const early = await world.return('o1', 'all', { occurredAt: '2026-11-10T00:00:00Z' });
  expect(early.userErrors).toMatchObject([{ code: 'DATE_OUT_OF_RANGE' }]);
  const late = await world.return('o1', 'all', { occurredAt: '2026-11-20T00:00:00Z' });
  expect(late.userErrors).toEqual([]);
});
