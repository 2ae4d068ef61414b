// The content of a command as it was sent, in one form, so that a repeat is recognised however its values were written.
import { attributesDepth } from './check.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { formatInstant, parseInstant } from './instant.ts';

type Normalise = (value: unknown) => unknown;
/** How each field of an input is normalised; a field that is not here does not count as content. */
type Shape = { readonly [field: string]: Normalise };

const text: Normalise = (value) => value;
const id: Normalise = (value) => (typeof value === 'string' ? value.trim() : value);
const decimal: Normalise = (value) => {
  const parsed = typeof value === 'string' ? parseDecimal(value) : null;
  return parsed ? formatDecimal(parsed) : value;
};
const instant: Normalise = (value) => {
  const parsed = typeof value === 'string' ? parseInstant(value) : null;
  return parsed === null ? value : formatInstant(parsed);
};
const list =
  (item: Normalise): Normalise =>
  (value) =>
    Array.isArray(value) ? value.map(item) : value;
/** A value that the schema would have put there itself is no content. */
const unless =
  (standard: string | boolean, normalise: Normalise): Normalise =>
  (value) => {
    const normal = normalise(value);
    return normal === standard ? null : normal;
  };
const couponList: Normalise = (value) => (Array.isArray(value) && value.length === 0 ? null : list(id)(value));

/** JSON with its keys in one order. Objects become entries, marked, so that no key has a meaning of its own and a list stays another value. What is too deep is refused later, so it is cut. */
const json = (value: unknown, levels = attributesDepth): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return 'CUT';
  if (Array.isArray(value)) return ['list', ...value.map((item) => json(item, levels - 1))];
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['object', ...sorted.map(([key, item]) => [key, json(item, levels - 1)])];
};

const shaped =
  (shape: Shape): Normalise =>
  (value) =>
    typeof value === 'object' && value !== null ? pick(shape, value) : value;

function pick(shape: Shape, input: object): Record<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(input));
  const named = Object.entries(shape).map(([field, normalise]) => [field, normalise(values.get(field) ?? null)] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== null));
}

const selector = shaped({ id, lineKey: id, productId: id });
const lineItem = shaped({
  productId: id,
  lineKey: id,
  quantity: text,
  unitPrice: decimal,
  discount: unless('0', decimal),
  categoryId: id,
  categoryName: text,
  name: text,
  description: text,
  url: text,
  imageUrl: text,
  coupon: id,
  autoDelivery: unless(false, text),
  estimatedShipDate: instant,
});

const shapes = {
  createOrder: {
    orderId: id,
    userId: id,
    lineItems: list(lineItem),
    orderDate: instant,
    total: decimal,
    discount: unless('0', decimal),
    coupons: couponList,
    currencyCode: text,
    storeId: id,
    source: id,
    status: text,
    shippedAt: instant,
    // No points and no word of points are the same redemption.
    redeemPoints: unless('0', decimal),
    attributes: (value) => json(value),
  },
  updateOrder: {
    orderId: id,
    action: text,
    lineItems: list(shaped({ lineItem: selector, quantity: text })),
    allLineItems: unless(false, text),
    occurredAt: instant,
    reason: text,
  },
  addToOrder: { orderId: id, lineItems: list(lineItem), occurredAt: instant, disregardHoldPeriod: unless(false, text) },
  correctOrder: {
    orderId: id,
    lineItems: list(
      shaped({
        lineItem: selector,
        quantity: text,
        shippedQuantity: text,
        returnedQuantity: text,
        cancelledQuantity: text,
        unitPrice: decimal,
        discount: decimal,
        categoryId: id,
        categoryName: text,
        name: text,
        description: text,
      }),
    ),
    reason: text,
  },
  adjustSpend: { orderId: id, type: text, amount: decimal, reason: text, adjustedBy: id },
} as const satisfies Record<string, Shape>;

export type ContentKind = keyof typeof shapes;

/**
 * The normalised text of an input: nulls and schema defaults gone, numbers, ids and dates in one form, JSON keys sorted,
 * key and expectedVersion left out. Never a value that came from the program, the clock or the present state.
 */
export const contentOf = (kind: ContentKind, input: object): string => JSON.stringify([kind, pick(shapes[kind], input)]);
