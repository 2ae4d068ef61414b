// Expected refusals as data, by kind.
import type { ConflictRefusal, InputRefusal, QuantityRefusal, Refusal, RefusalCode, TransitionRefusal } from '../domain/refusal.ts';
import { builder } from './builder.ts';
import { OrderAction, OrderStatus } from './order/enums.ts';
import { Order } from './order/type.ts';

const codeDescriptions: { readonly [Code in RefusalCode]: string } = {
  INVALID_INPUT: 'A value is malformed or beyond a limit. REST: AC1007.',
  MEMBER_NOT_FOUND: 'The site has no such member. REST: AC1005.',
  MEMBER_ALREADY_EXISTS: 'The site has a member with this user id. REST: AC1006.',
  MEMBER_BLOCKED: 'The buyer or the credited member is blocked. REST: AC1008.',
  MEMBER_OPTED_OUT: 'The credited member has opted out. REST: AC1009.',
  ORDER_NOT_FOUND: 'The site has no such order. REST: AC1005.',
  ORDER_ID_CONFLICT: 'The site has an order with this id and other content. REST: AC1010.',
  LINE_NOT_FOUND: 'The order has no such line. REST: AC1005.',
  LINE_AMBIGUOUS: 'Several lines are meant: name one by lineKey or id. REST: AC1007.',
  LINE_KEY_REQUIRED: 'The program wants a lineKey for each line. REST: AC1004.',
  LINE_KEY_DUPLICATE: 'Another line has this lineKey. REST: AC1007.',
  INVALID_TRANSITION: 'The order does not allow the action. REST: AC1007.',
  QUANTITY_EXCEEDED: 'More was asked for than is left. REST: AC1007.',
  INVALID_QUANTITY: 'The quantity is not possible. REST: AC1007.',
  INVALID_PRICE: 'A price or discount is malformed or out of bounds. REST: AC1007.',
  INVALID_MONEY_SCALE: 'An amount has more decimals than the currency. REST: AC1007.',
  CURRENCY_MISMATCH: "The currency is not the program's. REST: AC1007.",
  ORDER_DATE_REQUIRED: 'The program wants an order date. REST: AC1004.',
  DATE_OUT_OF_RANGE: 'A date is before what it follows, or ahead of now. REST: AC1007.',
  VERSION_CONFLICT: 'The order is at another version than expected. REST: AC1007.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used for something else. REST: AC1007.',
  PURCHASE_ACTION_NOT_CONFIGURED: 'The program has no purchase action. REST: AC1007.',
  REASON_REQUIRED: 'A reason is missing. REST: AC1004.',
  ADJUSTMENT_EXCEEDS_SPEND: "A debit is more than the order's spend. REST: AC1007.",
  INSUFFICIENT_POINTS: 'The member has fewer points than are needed. REST: AC1007.',
  REDEMPTION_EXCEEDS_TOTAL: 'Points worth more than the order were to be redeemed. REST: AC1007.',
  NOT_A_SECONDARY_MEMBER: 'The member is no secondary member there. REST: AC1007.',
  MEMBER_ALREADY_LINKED: 'The member has another primary member. REST: AC1006.',
  BULK_LIMIT: 'A bulk call takes 1 to 1,000 rows. REST: AC1007.',
  FORBIDDEN: 'The caller may not do this. REST: AC1002.',
};

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'Why a command was refused.',
  values: Object.fromEntries(Object.entries(codeDescriptions).map(([code, description]) => [code, { description }])) as Record<
    RefusalCode,
    { description: string }
  >, // One value a code.
});

export const UserError = builder.interfaceRef<Refusal>('UserError').implement({
  description: 'An expected refusal: what was wrong, where, and what would be right.',
  fields: (t) => ({
    code: t.field({ type: ErrorCode, description: 'Why, for programs.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'What was wrong and what would be right, for people.' }),
    path: t.field({
      type: ['String'],
      description: 'Where in the arguments, e.g. ["input", "lineItems", "2", "quantity"].',
      resolve: ({ path }) => [...path],
    }),
    retryable: t.boolean({
      description: 'Whether the same intent can succeed after reading the order again.',
      resolve: ({ code }) => code === 'VERSION_CONFLICT',
    }),
  }),
  resolveType: ({ kind }) =>
    ({ INPUT: 'InputError', TRANSITION: 'TransitionError', QUANTITY: 'QuantityError', CONFLICT: 'ConflictError' })[kind],
});

builder
  .objectRef<InputRefusal>('InputError')
  .implement({ interfaces: [UserError], description: 'A value of the input, or a member or order it names, does not do.' });

builder.objectRef<TransitionRefusal>('TransitionError').implement({
  interfaces: [UserError],
  description: 'INVALID_TRANSITION: the order does not allow the action.',
  fields: (t) => ({
    status: t.field({ type: OrderStatus, description: 'Where the order stands.', resolve: ({ status }) => status }),
    attempted: t.field({ type: OrderAction, description: 'What was attempted.', resolve: ({ attempted }) => attempted }),
    allowedActions: t.field({ type: [OrderAction], description: 'What it allows.', resolve: ({ allowedActions }) => allowedActions }),
  }),
});

builder.objectRef<QuantityRefusal>('QuantityError').implement({
  interfaces: [UserError],
  description: 'QUANTITY_EXCEEDED and INVALID_QUANTITY: what was asked for, and the bounds.',
  fields: (t) => ({
    requested: t.exposeInt('requested', { description: 'The quantity that was asked for; where a line is named several times, the sum.' }),
    minimum: t.exposeInt('minimum', { description: 'The least that is possible.' }),
    maximum: t.exposeInt('maximum', { description: 'The most that is possible.' }),
  }),
});

builder.objectRef<ConflictRefusal>('ConflictError').implement({
  interfaces: [UserError],
  description: 'ORDER_ID_CONFLICT, VERSION_CONFLICT and IDEMPOTENCY_KEY_REUSED: what is in the way.',
  fields: (t) => ({
    currentVersion: t.exposeInt('currentVersion', { nullable: true, description: "The order's version." }),
    order: t.field({
      type: Order,
      nullable: true,
      description: 'The order in the way; null when it was undone with the rest of a bulk call.',
      resolve: ({ orderId }, _, { loaders, previews }) => (orderId === null ? null : loaders.order().load(previews.shownId(orderId))),
    }),
  }),
});
