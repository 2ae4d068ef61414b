// Rules for products and categories, frozen on the line: what later commands and releases make of them.
import { afterEach, describe, expect, test } from 'vitest';
import { day } from '../support/story.ts';
import { type Line, openWorld, plainProgram, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const silver = { tiers: { period: 'LIFETIME', levels: [{ name: 'Silver', minimumSpend: '0', ratio: '1.5' }] } };
const always = { from: '2020-01-01T00:00:00Z', before: '2030-01-01T00:00:00Z' };
const triple = { campaigns: [{ name: 'Triple', multiplier: '3', ...always }] };
const linePoints = async (line: Line) => {
  const { order } = await world.order('o1', [line]);
  const [only] = order?.lineItems.nodes ?? [];
  return [only?.pointsAwarded, only?.earning.ratio, only?.earning.zeroReason];
};

describe('a rule for the product beats one for its category', () => {
  const ratio = { type: 'RATIO', ratio: '2' };
  const flat = { type: 'FLAT', points: '7' };
  const excluded = { type: 'EXCLUDED' };
  test.each([
    ['RATIO', { ...ratio, ratio: '0.5' }, ratio, 2, 150, '0.75', null],
    ['FLAT', flat, excluded, 2, 14, null, null],
    ['FLAT', flat, ratio, 2, 14, null, null],
    ['EXCLUDED', excluded, flat, 2, 0, '0', 'EXCLUDED'],
    ['RATIO of 1', { ...ratio, ratio: '1' }, excluded, 2, 300, '1.5', null],
  ])('%s: %j before %j', async (_, product, category, quantity, points, ratioOf, zeroReason) => {
    world = await openWorld({
      rules: [
        { categoryId: 'c', ...category },
        { productId: 'p', ...product },
      ],
      ...silver,
    });
    expect(await linePoints(['p', quantity, 100, { categoryId: 'c' }])).toEqual([points, ratioOf, zeroReason]);
  });
});

describe('a campaign with a rule', () => {
  test.each<[string, Line, number]>([
    ['multiplies a ratio, after the tier', ['shoe', 1, 100, { categoryId: 'shoes' }], 900],
    ['does not multiply points per unit', ['mug', 2, 100], 10],
    ['does not bring an excluded product back', ['card', 1, 100], 0],
  ])('%s', async (_, line, points) => {
    world = await openWorld({
      rules: [
        { categoryId: 'shoes', type: 'RATIO', ratio: '2' },
        { productId: 'mug', type: 'FLAT', points: '5' },
        { productId: 'card', type: 'EXCLUDED' },
      ],
      ...silver,
      ...triple,
    });
    expect((await linePoints(line))[0]).toBe(points);
  });
});

describe('the rule is frozen with the line', () => {
  const flat = (points: string) => ({ rules: [{ productId: 'mug', type: 'FLAT', points }] });

  test('FLAT: partial returns take what the kept goods no longer earn, and add up', async () => {
    world = await openWorld(flat('7.5'), day(0));
    expect((await world.order('o1', [['mug', 3, 100]])).order).toMatchObject({ pointsAwarded: 22 });
    world.setClock(day(1));
    await world.setProgram(flat('100'));
    const taken = [];
    for (let time = 0; time < 3; time += 1) taken.push((await world.return('o1', [['mug', 1]])).pointsRemoved);
    expect(taken).toEqual([7, 8, 7]);
  });

  test('a line that grows keeps its rule; a new line has that of its own date', async () => {
    world = await openWorld(flat('5'), day(0));
    await world.order('o1', [['mug', 1, 100]]);
    world.setClock(day(1));
    await world.setProgram(flat('9'));
    expect((await world.add('o1', [['mug', 2, 100]])).pointsAwarded).toBe(10);
    expect((await world.add('o1', [['mug', 2, 99]])).pointsAwarded).toBe(18);
  });

  test('a release pays what was earned, whatever the rules have become', async () => {
    const hold = { hold: { type: 'LINE_SHIP_DATE', days: 30 } };
    world = await openWorld({ ...hold, ...triple }, day(0));
    await world.order('o1', [['p', 2, 100]]);
    await world.ship('o1', [['p', 1]]);
    world.setClock(day(1));
    await world.setProgram({ ...hold, rules: [{ productId: 'p', type: 'EXCLUDED' }] });
    world.setClock(day(30));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 300, held: 300 });
  });

  test('a corrected category changes the line, and not its points', async () => {
    world = await openWorld({ rules: [{ categoryId: 'shoes', type: 'RATIO', ratio: '2' }] });
    await world.order('o1', [['p', 1, 100, { categoryId: 'shoes' }]]);
    expect(await world.correct('o1', 'p', { categoryId: 'hats' })).toMatchObject({ pointsAwarded: 0, pointsRemoved: 0, userErrors: [] });
    expect((await world.return('o1', 'all')).pointsRemoved).toBe(200);
  });

  test('a member who opted out earns nothing on that order for ever, also when they opt in again', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 30 } }, day(0));
    await world.changeMember('ann', { optedIn: false });
    await world.order('o1', [['p', 1, 100]], { status: 'SHIPPED' });
    await world.changeMember('ann', { optedIn: true });
    world.setClock(day(30));
    await world.settle();
    expect(await world.balances()).toMatchObject({ available: 0, held: 0 });
  });
});

describe('Earning can be read aloud', () => {
  const program = {
    ...silver,
    rules: [{ categoryId: 'shoes', type: 'RATIO', ratio: '2' }],
    campaigns: [{ name: 'Shoe week', multiplier: '1.1', ...always }],
    purchase: { ...plainProgram.purchase, baseRatio: '0.3', pointsBase: 'NET' },
    hold: { type: 'ORDER_DATE', days: 30 },
  };

  test('each step is the one before times its factor; the last is what the line was awarded', async () => {
    world = await openWorld(program);
    const { order } = await world.order('o1', [['boot', 3, '19.99', { categoryId: 'shoes', discount: '9.97' }]]);
    const [line] = order?.lineItems.nodes ?? [];
    // 59.97 less 9.97 is 50: × 0.3 = 15, × 1.5 = 22.5, × 2 = 45, × 1.1 = 49.5, rounded down.
    expect(line?.earning.steps.map(({ kind, label, factor, points }) => [kind, label, factor, points])).toEqual([
      ['BASE', 'Plain', '0.3', '15'],
      ['TIER', 'Silver', '1.5', '22.5'],
      ['CATEGORY_RULE', 'shoes', '2', '45'],
      ['CAMPAIGN', 'Shoe week', '1.1', '49.5'],
      ['ROUNDING', expect.stringContaining('FLOOR'), null, '49'],
    ]);
    expect(line).toMatchObject({ pointsAwarded: 49, earning: { tier: 'Silver', ratio: '0.99', zeroReason: null } });
    expect(order).toMatchObject({ pointsHeld: 49 });
  });

  test('a cart explains itself in the same words as the order', async () => {
    world = await openWorld(program);
    const lines: readonly Line[] = [
      ['boot', 3, '19.99', { categoryId: 'shoes' }],
      ['hat', 1, '0.50'],
    ];
    const cart = (await world.cart(lines)).cart?.lineItems.map(({ earning }) => earning);
    const order = (await world.order('o1', lines)).order?.lineItems.nodes.map(({ earning }) => earning);
    expect(cart).toEqual(order);
    expect(order?.map(({ zeroReason }) => zeroReason)).toEqual([null, 'ROUNDED_TO_ZERO']);
  });
});
