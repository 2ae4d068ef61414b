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
  readonly points: { readonly id: string; readonly available: number; readonly lifetime: number; readonly debt: number };
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
    readonly lineItems: readonly { readonly points: number; readonly earning: EarningView }[];
  } | null;
  readonly userErrors: readonly UserErrorView[];
};

const earning = 'earning { tier ratio steps { kind label factor points } zeroReason }';
export const orderFields = `
fragment OrderFields on Order {
  id orderId status allowedActions version total { amount } currentTotal { amount } spend { amount }
  pointsAwarded pointsRemoved attributes coupons member { userId } creditedTo { userId }
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
  id userId totalSpend { amount } tier { name ratio periodSpend { amount } } points { id available lifetime debt }
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
export const cartDocument = `query Ask($input: CartPointsInput!) {
  payload: cartPoints(input: $input) { cart { points lineItems { points ${earning} } } userErrors { ...ErrorFields } } }${errorFields}`;
