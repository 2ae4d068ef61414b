// The GraphQL documents of the seed DSL, and the shapes of what they answer.
type Amount = { readonly amount: string };
export type EarningView = {
  readonly tier: string | null;
  readonly ratio: string | null;
  readonly steps: readonly { readonly kind: string; readonly label: string; readonly factor: string | null; readonly points: string }[];
  readonly zeroReason: string | null;
};
type LineView = {
  readonly id: string;
  readonly productId: string;
  readonly lineKey: string | null;
  readonly status: string;
  readonly quantity: number;
  readonly shippedQuantity: number;
  readonly returnedQuantity: number;
  readonly cancelledQuantity: number;
  readonly returnableQuantity: number;
  readonly unitPrice: Amount;
  readonly discount: Amount;
  readonly total: Amount;
  readonly currentTotal: Amount;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly earning: EarningView;
};
export type OrderView = {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly allowedActions: readonly string[];
  readonly version: number;
  readonly total: Amount;
  readonly currentTotal: Amount;
  readonly spend: Amount;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly pointsHeld: number;
  readonly pointsReleaseAt: string | null;
  readonly pointsRedeemed: number;
  readonly redeemedPointsReturned: number;
  readonly attributes: unknown;
  readonly coupons: readonly string[];
  readonly member: { readonly userId: string };
  readonly creditedTo: { readonly userId: string } | null;
  readonly lineItems: { readonly totalCount: number; readonly nodes: readonly LineView[] };
  readonly events: { readonly totalCount: number; readonly nodes: readonly { readonly id: string; readonly type: string }[] };
  readonly pointsEntries: { readonly nodes: readonly { readonly id: string; readonly type: string; readonly points: number }[] };
  readonly spendAdjustments: { readonly nodes: readonly { readonly id: string; readonly points: number }[] };
};
export type MemberView = {
  readonly id: string;
  readonly userId: string;
  readonly totalSpend: Amount;
  readonly tier: { readonly name: string; readonly ratio: string; readonly periodSpend: Amount } | null;
  readonly points: BalanceView & { readonly id: string };
};
type BalanceView = {
  readonly available: number;
  readonly held: number;
  readonly debt: number;
  readonly used: number;
  readonly expired: number;
  readonly lifetime: number;
};
export type EntryView = {
  readonly type: string;
  readonly actionId: number | null;
  readonly points: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
  readonly uncollected: number;
  readonly availableAfter: number;
  readonly heldAfter: number;
  readonly debtAfter: number;
  readonly order: { readonly orderId: string } | null;
  readonly expiresAt: string | null;
  readonly occurredAt: string;
  readonly recordedAt: string;
};
export type LotView = {
  readonly order: { readonly orderId: string } | null;
  readonly remaining: number;
  readonly availableAt: string;
  readonly expiresAt: string | null;
};
export type BucketView = { readonly withinDays: number; readonly points: number; readonly nextExpiryAt: string | null };
/** A member's points in full: balances, entries (newest first), lots and buckets of expiry. */
export type AccountView = {
  readonly points: BalanceView & { readonly expiring: readonly BucketView[] };
  readonly pointsEntries: { readonly nodes: readonly EntryView[] };
  readonly lots: { readonly nodes: readonly LotView[] };
};
export type UserErrorView = {
  readonly code: string;
  readonly path: readonly string[];
  readonly message: string;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly allowedActions?: readonly string[];
  readonly currentVersion?: number | null;
  readonly existing?: { readonly orderId: string } | null;
};
export type OrderPayload = {
  readonly order: OrderView | null;
  readonly member: MemberView | null;
  readonly pointsAwarded?: number;
  readonly pointsRemoved?: number;
  readonly replayed: boolean;
  readonly userErrors: readonly UserErrorView[];
  readonly spendAdjustment?: {
    readonly id: string;
    readonly points: number;
    readonly tierBefore: string;
    readonly tierAfter: string;
  } | null;
};
export type BulkPayload = {
  readonly rows: readonly {
    readonly index: number;
    readonly orderId: string;
    readonly status: string;
    readonly order: OrderView | null;
    readonly userErrors: readonly UserErrorView[];
  }[];
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly userErrors: readonly UserErrorView[];
};
export type CartPayload = {
  readonly cart: {
    readonly points: number;
    readonly redeemPoints: number;
    readonly availableAfterOrder: number;
    readonly heldAfterOrder: number;
    readonly availableAt: string | null;
    readonly maximumRedeemable: number;
    readonly lineItems: readonly { readonly points: number; readonly earning: EarningView }[];
  } | null;
  readonly userErrors: readonly UserErrorView[];
};

const balances = 'available held debt used expired lifetime';
const earning = 'earning { tier ratio steps { kind label factor points } zeroReason }';
export const orderFields = `
fragment OrderFields on Order {
  id orderId status allowedActions version total { amount } currentTotal { amount } spend { amount }
  pointsAwarded pointsRemoved pointsHeld pointsReleaseAt pointsRedeemed redeemedPointsReturned attributes coupons member { userId } creditedTo { userId }
  lineItems(first: 500) { totalCount nodes {
    id productId lineKey status quantity shippedQuantity returnedQuantity cancelledQuantity returnableQuantity
    unitPrice { amount } discount { amount } total { amount } currentTotal { amount } pointsAwarded pointsRemoved ${earning}
  } }
  events { totalCount nodes { id type } }
  pointsEntries { nodes { id type points } }
  spendAdjustments { nodes { id points } }
}`;
export const memberFields = `
fragment MemberFields on Member {
  id userId totalSpend { amount } tier { name ratio periodSpend { amount } } points { id ${balances} }
}`;
const errorFields = `
fragment ErrorFields on UserError {
  code path message
  ... on QuantityError { minimum maximum }
  ... on TransitionError { allowedActions }
  ... on ConflictError { currentVersion existing: order { orderId } }
}`;
const fragments = orderFields + memberFields + errorFields;
const shown = 'order { ...OrderFields } member { ...MemberFields } replayed userErrors { ...ErrorFields }';
const bulk =
  'rows { index orderId status order { ...OrderFields } userErrors { ...ErrorFields } } created updated unchanged failed skipped userErrors { ...ErrorFields }';

/** The input type and the selection of each mutation that takes a dry run. */
const mutations = {
  createOrder: ['CreateOrderInput', shown],
  updateOrder: ['UpdateOrderInput', `${shown} pointsRemoved`],
  addToOrder: ['AddToOrderInput', `${shown} pointsAwarded`],
  correctOrder: ['CorrectOrderInput', `${shown} pointsAwarded pointsRemoved`],
  adjustSpend: ['AdjustSpendInput', `${shown} spendAdjustment { id points tierBefore tierAfter }`],
  bulkCreateOrders: ['BulkCreateOrdersInput', bulk],
  bulkUpdateOrders: ['BulkUpdateOrdersInput', bulk],
} as const;
export type MutationName = keyof typeof mutations;

export function mutationDocument(name: MutationName): string {
  const [input, selection] = mutations[name];
  const used = selection === bulk ? orderFields + errorFields : fragments;
  return `mutation Send($input: ${input}!, $dryRun: Boolean! = false) { payload: ${name}(input: $input, dryRun: $dryRun) { ${selection} } }${used}`;
}
export const memberMutation = (name: string, input: string): string =>
  `mutation Send($input: ${input}!) { payload: ${name}(input: $input) { member { ...MemberFields } userErrors { ...ErrorFields } } }${memberFields}${errorFields}`;
export const unlinkDocument = `mutation Send($secondaryUserId: ID!) {
  payload: unlinkSecondaryMember(secondaryUserId: $secondaryUserId) { member { ...MemberFields } userErrors { ...ErrorFields } } }${memberFields}${errorFields}`;
export const orderDocument = `query Read($orderId: ID!) { order(by: { orderId: $orderId }) { ...OrderFields } }${orderFields}`;
export const memberDocument = `query Read($userId: ID!) { member(by: { userId: $userId }) { ...MemberFields } }${memberFields}`;
export const accountDocument = `query Read($userId: ID!, $withinDays: [Int!]!) { member(by: { userId: $userId }) {
  points { ${balances} expiring(withinDays: $withinDays) { withinDays points nextExpiryAt } }
  pointsEntries(first: 100) { nodes {
    type actionId points available held debt uncollected availableAfter heldAfter debtAfter order { orderId } expiresAt occurredAt recordedAt
  } }
  lots(first: 100) { nodes { order { orderId } remaining availableAt expiresAt } }
} }`;
const cartFields = `points redeemPoints availableAfterOrder heldAfterOrder availableAt maximumRedeemable lineItems { points ${earning} }`;
export const cartDocument = `query Ask($input: CartPointsInput!) {
  payload: cartPoints(input: $input) { cart { ${cartFields} } userErrors { ...ErrorFields } } }${errorFields}`;
