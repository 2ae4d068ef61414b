// Entries: every movement of a member's points, with the balances after it.
import { type PointsEntry as PointsEntryRow, pointsEntryTypes } from '../domain/change.ts';
import { neverExpires } from '../domain/lot.ts';
import { builder } from './builder.ts';
import { connectionType, type ListCursor } from './connection.ts';
import type { GatewayContext } from './context.ts';
import { numberedId } from './global-id.ts';
import { LineItem } from './line-item.ts';
import { Member } from './member/type.ts';
import { pointsText } from './money.ts';
import { Order } from './order/type.ts';
import { SpendAdjustment } from './spend-adjustment.ts';

const descriptions = {
  EARN: 'Points were earned by an order or an addition, on hold or available at once.',
  RELEASE: 'The hold of points ended: they moved from held to available.',
  RETURN: 'Points were taken back with returned goods.',
  CANCEL: 'Points were taken back with cancelled goods.',
  CORRECTION: "An order's lines were corrected.",
  SPEND_ADJUSTMENT: 'An administrator adjusted the spend of an order.',
  REDEEM: 'Points were spent on an order.',
  REDEEM_REVERSAL: 'Points that were spent on an order were given back with returned or cancelled goods.',
  EXPIRE: 'What was left of a lot expired.',
} as const;

const PointsEntryType = builder.enumType('PointsEntryType', {
  description: 'Why points moved.',
  values: Object.fromEntries(pointsEntryTypes.map((type) => [type, { description: descriptions[type] }])) as Record<
    keyof typeof descriptions,
    { description: string }
  >, // One value a type.
});

/** The REST API's action ids; null where it has none. */
const actionIds: { readonly [Type in PointsEntryRow['type']]: number | null } = {
  EARN: 109,
  RELEASE: null,
  RETURN: 148,
  CANCEL: 148,
  CORRECTION: null,
  SPEND_ADJUSTMENT: 164,
  REDEEM: 107,
  REDEEM_REVERSAL: null,
  EXPIRE: 106,
};

export const PointsEntry = builder.objectRef<PointsEntryRow>('PointsEntry');

/** An expiry as it is shown: null when there is none. */
export const shownExpiry = (expiresAt: number | null): number | null => (expiresAt === neverExpires ? null : expiresAt);

type Amount = 'points' | 'available' | 'held' | 'debt' | 'uncollected' | 'availableAfter' | 'heldAfter' | 'debtAfter';
const amount = (name: Amount) => (entry: PointsEntryRow, _: unknown, context: GatewayContext) => pointsText(context, entry[name]);

builder.node(PointsEntry, {
  description: "A movement of a member's points. Entries are only ever appended; balances are sums of entries.",
  id: { resolve: ({ memberId, sequence }) => numberedId(memberId, sequence) },
  loadWithoutCache: (id, { loaders }) => loaders.entry().load(id),
  fields: (t) => ({
    type: t.field({ type: PointsEntryType, description: 'Why points moved.', resolve: ({ type }) => type }),
    actionId: t.int({
      nullable: true,
      description: "The REST API's action id: 109 purchase, 148 return or cancel, 164 manual spend, 107 redemption, 106 expiry.",
      resolve: ({ type }) => actionIds[type],
    }),
    points: t.field({ type: 'Points', description: 'Nominal and signed: what the event was worth.', resolve: amount('points') }),
    available: t.field({ type: 'Points', description: 'Signed effect on available points.', resolve: amount('available') }),
    held: t.field({ type: 'Points', description: 'Signed effect on held points.', resolve: amount('held') }),
    debt: t.field({ type: 'Points', description: 'Signed effect on debt.', resolve: amount('debt') }),
    uncollected: t.field({
      type: 'Points',
      description: 'Of a take-back: what had expired already, or was let go.',
      resolve: amount('uncollected'),
    }),
    availableAfter: t.field({
      type: 'Points',
      description: "The member's available points after the entry.",
      resolve: amount('availableAfter'),
    }),
    heldAfter: t.field({ type: 'Points', description: "The member's held points after the entry.", resolve: amount('heldAfter') }),
    debtAfter: t.field({ type: 'Points', description: "The member's debt after the entry.", resolve: amount('debtAfter') }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Whose balance moved.',
      resolve: ({ memberId }, _, { loaders }) => loaders.member().load(memberId),
    }),
    order: t.field({
      type: Order,
      nullable: true,
      description: 'The order that caused it.',
      resolve: ({ orderId }, _, { loaders }) => (orderId === null ? null : loaders.order().load(orderId)),
    }),
    lineItem: t.field({
      type: LineItem,
      nullable: true,
      description:
        'The line that caused it; null for what concerns the order as a whole, as where its cap or an adjustment has a part in it.',
      resolve: ({ orderId, position }, _, { loaders }) =>
        orderId === null || position === null ? null : loaders.line().load(numberedId(orderId, position)),
    }),
    spendAdjustment: t.field({
      type: SpendAdjustment,
      nullable: true,
      description: 'The spend adjustment that caused it.',
      resolve: ({ adjustmentId }, _, { loaders }) => (adjustmentId === null ? null : loaders.adjustment().load(adjustmentId)),
    }),
    actor: t.exposeString('actor', { description: 'Who asked for it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason that was given.' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the points that it made available expire; null when it made none available, or they never expire.',
      resolve: ({ expiresAt }) => shownExpiry(expiresAt),
    }),
    occurredAt: t.field({ type: 'DateTime', description: 'Business time: when it happened.', resolve: ({ occurredAt }) => occurredAt }),
    recordedAt: t.field({ type: 'DateTime', description: 'System time: when it was recorded.', resolve: ({ recordedAt }) => recordedAt }),
  }),
});

export const PointsEntryConnection = connectionType(PointsEntry, 'PointsEntry', 'points entries');
export const orderEntryCursor: ListCursor<PointsEntryRow> = { name: 'orderEntries', valueOf: ({ sequence }) => [sequence, sequence] };
export const memberEntryCursor: ListCursor<PointsEntryRow> = { name: 'memberEntries', valueOf: ({ sequence }) => [sequence, sequence] };
