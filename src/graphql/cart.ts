// The points that a cart would earn.
import { type Cart, cartPoints } from '../domain/cart.ts';
import { parseDecimal } from '../domain/decimal.ts';
import type { LineItem as LineItemRow } from '../domain/line-item.ts';
import type { OrderState } from '../domain/order-command.ts';
import { explainEarning, linePoints } from '../domain/points.ts';
import type { Program } from '../domain/program.ts';
import { redeemUnits } from '../domain/redemption.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { builder } from './builder.ts';
import { frameOf } from './context.ts';
import { Earning } from './earning.ts';
import { Member } from './member/type.ts';
import { Money, money, pointsText } from './money.ts';
import { orderScope } from './order/scope.ts';
import { UserError } from './user-error.ts';

const CartLineInput = builder.inputType('CartLineInput', {
  description: 'A line of a cart.',
  fields: (t) => ({
    productId: t.id({ required: true, description: 'The product.' }),
    lineKey: t.id({ description: "The caller's key for the line." }),
    quantity: t.int({ required: true, description: 'How many, 1 to 1,000,000.' }),
    unitPrice: t.field({ type: 'Decimal', required: true, description: "Price of one in the program's currency." }),
    discount: t.field({ type: 'Decimal', defaultValue: '0', description: "The line's discount." }),
    categoryId: t.id({ description: "The product's category." }),
    autoDelivery: t.boolean({ defaultValue: false, description: 'Whether it is delivered on a subscription.' }),
  }),
});

const CartPointsInput = builder.inputType('CartPointsInput', {
  description: 'A cart, as it would be ordered now.',
  fields: (t) => ({
    userId: t.id({ required: true, description: "The buyer's user id." }),
    lineItems: t.field({ type: [CartLineInput], required: true, description: '1 to 500 lines.' }),
    discount: t.field({ type: 'Decimal', defaultValue: '0', description: 'A discount on the cart as a whole.' }),
    redeemPoints: t.field({
      type: 'Points',
      defaultValue: '0',
      description: 'Points that would be redeemed with the order; what createOrder would refuse is refused: see maximumRedeemable.',
    }),
    storeId: t.string({ description: 'The shop.' }),
    coupons: t.stringList({ defaultValue: [], description: 'Coupons.' }),
    attributes: t.field({ type: 'JSON', description: 'Data of your own; not looked into.' }),
  }),
});

const CartLinePoints = builder.objectRef<LineItemRow>('CartLinePoints').implement({
  description: 'What a line of the cart would earn.',
  fields: (t) => ({
    productId: t.exposeID('productId', { description: 'The product.' }),
    lineKey: t.exposeID('lineKey', { nullable: true, description: "The caller's key for the line." }),
    quantity: t.exposeInt('quantity', { description: 'How many.' }),
    unitPrice: t.field({ type: Money, description: 'Price of one.', resolve: ({ unitPriceMinor }) => money(unitPriceMinor) }),
    points: t.field({
      type: 'Points',
      description: "What it would earn, before the order's cap.",
      resolve: (line, _, context) => pointsText(context, Number(linePoints(line, line.quantity))),
    }),
    earning: t.field({ type: Earning, description: 'Why this many.', resolve: explainEarning }),
  }),
});

/** What tells of the account that the order would be credited to: a secondary member asks for the points, not for the primary member's balance. */
const inAccount = { authScopes: ({ credited }: Cart) => ({ account: credited.id }) };

const CartPoints = builder.objectRef<Cart>('CartPoints').implement({
  description: 'What a cart would earn if it were ordered now.',
  fields: (t) => ({
    member: t.field({ type: Member, description: 'Whose balance would move.', ...inAccount, resolve: ({ credited }) => credited }),
    points: t.field({
      type: 'Points',
      description: 'What the cart would earn, after the cap.',
      resolve: ({ points }, _, context) => pointsText(context, points),
    }),
    lineItems: t.field({ type: [CartLinePoints], description: 'Line by line.', resolve: ({ lines }) => lines }),
    pointsValue: t.field({
      type: Money,
      description: 'What those points would be worth, rounded down.',
      resolve: ({ valueMinor }) => money(valueMinor),
    }),
    redeemPoints: t.field({
      type: 'Points',
      description: 'The points that would be redeemed: those of the input.',
      resolve: ({ redeemPoints }, _, context) => pointsText(context, redeemPoints),
    }),
    availableAfterOrder: t.field({
      type: 'Points',
      description: "The member's available points after the order: less what is redeemed, plus what is earned without a hold.",
      ...inAccount,
      resolve: ({ availableAfterOrder }, _, context) => pointsText(context, availableAfterOrder),
    }),
    heldAfterOrder: t.field({
      type: 'Points',
      description: "The member's held points after the order, what it earns on hold included.",
      ...inAccount,
      resolve: ({ heldAfterOrder }, _, context) => pointsText(context, heldAfterOrder),
    }),
    valueAfterOrder: t.field({
      type: Money,
      description: 'What the available points would be worth then, rounded down.',
      ...inAccount,
      resolve: ({ valueAfterMinor }) => money(valueAfterMinor),
    }),
    availableAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the points could be spent if the order were placed now: now without a hold, else the end of the hold; null when the hold starts at shipping.',
      resolve: ({ availableAt }) => availableAt,
    }),
    maximumRedeemable: t.field({
      type: 'Points',
      description:
        'The most that could be redeemed with this cart: what the member has available, and what the lines less all discounts are worth in points. 0 when points of the program cannot be redeemed.',
      ...inAccount,
      resolve: ({ maximumRedeemable }, _, context) => pointsText(context, maximumRedeemable),
    }),
  }),
});

/** A user id that nobody has, since ids are trimmed. */
const nobody = ' ';

/** Whether anything but nothing, or 0, is to be redeemed. */
const asksToRedeem = (points: string | null | undefined): boolean => (parseDecimal(points ?? '0')?.units ?? null) !== 0n;

/** The state without what the credited member has, so that no limit of a balance tells it to somebody else. */
const withoutAccount = (state: OrderState): OrderState => ({
  ...state,
  lots: [],
  credited: state.credited && { ...state.credited, available: 0, held: 0, used: 0, expired: 0, lifetime: 0, debt: 0 },
});

type CartPointsAnswer = { readonly cart: Cart | null; readonly userErrors: readonly Refusal[] };

const CartPointsPayload = builder.objectRef<CartPointsAnswer>('CartPointsPayload').implement({
  description: 'The answer to cartPoints.',
  fields: (t) => ({
    cart: t.field({
      type: CartPoints,
      nullable: true,
      description: 'What the cart would earn; null when refused.',
      resolve: ({ cart }) => cart,
    }),
    userErrors: t.field({
      type: [UserError],
      description: 'Why it was refused; empty when it was answered.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

builder.queryField('cartPoints', (t) =>
  t.field({
    type: CartPointsPayload,
    description: 'The points that a cart could earn, by the same functions that create an order. Writes nothing. Mirrors POST /cart.',
    args: { input: t.arg({ type: CartPointsInput, required: true, description: 'The cart.' }) },
    resolve: async (_, { input }, context): Promise<CartPointsAnswer> => {
      const frame = frameOf(context, null, input, ['input']);
      const { viewer } = context;
      const asked = orderScope(context, { orderId: '', userId: input.userId });
      const scope = {
        ...asked,
        // A member asks for themself; anybody else is nobody to them, and looked for in the same way.
        userId: viewer.isStaff || !asked.userId || asked.userId === context.actor ? (asked.userId ?? null) : nobody,
        spendAt: () => frame.at,
        takes: (programs: readonly Program[]) => redeemUnits(programs, frame.at, input.redeemPoints),
      };
      const state = await context.store.reads.orderState(scope);
      const isOwn = !state.credited || viewer.owns(state.credited.id);
      if (!isOwn && asksToRedeem(input.redeemPoints))
        return {
          cart: null,
          userErrors: [refuse('FORBIDDEN', ['input', 'redeemPoints'], 'Points of the primary member are theirs to redeem.')],
        };
      const answer = cartPoints(isOwn ? state : withoutAccount(state), frame, input);
      if (answer.kind === 'REFUSED' && !isOwn && answer.refusal.code === 'MEMBER_BLOCKED') {
        const message = 'Whoever would earn these points is blocked, or you are: expected active members.';
        return { cart: null, userErrors: [refuse('MEMBER_BLOCKED', answer.refusal.path, message)] };
      }
      return answer.kind === 'ACCEPTED' ? { cart: answer.cart, userErrors: [] } : { cart: null, userErrors: [answer.refusal] };
    },
  }),
);
