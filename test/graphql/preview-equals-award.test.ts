// What cartPoints and a dry run foretell is what creating the order gives, under every kind of program.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

type Fields = Readonly<Record<string, unknown>>;
const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };
const atPar = { ...noPoints, pointValue: '1' };
const hold = (type: string) => ({ ...atPar, hold: { type, days: 30 } });
const shipped = { orders: { ...plainProgram.orders, shipOnCreate: true } };
const capped = { purchase: { ...plainProgram.purchase, maximumPointsPerOrder: '100' } };
const net = { purchase: { ...plainProgram.purchase, pointsBase: 'NET' } };
const lines: readonly Line[] = [
  ['p', 2, 100],
  ['q', 1, 50],
];

/** A member with 300 points, or with 100 of debt; the next day the program is as said. */
async function start(program: Fields, debt: boolean): Promise<void> {
  world = await openWorld(atPar, day(0));
  await world.order('funds', [['p', 3, 100]]);
  if (debt) {
    await world.order('g', [['gift', 1, 300]], { redeemPoints: 300 });
    await world.return('funds', [['p', 1]]);
  }
  world.setClock(day(1));
  await world.setProgram(program);
}

type Foretold = {
  readonly points: number;
  readonly availableAfterOrder: number;
  readonly heldAfterOrder: number;
  readonly availableAt: string | null;
  readonly maximumRedeemable: number;
};
/** A program, what the cart has besides its lines of 250, and what is to be expected by the documents. */
type Row = readonly [title: string, program: Fields, more: Fields, debt: boolean, foretold: Foretold];
const foretell = (
  points: number,
  availableAfterOrder: number,
  heldAfterOrder: number,
  availableAt: string | null,
  maximumRedeemable: number,
): Foretold => ({ points, availableAfterOrder, heldAfterOrder, availableAt, maximumRedeemable });

const rows: readonly Row[] = [
  ['no hold', atPar, {}, false, foretell(250, 550, 0, day(1), 250)],
  ['no hold, redeeming', atPar, { redeemPoints: 120 }, false, foretell(250, 430, 0, day(1), 250)],
  ['ORDER_DATE', hold('ORDER_DATE'), {}, false, foretell(250, 300, 250, day(31), 250)],
  ['ORDER_DATE, shipped at once', { ...hold('ORDER_DATE'), ...shipped }, {}, false, foretell(250, 550, 0, day(1), 250)],
  ['LINE_SHIP_DATE', hold('LINE_SHIP_DATE'), {}, false, foretell(250, 300, 250, null, 250)],
  ['LINE_SHIP_DATE, redeeming', hold('LINE_SHIP_DATE'), { redeemPoints: 250 }, false, foretell(250, 50, 250, null, 250)],
  ['LINE_SHIP_DATE, shipped at once', { ...hold('LINE_SHIP_DATE'), ...shipped }, {}, false, foretell(250, 300, 250, day(31), 250)],
  ['ALL_LINES_SHIP_DATE', hold('ALL_LINES_SHIP_DATE'), {}, false, foretell(250, 300, 250, null, 250)],
  ['a cap', { ...atPar, ...capped }, {}, false, foretell(100, 400, 0, day(1), 250)],
  ['a cap and a hold', { ...hold('ORDER_DATE'), ...capped }, {}, false, foretell(100, 300, 100, day(31), 250)],
  ['discounts and NET', { ...atPar, ...net }, { discount: '50' }, false, foretell(200, 500, 0, day(1), 200)],
  ['debt', atPar, {}, true, foretell(250, 150, 0, day(1), 0)],
  ['debt and a hold', hold('ORDER_DATE'), {}, true, foretell(250, 0, 250, day(31), 0)],
  ['a point of a cent', { ...atPar, pointValue: '0.01' }, {}, false, foretell(250, 550, 0, day(1), 300)],
  ['a point of nothing', { ...atPar, pointValue: '0' }, {}, false, foretell(250, 550, 0, day(1), 0)],
];

/** The figures of an order and its member that a cart foretells. */
async function placed(orderId: string, given: readonly Line[], more: Fields, dryRun: boolean) {
  const lineItems = given.map(([productId, quantity, unitPrice, rest]) => ({ productId, quantity, unitPrice, ...rest }));
  const { order, member, userErrors } = await world.send('createOrder', { orderId, userId: 'ann', lineItems, ...more }, dryRun);
  return {
    codes: userErrors.map(({ code }) => code),
    points: order?.pointsAwarded,
    held: order?.pointsHeld,
    releaseAt: order?.pointsReleaseAt,
    availableAfterOrder: member?.points.available,
    heldAfterOrder: member?.points.held,
  };
}

describe('by hand', () => {
  test.each(rows)('%s', async (_, program, more, debt, foretold) => {
    await start(program, debt);
    const before = await world.stored();
    const { cart, userErrors } = await world.cart(lines, more);
    expect(userErrors).toEqual([]);
    expect(cart).toMatchObject(foretold);
    const tried = await placed('o1', lines, more, true);
    expect(await world.stored()).toEqual(before);
    const { points, availableAfterOrder, heldAfterOrder, availableAt } = foretold;
    const expected = { codes: [], points, availableAfterOrder, heldAfterOrder, held: heldAfterOrder };
    expect(tried).toMatchObject(expected);
    expect(await placed('o1', lines, more, false)).toEqual(tried);
    expect(await world.balances()).toMatchObject({ available: availableAfterOrder, held: heldAfterOrder });
    expect(tried.releaseAt).toBe(heldAfterOrder > 0 ? availableAt : null);
  });

  test.each(rows)('maximumRedeemable is accepted and one more refused: %s', async (_, program, more, debt, { maximumRedeemable }) => {
    await start(program, debt);
    const codes = async (redeemPoints: number) => (await placed('o1', lines, { ...more, redeemPoints }, true)).codes;
    expect(await codes(maximumRedeemable)).toEqual([]);
    expect(await codes(maximumRedeemable + 1)).toHaveLength(1);
  });

  test('what is due is counted in, before a sweep has come, and nothing is written', async () => {
    world = await openWorld({ ...hold('LINE_SHIP_DATE'), expiryDays: 10 }, day(0));
    await world.order('o1', [['p', 1, 70]], { status: 'SHIPPED' }); // Released on day 30, expires on day 40.
    await world.order('o2', [['p', 1, 100]], { status: 'SHIPPED' });
    world.setClock(day(30));
    const before = await world.stored();
    expect((await world.cart(lines)).cart).toMatchObject({ availableAfterOrder: 170, heldAfterOrder: 250, maximumRedeemable: 170 });
    world.setClock(day(40));
    expect((await world.cart(lines)).cart).toMatchObject({ availableAfterOrder: 0, heldAfterOrder: 250, maximumRedeemable: 0 });
    expect(await world.stored()).toEqual(before);
    expect(await placed('new', lines, {}, false)).toMatchObject({ availableAfterOrder: 0, heldAfterOrder: 250 });
  });

  test('a cart is refused as the order would be', async () => {
    await start(atPar, false);
    const refused = async (redeemPoints: unknown) =>
      (await world.cart(lines, { redeemPoints })).userErrors.map(({ code, path }) => [code, path]);
    const path = ['input', 'redeemPoints'];
    expect(await refused(301)).toEqual([['INSUFFICIENT_POINTS', path]]);
    expect(await refused(251)).toEqual([['REDEMPTION_EXCEEDS_TOTAL', path]]);
    expect(await refused('0.5')).toEqual([['INVALID_INPUT', path]]);
  });
});

describe('by chance', () => {
  const tiers = {
    period: 'LIFETIME',
    levels: [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend: '900', ratio: '1.5' },
    ],
  };
  const base = { tiers, ...noPoints, pointsScale: 1, pointValue: '0.3', rounding: 'HALF_UP' };
  const programs: readonly Fields[] = [
    base,
    { ...base, ...capped, debtPolicy: 'CLAMP' },
    { ...base, ...net, hold: { type: 'ORDER_DATE', days: 1 } },
    { ...base, ...shipped, hold: { type: 'LINE_SHIP_DATE', days: 2 }, expiryDays: 3 },
    { ...base, hold: { type: 'ALL_LINES_SHIP_DATE', days: 1 } },
  ];
  const line = fc
    .record({
      product: fc.constantFrom('p', 'q', 'gift'),
      quantity: fc.integer({ min: 1, max: 5 }),
      cents: fc.integer({ min: 0, max: 9_999 }),
    })
    .map(({ product, quantity, cents }): Line => [product, quantity, (cents / 100).toFixed(2)]);
  type CartDraw = { readonly lines: readonly Line[]; readonly redeem: number; readonly comesBack: boolean; readonly hours: number };
  const cart: fc.Arbitrary<CartDraw> = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    redeem: fc.integer({ min: 0, max: 400 }),
    comesBack: fc.boolean(),
    hours: fc.integer({ min: 0, max: 30 }),
  });

  test.each(programs.map((program, index) => [index, program] as const))('program %i', async (_, program) => {
    world = await openWorld(program, day(0));
    let orders = 0;
    let now = Date.parse(day(0));
    const foretold = async ({ lines: given, redeem, comesBack, hours }: CartDraw) => {
      now += hours * 3_600_000;
      world.setClock(new Date(now).toISOString());
      const keyed = given.map(([product, quantity, price], index): Line => [product, quantity, price, { lineKey: `k${index}` }]);
      const more = { redeemPoints: (redeem / 10).toFixed(1) };
      const { cart: preview, userErrors } = await world.cart(keyed, more);
      orders += 1;
      const tried = await placed(`o${orders}`, keyed, more, true);
      expect(await placed(`o${orders}`, keyed, more, false)).toEqual(tried);
      expect(userErrors.map(({ code }) => code)).toEqual(tried.codes);
      if (!preview) return;
      const { points, availableAfterOrder, heldAfterOrder } = tried;
      expect(preview).toMatchObject({ points, availableAfterOrder, heldAfterOrder });
      if (tried.held) expect(preview.availableAt).toBe(tried.releaseAt);
      if (comesBack) await world.return(`o${orders}`, 'all');
    };
    await fc.assert(fc.asyncProperty(cart, foretold), { numRuns: 40, endOnFailure: true });
    expect(orders).toBeGreaterThan(0);
  });
});
