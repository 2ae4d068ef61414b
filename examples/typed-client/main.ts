// Runs the nine example operations against a gateway and prints a line for each.

import { createClient } from './client.ts';
import * as op from './generated/operations.ts';

type UserError = op.CreateOrderMutation['createOrder']['userErrors'][number];
type Outcome = { readonly text: string; readonly userErrors: readonly UserError[] };

const endpoint = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
const execute = createClient(endpoint, process.argv[3]);

const money = ({ amount, currencyCode }: { readonly amount: string; readonly currencyCode: string }) => `${amount} ${currencyCode}`;
const replay = (replayed: boolean) => (replayed ? ' (replayed)' : '');

type Balance = {
  readonly userId: string;
  readonly tier: { readonly name: string } | null;
  readonly points: { readonly available: number };
};
const balance = (member: Balance | null) =>
  member === null ? 'no member' : `${member.userId} has ${member.points.available} points (${member.tier?.name ?? 'no tier'})`;

// Each kind of error says what would have been right; the compiler sees to it that none is forgotten.
function describe(error: UserError): string {
  const refusal = `${error.code} at ${error.path.join('.')}: ${error.message}`;
  switch (error.__typename) {
    case 'TransitionError':
      return `${refusal} [${error.status}, allowed: ${error.allowedActions.join(', ') || 'nothing'}]`;
    case 'QuantityError':
      return `${refusal} [${error.requested} is not in ${error.minimum} to ${error.maximum}]`;
    case 'ConflictError':
      return `${refusal} [version ${error.order?.version ?? error.currentVersion ?? 'unknown'}]`;
    case 'InputError':
      return refusal;
  }
}

async function createOrder(): Promise<Outcome> {
  const { order, member, replayed, userErrors } = (await execute(op.CreateOrderDocument, op.createOrderVariables)).createOrder;
  if (order === null) return { text: 'refused', userErrors };
  const text = `${order.orderId} ${order.status}${replay(replayed)}, ${money(order.total)}, ${order.pointsAwarded} points awarded, ${balance(member)}`;
  return { text, userErrors };
}

async function bulkCreateOrders(): Promise<Outcome> {
  const bulk = (await execute(op.BulkCreateOrdersDocument, op.bulkCreateOrdersVariables)).bulkCreateOrders;
  const rows = bulk.rows.map((row) => `${row.orderId} ${row.status}`).join(', ');
  const text = `${bulk.created} created, ${bulk.unchanged} unchanged, ${bulk.failed} failed: ${rows}`;
  return { text, userErrors: [...bulk.userErrors, ...bulk.rows.flatMap((row) => row.userErrors)] };
}

async function bulkUpdateOrders(): Promise<Outcome> {
  const bulk = (await execute(op.BulkUpdateOrdersDocument, op.bulkUpdateOrdersVariables)).bulkUpdateOrders;
  const rows = bulk.rows.map((row) => `${row.orderId} ${row.status}`).join(', ');
  const text = `${bulk.updated} updated, ${bulk.unchanged} unchanged, ${bulk.failed} failed: ${rows}`;
  return { text, userErrors: [...bulk.userErrors, ...bulk.rows.flatMap((row) => row.userErrors)] };
}

async function secondaryMemberOrders(): Promise<Outcome> {
  const orders = (await execute(op.SecondaryMemberOrdersDocument, op.secondaryMemberOrdersVariables)).secondaryMemberOrders;
  const buyers = [...new Set(orders.nodes.map((order) => order.member.userId))];
  return { text: `${orders.totalCount} orders of ${buyers.join(', ') || 'nobody'}`, userErrors: [] };
}

async function orderDetails(): Promise<Outcome> {
  const orders = (await execute(op.OrderDetailsDocument, op.orderDetailsVariables)).orderDetails;
  const details = orders.nodes.map(
    ({ orderId, status, spend, pointsAwarded, pointsRemoved, lineItems }) =>
      `${orderId} ${status}, ${lineItems.nodes.length} lines, spend ${money(spend)}, ${pointsAwarded} points awarded, ${pointsRemoved} removed`,
  );
  return { text: details.join('; ') || 'no orders', userErrors: [] };
}

async function cartPoints(): Promise<Outcome> {
  const { cart, userErrors } = (await execute(op.CartPointsDocument, op.cartPointsVariables)).cartPoints;
  if (cart === null) return { text: 'refused', userErrors };
  const lines = cart.lineItems.map((line) => `${line.productId} ${line.earning.zeroReason ?? line.points}`).join(', ');
  return { text: `would earn ${cart.points} points worth ${money(cart.pointsValue)} (${lines}), ${balance(cart.member)}`, userErrors };
}

async function adjustSpend(): Promise<Outcome> {
  const { spendAdjustment, member, replayed, userErrors } = (await execute(op.AdjustSpendDocument, op.adjustSpendVariables)).adjustSpend;
  if (spendAdjustment === null) return { text: 'refused', userErrors };
  const { type, amount, points } = spendAdjustment;
  return { text: `${type} ${money(amount)}${replay(replayed)}, ${points} points, ${balance(member)}`, userErrors };
}

async function updateOrder(): Promise<Outcome> {
  const { order, member, pointsRemoved, replayed, userErrors } = (await execute(op.UpdateOrderDocument, op.updateOrderVariables))
    .updateOrder;
  if (order === null) return { text: 'refused', userErrors };
  return { text: `${order.orderId} ${order.status}${replay(replayed)}, ${pointsRemoved} points removed, ${balance(member)}`, userErrors };
}

async function addToOrder(): Promise<Outcome> {
  const { order, member, pointsAwarded, replayed, userErrors } = (await execute(op.AddToOrderDocument, op.addToOrderVariables)).addToOrder;
  if (order === null) return { text: 'refused', userErrors };
  return { text: `${order.orderId} ${order.status}${replay(replayed)}, ${pointsAwarded} points awarded, ${balance(member)}`, userErrors };
}

const examples = {
  createOrder,
  bulkCreateOrders,
  bulkUpdateOrders,
  secondaryMemberOrders,
  orderDetails,
  cartPoints,
  adjustSpend,
  updateOrder,
  addToOrder,
};

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

for (const [name, run] of Object.entries(examples)) {
  try {
    const { text, userErrors } = await run();
    const outcome = userErrors.length === 0 ? 'ok' : 'FAILED';
    console.log(name.padEnd(22), outcome.padEnd(7), [text, ...userErrors.map(describe)].join(' | '));
    if (userErrors.length > 0) process.exitCode = 1;
  } catch (error) {
    console.log(name.padEnd(22), 'FAILED '.padEnd(7), explain(error));
    process.exitCode = 1;
  }
}
