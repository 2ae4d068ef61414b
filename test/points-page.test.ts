// Holds the page for program managers to the truth: its history, its tables of debt and of redemption are run as they stand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { day } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';
import type { OrderPayload } from './support/world-documents.ts';

let world: World;
afterEach(() => world.close());

const page = readFileSync(join(import.meta.dirname, '../docs/points.md'), 'utf8');
const noPoints = { rules: [{ productId: 'gift', type: 'EXCLUDED' }] };

/** The cells of the table whose header begins so, without the header. */
function table(header: string): readonly (readonly string[])[] {
  const [, body = ''] = page.split(`\n| ${header} |`);
  const rows = body.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

type Act = () => Promise<OrderPayload | undefined>;
const sweep: Act = async () => {
  await world.settle();
  return undefined;
};

describe('the history', () => {
  const acts: Readonly<Record<string, Act>> = {
    'order A': () => world.order('A', [['lamp', 3, 100]]),
    'two lamps are shipped': () => world.ship('A', [['lamp', 2]]),
    'the third lamp is cancelled': () => world.cancel('A', [['lamp', 1]]),
    '14 days after': sweep,
    'order B': () => world.order('B', [['chair', 1, 60]], { redeemPoints: 150 }),
    'the chair is shipped': () => world.ship('B', [['chair', 1]]),
    'a lamp is returned': () => world.return('A', [['lamp', 1]]),
    'the chair is returned': () => world.return('B', [['chair', 1]]),
    '90 days after': sweep,
    'the last lamp is returned': () => world.return('A', [['lamp', 1]]),
  };
  const drawn = [...page.matchAll(/^ +(\d+) {2}● {2}(.*?) {2,}(\d+) +(\d+) +(\d+)$/gm)].map(([, number, what = '', ...figures]) => ({
    number: Number(number),
    what,
    figures: figures.map(Number),
  }));

  test('goes as it is drawn', async () => {
    world = await openWorld({ hold: { type: 'LINE_SHIP_DATE', days: 14 }, expiryDays: 90, pointValue: '0.05' }, day(0));
    expect(drawn).toHaveLength(11);
    for (const { number, what, figures } of drawn) {
      world.setClock(day(number));
      const act = Object.entries(acts).find(([begin]) => what.startsWith(begin))?.[1];
      expect(act, what).toBeDefined();
      expect((await act?.())?.userErrors ?? [], what).toEqual([]);
      const { available, held, debt } = await world.balances();
      expect([available, held, debt], `day ${number}, ${what}`).toEqual(figures);
      if (number === 40) expect(await world.lots()).toMatchObject([{ order: { orderId: 'A' }, remaining: 100, expiresAt: day(106) }]);
    }
    expect((await world.entries()).at(-1)).toMatchObject({ type: 'RETURN', points: -100, uncollected: 100 });
  });
});

describe('the tables of debt', () => {
  const acts: Readonly<Record<string, Act>> = {
    'earned and spent': async () => {
      await world.order('o1', [['p', 2, 100]]);
      return world.order('g', [['gift', 1, 100]], { redeemPoints: 150 });
    },
    'one good returned': () => world.return('o1', [['p', 1]]),
    'the other good returned': () => world.return('o1', [['p', 1]]),
    '180 points earned': () => world.order('o2', [['p', 1, 180]]),
  };

  test.each(['ALLOW', 'CLAMP', 'REFUSE'])('%s', async (debtPolicy) => {
    world = await openWorld({ ...noPoints, debtPolicy });
    const rows = table(debtPolicy);
    expect(rows).toHaveLength(4);
    for (const [what = '', ...cells] of rows) {
      const payload = await acts[what]?.();
      if (cells[0] === 'refused') {
        expect(payload?.userErrors, what).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
        continue;
      }
      expect(payload?.userErrors, what).toEqual([]);
      const { available, debt } = await world.balances();
      const letGo = (await world.entries()).reduce((total, { uncollected }) => total + uncollected, 0);
      expect([available, debt, letGo].map(String), what).toEqual(cells);
    }
  });
});

test('the table of adjustments on hold', async () => {
  world = await openWorld({ hold: { type: 'ORDER_DATE', days: 14 } });
  await world.order('o1', [['p', 1, 100]]);
  const rows = table('Adjusted on hold');
  expect(rows).toHaveLength(3);
  for (const [what = '', ...cells] of rows) {
    const [type, , amount = ''] = what.split(' ');
    expect((await world.adjust('o1', type === 'credit' ? 'CREDIT' : 'DEBIT', amount)).userErrors, what).toEqual([]);
    const { available, held } = await world.balances();
    expect([available, held].map(String), what).toEqual(cells);
  }
});

test('the table of what is given back', async () => {
  world = await openWorld(noPoints);
  await world.order('o1', [['p', 1, 100]]);
  await world.order('g', [['gift', 3, 10]], { redeemPoints: 100 });
  const given = [];
  let before = 0;
  for (let time = 0; time < 3; time += 1) {
    const after = (await world.return('g', [['gift', 1]])).order?.redeemedPointsReturned ?? 0;
    given.push(String(after - before));
    before = after;
  }
  expect(table('100 points redeemed on three goods at the same price').map(([, cell]) => cell)).toEqual(given);
});
