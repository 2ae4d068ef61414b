// A member's entries as a statement: the balances after each follow from those before it, and end in the balances.
import { afterEach, expect, test } from 'vitest';
import { day, sweep } from '../support/story.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** A life with an entry of every type, with debt, a shortfall, an expiry and a release. */
async function live(): Promise<void> {
  const program = { rules: [{ productId: 'gift', type: 'EXCLUDED' }], hold: { type: 'LINE_SHIP_DATE', days: 30 }, expiryDays: 60 };
  world = await openWorld(program, day(0));
  await world.order('o1', [['p', 5, 100]]);
  await world.ship('o1', [['p', 4]]);
  await world.cancel('o1', [['p', 1]]);
  await world.return('o1', [['p', 1]]);
  world.setClock(day(30));
  await sweep(world);
  await world.order('g', [['gift', 2, 100]], { redeemPoints: 290, status: 'SHIPPED' });
  await world.return('o1', [['p', 1]]);
  await world.adjust('g', 'CREDIT', '50');
  await world.return('g', [['gift', 1]]);
  await world.adjust('o1', 'DEBIT', '30');
  await world.correct('o1', 'p', { unitPrice: '110' });
  world.setClock(day(95));
  await sweep(world);
  await world.setProgram({ ...program, debtPolicy: 'CLAMP' });
  await world.return('o1', 'all');
}

test('each entry’s balances are those before it and its own effect; all end in the member’s balances', async () => {
  await live();
  const entries = await world.entries();
  let [available, held, debt] = [0, 0, 0];
  for (const entry of entries) {
    available += entry.available;
    held += entry.held;
    debt += entry.debt;
    const { type, availableAfter, heldAfter, debtAfter } = entry;
    expect({ type, availableAfter, heldAfter, debtAfter }).toEqual({ type, availableAfter: available, heldAfter: held, debtAfter: debt });
    expect(available >= 0 && held >= 0 && debt >= 0 && (available === 0 || debt === 0), type).toBe(true);
  }
  expect(await world.balances()).toMatchObject({ available, held, debt });
  const types = ['CANCEL', 'CORRECTION', 'EARN', 'EXPIRE', 'REDEEM', 'REDEEM_REVERSAL', 'RELEASE', 'RETURN', 'SPEND_ADJUSTMENT'];
  expect([...new Set(entries.map(({ type }) => type))].toSorted()).toEqual(types);
});

test('what an entry is worth is where it went: available, held, debt and uncollected together', async () => {
  await live();
  for (const { type, points, available, held, debt, uncollected } of await world.entries()) {
    const moved = type === 'RELEASE' ? available - debt : available + held - debt - uncollected;
    expect({ type, moved }).toEqual({ type, moved: points });
  }
});

test('used, expired and lifetime are sums of entries too', async () => {
  await live();
  const entries = await world.entries();
  const sum = (types: readonly string[]) =>
    entries.filter(({ type }) => types.includes(type)).reduce((total, { points }) => total + points, 0);
  expect(await world.balances()).toMatchObject({ used: -sum(['REDEEM', 'REDEEM_REVERSAL']), expired: -sum(['EXPIRE']) });
});

test('entries carry the action ids of the REST API', async () => {
  await live();
  const ids = new Map((await world.entries()).map(({ type, actionId }) => [type, actionId]));
  ids.delete('REDEEM_REVERSAL'); // The REST API has no such action.
  expect(Object.fromEntries(ids)).toEqual({
    EARN: 109,
    CANCEL: 148,
    RETURN: 148,
    RELEASE: null,
    REDEEM: 107,
    SPEND_ADJUSTMENT: 164,
    CORRECTION: null,
    EXPIRE: 106,
  });
});
