// The ways into the schema by queries: for each field of Query, what is asked, and what a viewer should get of the administrator's answer.
import type { Model } from './model.ts';
import type { Json } from './redaction.ts';
import type { Viewer } from './viewers.ts';

export type Variables = Readonly<Record<string, unknown>>;
export type Route = {
  /** What is asked; the same by every viewer of either site. */
  readonly questions: (model: Model) => readonly Variables[];
  /** The question whose answer to the administrator a viewer should get, where it is not this one. */
  readonly instead?: (viewer: Viewer, question: Variables) => Variables;
  /** Whether only what is the viewer's own is found. */
  readonly isNarrow?: (question: Variables) => boolean;
  /** Whether the answer is about an account of the viewer's own. */
  readonly isOwn?: (viewer: Viewer, question: Variables, model: Model) => boolean;
  /** What a viewer gets whatever the administrator gets; null where it depends on that. */
  readonly fixed?: (viewer: Viewer, question: Variables, model: Model) => Json;
  /** Who may not use the field at all. */
  readonly isForbidden?: (viewer: Viewer) => boolean;
};

export const unknownUser = 'unknown-user';
const unknownOrder = 'unknown-order';
const missingId = Buffer.from('Order:00000000-0000-7000-8000-000000000000').toString('base64url');

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];
const userIdsOf = ({ told }: Model): readonly string[] => [...unique(told.members.map(({ userId }) => userId)), unknownUser];
const orderIdsOf = ({ told }: Model): readonly string[] => [...unique(told.orders.map(({ orderId }) => orderId)), unknownOrder];
const nodeIdsOf = ({ rows }: Model, typename: string): readonly string[] => [
  ...rows.nodes.filter((node) => node.typename === typename).map(({ id }) => id),
  missingId,
];
const marksOf = ({ told }: Model, what: string): readonly string[] =>
  told.orders.map(({ siteId, orderId }) => `mark~${siteId}~order~${orderId}~${what}~`);

const chunks = <Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, chunk) => values.slice(chunk * size, (chunk + 1) * size));

const isMember = ({ role }: Viewer): boolean => role === 'member';

/** Values for each field of OrderFilter: each value is a question by itself. */
export const orderFilters: Readonly<Record<string, (model: Model) => readonly unknown[]>> = {
  orderIds: (model) => [orderIdsOf(model), ...chunks(orderIdsOf(model), 4), []],
  userIds: (model) => [userIdsOf(model), ...userIdsOf(model).map((userId) => [userId]), []],
  statuses: () => [['SHIPPED'], ['OPEN', 'PARTIALLY_RETURNED']],
  allowedActions: () => [['RETURN'], ['SHIP']],
  productIds: (model) => [marksOf(model, 'product-1'), marksOf(model, 'product-1').slice(0, 1)],
  storeIds: (model) => [marksOf(model, 'store'), marksOf(model, 'store').slice(0, 1)],
  sources: (model) => [marksOf(model, 'source'), marksOf(model, 'source').slice(-1)],
  orderDate: () => [{ from: '2026-02-01T00:00:00Z' }],
  updatedAt: () => [{ before: '2026-04-01T00:00:00Z' }],
  total: () => [{ min: '50', max: '500' }],
  hasHeldPoints: () => [true, false],
};

/** The same of MemberFilter. */
export const memberFilters: Readonly<Record<string, (model: Model) => readonly unknown[]>> = {
  userIds: (model) => [userIdsOf(model), ...userIdsOf(model).map((userId) => [userId]), []],
  email: ({ told }) => told.members.map(({ siteId, userId }) => `MARK~${siteId}~email~${userId}~address~@post.example`),
  namePrefix: ({ told }) => ['mark~', ...told.members.map(({ siteId, userId }) => `mark~${siteId}~name~${userId}`)],
  tiers: () => [['Bronze'], ['Silver'], ['Gold', 'Silver']],
  statuses: () => [['ACTIVE'], ['BLOCKED']],
};

const filtered = (filters: typeof orderFilters, model: Model): readonly Variables[] =>
  Object.entries(filters).flatMap(([name, values]) => values(model).map((value) => ({ filter: { [name]: value } })));
const isAbout = ({ subject }: Viewer, userId: unknown): boolean => userId === subject;

const cart = (userId: string, redeemPoints: string): Variables => ({
  input: { userId, redeemPoints, lineItems: [{ productId: 'cart-product', lineKey: 'cart-line', quantity: 2, unitPrice: '10' }] },
});
const cartOf = ({ input }: Variables) => input as { readonly userId: string; readonly redeemPoints: string }; // As `cart` makes it.

/** Secondary members earn for their primary, as the program stands now. */
const earnsForAnother = ({ siteId, role, subject }: Viewer, { told }: Model): boolean =>
  role === 'member' && told.linksNow.some((link) => link.siteId === siteId && link.secondary === subject);

const notTheirsToRedeem: Json = {
  __typename: 'CartPointsPayload',
  cart: null,
  userErrors: [
    {
      __typename: 'InputError',
      code: 'FORBIDDEN',
      message: 'Points of the primary member are theirs to redeem.',
      path: ['input', 'redeemPoints'],
      retryable: false,
    },
  ],
};

export const queryRoutes: Readonly<Record<string, Route>> = {
  // Each of the objects is asked for by `nodes`, whole; here it is only seen that `node` finds the same.
  node: { questions: ({ rows }) => [...rows.nodes.filter((_, index) => index % 8 === 0).map(({ id }) => ({ id })), { id: missingId }] },
  order: {
    questions: (model) => [
      ...nodeIdsOf(model, 'Order').map((id) => ({ by: { id } })),
      ...orderIdsOf(model).map((orderId) => ({ by: { orderId } })),
    ],
  },
  member: {
    questions: (model) => [
      ...nodeIdsOf(model, 'Member').map((id) => ({ by: { id } })),
      ...userIdsOf(model).map((userId) => ({ by: { userId } })),
    ],
  },
  orders: {
    questions: (model) => [
      {},
      ...['ORDER_DATE_ASC', 'UPDATED_AT_DESC', 'UPDATED_AT_ASC', 'TOTAL_DESC', 'TOTAL_ASC'].map((sort) => ({ sort })),
      ...filtered(orderFilters, model),
    ],
  },
  orderDetails: {
    questions: (model) => [
      ...userIdsOf(model).map((userId) => ({ userId })),
      ...orderIdsOf(model).map((orderId) => ({ orderId })),
      ...userIdsOf(model).map((userId, index) => ({ userId, orderId: orderIdsOf(model)[index] })),
      {},
    ],
  },
  secondaryMemberOrders: {
    questions: (model) =>
      userIdsOf(model).flatMap((userId) => [
        { userId },
        { userId, orderId: 'secondary-pooled' },
        ...userIdsOf(model).map((secondaryUserId) => ({ userId, secondaryUserId })),
      ]),
    // Only the primary member themself is answered; of all others it is as if there were none such.
    instead: (viewer, question) =>
      isMember(viewer) && !isAbout(viewer, question['userId']) ? { ...question, userId: unknownUser } : question,
  },
  members: {
    questions: (model) => [{}, ...filtered(memberFilters, model)],
    isNarrow: ({ filter }) => typeof filter === 'object' && filter !== null && ('email' in filter || 'tiers' in filter),
  },
  cartPoints: {
    questions: (model) => userIdsOf(model).flatMap((userId) => [cart(userId, '0'), cart(userId, '5')]),
    instead: (viewer, question) => (isMember(viewer) && !isAbout(viewer, cartOf(question).userId) ? cart(unknownUser, '0') : question),
    isOwn: (viewer, question, model) => !isAbout(viewer, cartOf(question).userId) || !earnsForAnother(viewer, model),
    fixed: (viewer, question, model) => {
      const { userId, redeemPoints } = cartOf(question);
      return isAbout(viewer, userId) && redeemPoints !== '0' && earnsForAnother(viewer, model) ? notTheirsToRedeem : null;
    },
  },
  program: { questions: () => [{}] },
  programVersions: { questions: () => [{ first: 20 }], isForbidden: ({ role }) => role !== 'admin' },
};
