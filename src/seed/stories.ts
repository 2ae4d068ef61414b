// What becomes of an order after it was placed: shipments, returns, cancellations, additions, corrections, adjustments.
import type { CreateOrderInput } from '../domain/create-order.ts';
import type { LineItemInput } from '../domain/new-lines.ts';
import { lateProduct } from './catalogue.ts';
import type { OrderCommand } from './commands.ts';

/** A command some hours after the order. */
export type Step = { readonly afterHours: number; readonly command: OrderCommand };
/** Whether the goods left when the order was placed, and what happened then. */
export type Story = { readonly status: 'OPEN' | null; readonly steps: (order: CreateOrderInput, first: LineItemInput) => readonly Step[] };

const days = (count: number): number => count * 24;
const keyOf = (order: CreateOrderInput, what: string): string => `demo-${order.orderId}-${what}`;

type Action = 'SHIP' | 'RETURN' | 'CANCEL';
const whole = (order: CreateOrderInput, afterHours: number, action: Action, reason: string | null = null): Step => {
  const idempotencyKey = keyOf(order, `${action.toLowerCase()}-all`);
  return {
    afterHours,
    command: { kind: 'updateOrder', input: { orderId: order.orderId, action, allLineItems: true, reason, idempotencyKey } },
  };
};
const one = (order: CreateOrderInput, line: LineItemInput, afterHours: number, action: Action, reason: string | null = null): Step => {
  const lineItems = [{ lineItem: { kind: 'PRODUCT', productId: line.productId }, quantity: 1 }] as const;
  const input = {
    orderId: order.orderId,
    action,
    lineItems,
    allLineItems: false,
    reason,
    idempotencyKey: keyOf(order, action.toLowerCase()),
  };
  return { afterHours, command: { kind: 'updateOrder', input } };
};
const addition = (order: CreateOrderInput, line: LineItemInput, afterHours: number): Step => {
  const { discount: _, ...goods } = line; // The discount was for what was ordered first.
  const lineItems = [{ ...goods, quantity: 1 }];
  return { afterHours, command: { kind: 'addToOrder', input: { orderId: order.orderId, lineItems, idempotencyKey: keyOf(order, 'add') } } };
};
const correction = (
  order: CreateOrderInput,
  line: LineItemInput,
  values: { readonly quantity?: number; readonly unitPrice?: string },
  reason: string,
): Step => {
  const lineItems = [{ lineItem: { kind: 'PRODUCT', productId: line.productId }, ...values }] as const;
  const input = { orderId: order.orderId, lineItems, reason, idempotencyKey: keyOf(order, 'correct') };
  return { afterHours: days(2), command: { kind: 'correctOrder', input } };
};
const adjustment = (order: CreateOrderInput, afterHours: number, type: 'CREDIT' | 'DEBIT', amount: string, reason: string): Step => {
  const idempotencyKey = keyOf(order, type.toLowerCase());
  const input = { orderId: order.orderId, type, amount, reason, adjustedBy: 'admin@example.com', idempotencyKey };
  return { afterHours, command: { kind: 'adjustSpend', input } };
};

const withoutCents = (price: string): string => price.replace(/\.\d+$/, '.00');

/** Goods that are short ship late, so that of the newest orders some still wait. */
const late = days(100);

/** Gone through again and again: every story is told several times, and to recent orders as well. */
export const stories: readonly Story[] = [
  { status: null, steps: () => [] },
  { status: 'OPEN', steps: (order) => [whole(order, 30, 'SHIP')] },
  { status: null, steps: (order, first) => [one(order, first, days(9), 'RETURN', 'Wrong size')] },
  { status: 'OPEN', steps: (order, first) => [one(order, first, 20, 'SHIP'), whole(order, late, 'SHIP')] },
  { status: null, steps: (order) => [adjustment(order, days(3), 'CREDIT', '12.50', 'Shipping refunded as a courtesy')] },
  { status: 'OPEN', steps: (order) => [whole(order, 50, 'SHIP')] },
  { status: null, steps: (order, first) => [addition(order, first, 2)] },
  { status: 'OPEN', steps: (order, first) => [one(order, first, 12, 'CANCEL', 'Out of stock'), whole(order, late, 'SHIP')] },
  { status: null, steps: (order) => [whole(order, days(12), 'RETURN', 'Changed their mind')] },
  { status: 'OPEN', steps: (order) => [whole(order, 6, 'CANCEL', 'Cancelled by the buyer')] },
  { status: null, steps: (order, first) => [correction(order, first, { quantity: first.quantity + 1 }, 'Counted anew at the till')] },
  { status: 'OPEN', steps: (order) => [addition(order, { ...lateProduct, quantity: 1 }, 5), whole(order, 28, 'SHIP')] },
  { status: null, steps: (order) => [adjustment(order, days(4), 'DEBIT', '4.20', 'Charged back in part')] },
  { status: null, steps: () => [] },
  {
    status: null,
    steps: (order, first) => [correction(order, first, { unitPrice: withoutCents(first.unitPrice) }, 'The cents were waived')],
  },
  {
    status: 'OPEN',
    steps: (order, first) => [whole(order, 26, 'SHIP'), one(order, first, days(8), 'RETURN', 'Damaged'), whole(order, days(15), 'RETURN')],
  },
  {
    status: null,
    steps: (order, first) => [one(order, first, days(6), 'RETURN', 'Late'), adjustment(order, days(7), 'CREDIT', '15.00', 'An apology')],
  },
];
