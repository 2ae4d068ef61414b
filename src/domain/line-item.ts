// A line of an order: its quantities, from which everything else about it follows.
import { proRata, valueMinor } from './money.ts';
import type { EarningRule } from './points.ts';

export const orderStatuses = [
  'OPEN',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'PARTIALLY_RETURNED',
  'RETURNED',
  'PARTIALLY_CANCELLED',
  'CANCELLED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];
export const orderActions = ['SHIP', 'RETURN', 'CANCEL', 'ADD', 'CORRECT', 'ADJUST_SPEND'] as const;
export type OrderAction = (typeof orderActions)[number];

/** 0 ≤ cancelled, shipped + cancelled ≤ quantity, returned ≤ shipped. */
export type Quantities = { readonly quantity: number; readonly shipped: number; readonly cancelled: number; readonly returned: number };

/** Goods whose hold ends at an instant. */
export type Portion = { readonly quantity: number; readonly dueAt: number };

/** A line. Amounts are minor units of the program's currency, points units of its scale. */
export type LineItem = Quantities & {
  /** The order's internal id. */
  readonly orderId: string;
  /** 1, 2, 3 ... in the order: with the order's id it is the line's identity. */
  readonly position: number;
  readonly productId: string;
  readonly lineKey: string | null;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  /** The line's share of the order's discount, fixed when the order was created. */
  readonly discountShareMinor: number;
  readonly categoryId: string | null;
  readonly categoryName: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly url: string | null;
  readonly imageUrl: string | null;
  readonly coupon: string | null;
  readonly autoDelivery: boolean;
  readonly estimatedShipDate: number | null;
  readonly firstShippedAt: number | null;
  readonly lastShippedAt: number | null;
  /** The business instant at which the line came into the order. */
  readonly acceptedAt: number;
  /** Kept goods whose points are not held: their hold is over, or was disregarded. */
  readonly matured: number;
  /** Kept goods whose hold ends at a known instant, the next one first. */
  readonly waiting: readonly Portion[];
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly rule: EarningRule;
  /** The order's date again, by which the orders of a product are listed. */
  readonly orderDate: number;
};

export const openQuantity = ({ quantity, shipped, cancelled }: Quantities): number => quantity - shipped - cancelled;
export const returnableQuantity = ({ shipped, returned }: Quantities): number => shipped - returned;
export const keptQuantity = ({ quantity, cancelled, returned }: Quantities): number => quantity - cancelled - returned;

/** The status of a line; of an order when given the sums over its lines. The first that holds counts. */
export function statusOf({ quantity, shipped, cancelled, returned }: Quantities): OrderStatus {
  if (cancelled === quantity) return 'CANCELLED';
  if (shipped > 0 && returned === shipped && shipped + cancelled === quantity) return 'RETURNED';
  if (returned > 0) return 'PARTIALLY_RETURNED';
  if (shipped > 0) return shipped + cancelled === quantity ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  return cancelled > 0 ? 'PARTIALLY_CANCELLED' : 'OPEN';
}

/** What a line is worth, and what is taken off that. */
export type Priced = Quantities & Pick<LineItem, 'unitPriceMinor' | 'discountMinor' | 'discountShareMinor'>;

/** What the order's and the line's own discount take off `kept` goods: HALF_UP, once, so that the parts end at the whole. */
export const retainedDiscount = (line: Priced, kept: number): number =>
  proRata(line.discountMinor + line.discountShareMinor, kept, line.quantity);

/** unitPrice × quantity, less the line's discount and its share of the order's. */
export const lineTotal = (line: Priced): number =>
  valueMinor(line.unitPriceMinor, line.quantity) - line.discountMinor - line.discountShareMinor;

/** What the kept quantity retains of the line's total. */
export const lineCurrentTotal = (line: Priced): number => {
  const kept = keptQuantity(line);
  return valueMinor(line.unitPriceMinor, kept) - retainedDiscount(line, kept);
};

/** unitPrice × kept quantity, before discounts. */
export const lineKeptValue = (line: LineItem): number => valueMinor(line.unitPriceMinor, keptQuantity(line));
