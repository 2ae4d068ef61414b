// Spend adjustments: type, inputs and the mutation adjustSpend.
import type { SpendAdjustment as SpendAdjustmentRow } from '../domain/change.ts';
import { adjustSpend } from '../domain/spend-adjustment.ts';
import { builder } from './builder.ts';
import { areNumberAndId, connectionType, type ListCursor } from './connection.ts';
import { frameOf } from './context.ts';
import { present } from './line-item.ts';
import { Member } from './member/type.ts';
import { Money, money, pointsText } from './money.ts';
import { type OrderAnswer, runOrderCommand } from './order/command.ts';
import { orderScope, takesReleased } from './order/scope.ts';
import { Order } from './order/type.ts';
import { UserError } from './user-error.ts';

const SpendAdjustmentType = builder.enumType('SpendAdjustmentType', {
  description: 'Which way a spend adjustment goes.',
  values: { CREDIT: { description: 'More spend, and points.' }, DEBIT: { description: 'Less spend, and points.' } } as const,
});

export const SpendAdjustment = builder.objectRef<SpendAdjustmentRow>('SpendAdjustment');

/** What tells of the account of whom the order is credited to, and is not for the buyer where that is another member. */
const inAccount = { authScopes: ({ memberId }: SpendAdjustmentRow) => ({ account: memberId }) };

builder.node(SpendAdjustment, {
  description: "An administrator's correction of the spend of an order. It is never changed; another one sets it right.",
  id: { resolve: ({ id }) => id },
  loadWithoutCache: (id, { loaders }) => loaders.adjustment().load(id),
  fields: (t) => ({
    order: t.field({
      type: Order,
      description: 'The order whose spend it corrects.',
      resolve: ({ orderId }, _, { loaders }) => present(loaders.order().load(orderId)),
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Whose balance moved.',
      resolve: ({ memberId }, _, { loaders }) => loaders.member().load(memberId),
    }),
    type: t.field({ type: SpendAdjustmentType, description: 'Which way it goes.', resolve: ({ type }) => type }),
    amount: t.field({ type: Money, description: 'By how much, positive.', resolve: ({ amountMinor }) => money(amountMinor) }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    adjustedBy: t.exposeString('adjustedBy', { description: 'The administrator.' }),
    points: t.field({
      type: 'Points',
      description: 'Signed effect on points.',
      resolve: ({ points }, _, context) => pointsText(context, points),
    }),
    tierBefore: t.exposeString('tierBefore', {
      nullable: true,
      description: "The member's tier before it; null to other members.",
      ...inAccount,
      unauthorizedResolver: () => null,
    }),
    tierAfter: t.exposeString('tierAfter', {
      nullable: true,
      description: "The member's tier after it; null to other members.",
      ...inAccount,
      unauthorizedResolver: () => null,
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was recorded.', resolve: ({ createdAt }) => createdAt }),
  }),
});

export const SpendAdjustmentConnection = connectionType(SpendAdjustment, 'SpendAdjustment', 'spend adjustments');
export const orderAdjustmentCursor: ListCursor<SpendAdjustmentRow> = {
  name: 'orderAdjustments',
  valueOf: ({ eventSequence }) => [eventSequence, eventSequence],
};
export const memberAdjustmentCursor: ListCursor<SpendAdjustmentRow> = {
  name: 'memberAdjustments',
  valueOf: ({ createdAt, id }) => [createdAt, id],
  isOurs: areNumberAndId,
};

const AdjustSpendInput = builder.inputType('AdjustSpendInput', {
  description: "A correction of an order's spend.",
  fields: (t) => ({
    orderId: t.id({ required: true, description: "The caller's order id." }),
    type: t.field({ type: SpendAdjustmentType, required: true, description: 'Which way it goes.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: "By how much, positive, in the program's currency; a DEBIT at most Order.spend.",
    }),
    reason: t.string({ required: true, description: 'Why, for whoever reads the statement.' }),
    adjustedBy: t.string({ required: true, description: 'The administrator, 1 to 128 characters.' }),
    idempotencyKey: t.id({
      required: true,
      description: 'Unique in the site. The same key with the same content is answered alike and done once.',
    }),
    expectedVersion: t.int({ description: 'Refused with VERSION_CONFLICT when the order is at another version.' }),
  }),
});

const AdjustSpendPayload = builder.objectRef<OrderAnswer>('AdjustSpendPayload').implement({
  description: 'The answer to adjustSpend.',
  fields: (t) => ({
    spendAdjustment: t.field({
      type: SpendAdjustment,
      nullable: true,
      description: 'The adjustment; null when refused.',
      resolve: ({ adjustmentId }, _, { loaders }) => (adjustmentId === null ? null : loaders.adjustment().load(adjustmentId)),
    }),
    order: t.field({ type: Order, nullable: true, description: 'The order after it; null when refused.', resolve: ({ order }) => order }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Whose balance moved, after it; null when refused.',
      resolve: ({ member }) => member,
    }),
    replayed: t.boolean({ description: 'Whether this repeats what was done under the key before.', resolve: ({ replayed }) => replayed }),
    userErrors: t.field({
      type: [UserError],
      description: 'Why it was refused; empty when it was done.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

builder.mutationField('adjustSpend', (t) =>
  t.field({
    type: AdjustSpendPayload,
    description: 'Credits or debits the spend of an order; points and tier follow. Mirrors POST /manualspend.',
    args: {
      input: t.arg({ type: AdjustSpendInput, required: true, description: 'What to adjust.' }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: 'Answer the same, write nothing.' }),
    },
    resolve: (_, { input, dryRun }, context) => {
      const frame = frameOf(context, 'adjustSpend', input, ['input']);
      const scope = { ...orderScope(context, input), spendAt: () => frame.at, takes: takesReleased };
      return runOrderCommand(context, { scope, decide: (state) => adjustSpend(state, frame, input) }, dryRun);
    },
  }),
);
