// The GraphQL documents of the random histories: one per command, and one to read orders and members.
import { mostLots } from '../oracle/balance-view.ts';
import type { Command } from '../oracle/command.ts';

const order = `
fragment OrderFigures on Order {
  orderId status allowedActions version orderDate
  member { userId } creditedTo { userId }
  total { amount } currentTotal { amount } spend { amount } discount { amount }
  pointsAwarded pointsRemoved pointsHeld pointsReleaseAt pointsRedeemed redeemedPointsReturned
  lineItems(first: 50) {
    totalCount
    nodes {
      id productId lineKey categoryId name status
      quantity shippedQuantity returnedQuantity cancelledQuantity shippableQuantity returnableQuantity cancellableQuantity
      unitPrice { amount } discount { amount } total { amount } currentTotal { amount }
      pointsAwarded pointsRemoved
      earning { tier ratio zeroReason }
    }
  }
  events(first: 50) { totalCount nodes { sequence type } }
  pointsEntries(first: 100) { totalCount nodes {
    type actionId points available held debt uncollected availableAfter heldAfter debtAfter lineItem { id } occurredAt expiresAt
  } }
  spendAdjustments(first: 50) { totalCount nodes { type amount { amount } points tierBefore tierAfter } }
}`;

const member = `
fragment MemberFigures on Member {
  userId status optedIn
  totalSpend { amount }
  tier { name ratio periodSpend { amount } next spendToNext { amount } }
  points {
    available held used expired lifetime debt value { amount }
    expiring(withinDays: [7, 30]) { withinDays points nextExpiryAt }
  }
  lots(first: ${mostLots}) { totalCount nodes { remaining availableAt expiresAt order { orderId } } }
  primaryMember { userId }
}`;

const refusals = `
fragment Refusals on UserError {
  __typename code retryable
  ... on TransitionError { status attempted allowedActions }
  ... on QuantityError { requested minimum maximum }
  ... on ConflictError { currentVersion order { orderId } }
}`;

const orderPayload = (figures: string) =>
  `order { ...OrderFigures } member { ...MemberFigures } ${figures} replayed userErrors { ...Refusals } }}${order}${member}${refusals}`;
const orderMutation = (field: string, input: string, figures: string) =>
  `mutation Send($input: ${input}!, $dryRun: Boolean!) { payload: ${field}(input: $input, dryRun: $dryRun) { ${orderPayload(figures)}`;
const bulkMutation = (field: string, input: string) => `
mutation Send($input: ${input}!, $dryRun: Boolean!) {
  payload: ${field}(input: $input, dryRun: $dryRun) {
    rows { index orderId status order { orderId status version pointsAwarded pointsRemoved } userErrors { ...Refusals } }
    created updated unchanged failed skipped
    userErrors { ...Refusals }
  }
}${refusals}`;
const memberMutation = (field: string, input: string) =>
  `mutation Send($input: ${input}!) { payload: ${field}(input: $input) { member { ...MemberFigures } userErrors { ...Refusals } }}${member}${refusals}`;

const documents: Readonly<Record<Command['kind'], string>> = {
  createOrder: orderMutation('createOrder', 'CreateOrderInput', ''),
  updateOrder: orderMutation('updateOrder', 'UpdateOrderInput', 'pointsRemoved'),
  addToOrder: orderMutation('addToOrder', 'AddToOrderInput', 'pointsAwarded'),
  correctOrder: orderMutation('correctOrder', 'CorrectOrderInput', 'pointsAwarded pointsRemoved'),
  adjustSpend: orderMutation('adjustSpend', 'AdjustSpendInput', 'spendAdjustment { type amount { amount } points tierBefore tierAfter }'),
  bulkCreateOrders: bulkMutation('bulkCreateOrders', 'BulkCreateOrdersInput'),
  bulkUpdateOrders: bulkMutation('bulkUpdateOrders', 'BulkUpdateOrdersInput'),
  enrollMember: memberMutation('enrollMember', 'EnrollMemberInput'),
  updateMember: memberMutation('updateMember', 'UpdateMemberInput'),
  linkSecondaryMember: memberMutation('linkSecondaryMember', 'LinkSecondaryMemberInput'),
  unlinkSecondaryMember: `mutation Send($secondaryUserId: ID!) {
  payload: unlinkSecondaryMember(secondaryUserId: $secondaryUserId) { member { ...MemberFigures } userErrors { ...Refusals } }
}${member}${refusals}`,
  cartPoints: `query Ask($input: CartPointsInput!) {
  payload: cartPoints(input: $input) {
    cart {
      member { userId }
      points
      lineItems { productId lineKey quantity unitPrice { amount } points earning { tier ratio zeroReason } }
      pointsValue { amount } redeemPoints availableAt maximumRedeemable availableAfterOrder heldAfterOrder valueAfterOrder { amount }
    }
    userErrors { ...Refusals }
  }
}${refusals}`,
};

export type Request = { readonly document: string; readonly variables: Readonly<Record<string, unknown>> };

export function requestOf(command: Command): Request {
  const document = documents[command.kind];
  if (command.kind === 'unlinkSecondaryMember') return { document, variables: command.input };
  const dryRun = 'dryRun' in command ? (command.dryRun ?? false) : false;
  return { document, variables: document.includes('$dryRun') ? { input: command.input, dryRun } : { input: command.input } };
}

/** One query for any number of orders and members; the same numbers make the same document, so that the server parses few. */
export function readRequest(orderIds: readonly string[], userIds: readonly string[]): Request {
  const names = [...orderIds.map((_, index) => `order${index}`), ...userIds.map((_, index) => `member${index}`)];
  const orders = orderIds.map((_, index) => `order${index}: order(by: { orderId: $order${index} }) { ...OrderFigures }`);
  const members = userIds.map((_, index) => `member${index}: member(by: { userId: $member${index} }) { ...MemberFigures }`);
  const fragments = (orderIds.length > 0 ? order : '') + (userIds.length > 0 ? member : '');
  const document = `query Read(${names.map((name) => `$${name}: ID!`).join(', ')}) { ${[...orders, ...members].join(' ')} }${fragments}`;
  const ids = [...orderIds, ...userIds];
  return { document, variables: Object.fromEntries(names.map((name, index) => [name, ids[index]])) };
}
