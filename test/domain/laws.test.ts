// Laws of the pure functions, on drawn values.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf } from '../../src/domain/content.ts';
import { divideRounded, type RoundingMode, roundingModes } from '../../src/domain/decimal.ts';
import { type LineItem, openQuantity, orderStatuses, type Quantities, returnableQuantity, statusOf } from '../../src/domain/line-item.ts';
import { spread } from '../../src/domain/money.ts';
import { workflowState, workflowStatesWhere } from '../../src/domain/order.ts';
import { type EarningRule, linePoints } from '../../src/domain/points.ts';

// One seed for all, so that a run can be repeated; LAWS_SEED makes another.
fc.configureGlobal({ seed: Number(process.env['LAWS_SEED'] ?? '20261124') });

const sum = (numbers: readonly number[]): bigint => numbers.reduce((total, number) => total + BigInt(number), 0n);

/** Amounts no larger than what the weights come to, as the discount of an order is. */
const spreads = fc
  .array(fc.integer({ min: 0, max: 10 ** 12 }), { minLength: 1, maxLength: 20 })
  .chain((weights) => fc.record({ weights: fc.constant(weights), amount: fc.integer({ min: 0, max: Number(sum(weights)) }) }));

describe('spread', () => {
  test('the shares sum to the amount, none exceeds its weight, each is within one unit of its exact part', () => {
    fc.assert(
      fc.property(spreads, ({ weights, amount }) => {
        const shares = spread(amount, weights);
        expect(sum(shares)).toBe(BigInt(amount));
        for (const [index, share] of shares.entries()) {
          const weight = weights[index] ?? 0;
          expect(share).toBeLessThanOrEqual(weight);
          const off = BigInt(share) * sum(weights) - BigInt(amount) * BigInt(weight);
          expect(off < sum(weights) && -off < sum(weights)).toBe(weight > 0 || share === 0);
        }
      }),
    );
  });

  test('equal weights differ by at most one unit, the earlier ones first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 1_000 }), (count, amount) => {
        const shares = spread(
          amount,
          Array.from({ length: count }, () => 1_000),
        );
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

/** The whole number that a mode means, found by trying: no arithmetic in common with the code. */
function naive(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  let below = numerator / denominator;
  while (below * denominator > numerator) below -= 1n;
  if (below * denominator === numerator) return below;
  const [down, up] = [numerator - below * denominator, (below + 1n) * denominator - numerator];
  if (mode === 'FLOOR') return below;
  if (mode === 'CEILING') return below + 1n;
  if (down !== up) return down < up ? below : below + 1n;
  return mode === 'HALF_UP' || below % 2n === 1n ? below + 1n : below;
}

test.each(roundingModes)('divideRounded %s is the fraction rounded', (mode) => {
  const halves = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constant(2n));
  const fractions = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 15n }));
  fc.assert(fc.property(fc.oneof(halves, fractions), ([n, d]) => divideRounded(n, d, mode) === naive(n, d, mode)));
});

const rules = fc.record({
  rounding: fc.constantFrom(...roundingModes),
  pointsBase: fc.constantFrom('UNIT_PRICE' as const, 'NET' as const),
  pointsScale: fc.integer({ min: 0, max: 3 }),
  ratio: fc.integer({ min: 0, max: 5_000 }).map((thousandths) => String(thousandths / 1_000)),
});
const lines = fc
  .record({ rule: rules, quantity: fc.integer({ min: 1, max: 40 }), unitPriceMinor: fc.integer({ min: 0, max: 100_000 }) })
  .chain(({ rule, quantity, unitPriceMinor }) =>
    fc
      .integer({ min: 0, max: unitPriceMinor * quantity })
      .map((discountMinor) => lineOf({ ...rule, quantity, unitPriceMinor, discountMinor })),
  );

type Drawn = Pick<EarningRule, 'rounding' | 'pointsBase' | 'pointsScale'> &
  Pick<LineItem, 'quantity' | 'unitPriceMinor' | 'discountMinor'> & { readonly ratio: string };
function lineOf({ rounding, pointsBase, pointsScale, ratio, ...values }: Drawn): LineItem {
  const factors = [{ kind: 'BASE', label: 'base', ratio }] as const;
  const rule = { programVersion: 1, tier: null, currencyDigits: 2, barred: null, flat: null, rounding, pointsBase, pointsScale, factors };
  const texts = { categoryId: null, categoryName: null, name: null, description: null, url: null, imageUrl: null, coupon: null };
  const dates = { estimatedShipDate: null, firstShippedAt: 0, lastShippedAt: 0, acceptedAt: 0, orderDate: 0 };
  const identity = { orderId: 'o', position: 1, productId: 'p', lineKey: null, autoDelivery: false, discountShareMinor: 0 };
  const moved = {
    shipped: values.quantity,
    cancelled: 0,
    returned: 0,
    pointsAwarded: 0,
    pointsRemoved: 0,
    matured: values.quantity,
    waiting: [],
  };
  return { ...identity, ...texts, ...dates, ...moved, ...values, rule };
}

test('any order of partial returns ends alike and takes exactly what was earned', () => {
  fc.assert(
    fc.property(lines, fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 40 }), (line, steps) => {
      const earned = linePoints(line, line.quantity);
      let [kept, taken] = [line.quantity, 0n];
      for (const step of [...steps, line.quantity]) {
        const after = Math.max(0, kept - step);
        taken += linePoints(line, kept) - linePoints(line, after);
        expect(taken).toBe(earned - linePoints(line, after));
        kept = after;
      }
      expect(taken).toBe(earned);
      expect(linePoints(line, 0)).toBe(0n);
    }),
  );
});

const quantities: fc.Arbitrary<Quantities> = fc
  .integer({ min: 1, max: 6 })
  .chain((quantity) =>
    fc
      .integer({ min: 0, max: quantity })
      .chain((cancelled) =>
        fc
          .integer({ min: 0, max: quantity - cancelled })
          .chain((shipped) => fc.integer({ min: 0, max: shipped }).map((returned) => ({ quantity, cancelled, shipped, returned }))),
      ),
  );

describe('status and actions', () => {
  /** The table of statuses once more, each by a condition of its own that excludes the others. */
  const conditions: Readonly<Record<(typeof orderStatuses)[number], (of: Quantities) => boolean>> = {
    CANCELLED: ({ quantity, cancelled }) => cancelled === quantity,
    RETURNED: (of) => of.shipped > 0 && of.returned === of.shipped && openQuantity(of) === 0,
    PARTIALLY_RETURNED: (of) => of.returned > 0 && (returnableQuantity(of) > 0 || openQuantity(of) > 0),
    SHIPPED: (of) => of.returned === 0 && of.shipped > 0 && openQuantity(of) === 0,
    PARTIALLY_SHIPPED: (of) => of.returned === 0 && of.shipped > 0 && openQuantity(of) > 0,
    PARTIALLY_CANCELLED: ({ quantity, shipped, cancelled }) => shipped === 0 && cancelled > 0 && cancelled < quantity,
    OPEN: ({ shipped, cancelled }) => shipped === 0 && cancelled === 0,
  };

  test('every state of quantities has exactly one status', () => {
    fc.assert(
      fc.property(quantities, (of) => {
        expect(orderStatuses.filter((status) => conditions[status](of))).toEqual([statusOf(of)]);
      }),
    );
  });

  test('the packed state says the status and the actions, and is found by both', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lines, quantities), { minLength: 1, maxLength: 4 }), fc.boolean(), (drawn, held) => {
        const all = drawn.map(([line, of]) => ({ ...line, ...of }));
        const state = workflowState(all, held ? 1 : 0);
        const totals = (name: keyof Quantities) => all.reduce((total, line) => total + line[name], 0);
        const sums = {
          quantity: totals('quantity'),
          shipped: totals('shipped'),
          cancelled: totals('cancelled'),
          returned: totals('returned'),
        };
        const kept = all.some(({ quantity, cancelled, returned }) => quantity - cancelled - returned > 0);
        const worth = all.some((line) => line.unitPriceMinor > 0 && line.quantity - line.cancelled - line.returned > 0);
        const allowed = {
          SHIP: openQuantity(sums) > 0,
          CANCEL: openQuantity(sums) > 0,
          RETURN: returnableQuantity(sums) > 0,
          ADD: kept,
          CORRECT: true,
          ADJUST_SPEND: worth,
        };
        const isFound = (question: Parameters<typeof workflowStatesWhere>[0]) => workflowStatesWhere(question).includes(state);
        expect(orderStatuses.filter((status) => isFound({ statuses: [status] }))).toEqual([statusOf(sums)]);
        expect([isFound({ held: true }), isFound({ held: false })]).toEqual([held, !held]);
        for (const action of ['SHIP', 'CANCEL', 'RETURN', 'ADD', 'CORRECT', 'ADJUST_SPEND'] as const)
          expect([action, isFound({ actions: [action] })]).toEqual([action, allowed[action]]);
      }),
    );
  });
});

/** The same JSON with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('contentOf', () => {
  const orderWith = (attributes: unknown) => ({
    orderId: 'o',
    userId: 'u',
    lineItems: [{ productId: 'p', quantity: 1, unitPrice: '1' }],
    attributes,
  });

  test('the order of keys does not count, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (attributes) => {
        const order = orderWith(attributes);
        expect(contentOf('createOrder', { ...(reversed(order) as object) })).toBe(contentOf('createOrder', order)); // An object stays one.
      }),
    );
  });

  test('different attributes are different content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(contentOf('createOrder', orderWith(one)) === contentOf('createOrder', orderWith(other))).toBe(isSame);
      }),
    );
  });

  test('how a number is written does not count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 9 }), (units, zeros) => {
        const priced = (unitPrice: string) => contentOf('createOrder', { orderId: 'o', lineItems: [{ unitPrice }] });
        expect(priced(`00${units}.${'0'.repeat(zeros + 1)}`)).toBe(priced(String(units)));
        expect(priced(String(units + 1))).not.toBe(priced(String(units)));
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { object: entries.map(([key, item]) => [key, sorted(item)]) };
}
