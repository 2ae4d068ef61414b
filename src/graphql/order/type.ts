// The order and its connections.
import { allowedActions, type Order as OrderRow, orderStatus } from '../../domain/order.ts';
import type { OrderSort } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { areNumberAndId, connectionType, type ListCursor } from '../connection.ts';
import { LineItemConnection, lineCursor, present } from '../line-item.ts';
import { listField } from '../list-field.ts';
import { Member } from '../member/type.ts';
import { Money, money, pointsText } from '../money.ts';
import { eventCursor, OrderEventConnection } from '../order-event.ts';
import { orderEntryCursor, PointsEntryConnection } from '../points-entry.ts';
import { orderAdjustmentCursor, SpendAdjustmentConnection } from '../spend-adjustment.ts';
import { OrderAction, OrderStatus } from './enums.ts';

export const Order = builder.objectRef<OrderRow>('Order');

builder.node(Order, {
  description: 'An order of a member. What it retains of points and spend is a function of the quantities that were kept.',
  id: { resolve: ({ id }) => id },
  loadWithoutCache: (id, { loaders }) => loaders.order().load(id),
  fields: (t) => ({
    orderId: t.exposeID('orderId', { description: "The caller's order id, unique in the site for ever." }),
    siteId: t.exposeID('siteId', { description: 'The site.' }),
    status: t.field({
      type: OrderStatus,
      description: 'Where the order stands: the same function as for a line, of the sums over its lines.',
      resolve: orderStatus,
    }),
    allowedActions: t.field({ type: [OrderAction], description: 'What can still be done with it.', resolve: allowedActions }),
    version: t.exposeInt('version', {
      description:
        '+1 per accepted command on the order, not by releases and expiries; pass it as expectedVersion to be sure that nothing came between.',
    }),
    member: t.field({
      type: Member,
      description: 'Who bought.',
      resolve: ({ memberId }, _, { loaders }) => present(loaders.member().load(memberId)),
    }),
    creditedTo: t.field({
      type: Member,
      nullable: true,
      description: 'Who earned: the buyer, or the primary member when the program pools; fixed when the order was created.',
      resolve: ({ creditedToId }, _, { loaders }) => loaders.member().load(creditedToId),
    }),
    orderDate: t.field({
      type: 'DateTime',
      description: 'When it was placed, as sent or as recorded.',
      resolve: ({ orderDate }) => orderDate,
    }),
    total: t.field({
      type: Money,
      description: 'As sent, else the lines less discounts. Moves with additions and corrections, not with returns.',
      resolve: ({ totalMinor }) => money(totalMinor),
    }),
    currentTotal: t.field({
      type: Money,
      description: 'The lines less discounts, for what is kept.',
      resolve: ({ currentTotalMinor }) => money(currentTotalMinor),
    }),
    spend: t.field({
      type: Money,
      description: 'What counts for tiers: currentTotal and spend adjustments. The most that a DEBIT can take.',
      resolve: ({ spendMinor }) => money(spendMinor),
    }),
    discount: t.field({
      type: Money,
      description: 'Of the order as a whole; discounts of lines stand on the lines.',
      resolve: ({ discountMinor }) => money(discountMinor),
    }),
    coupons: t.exposeStringList('coupons', { description: 'Coupons used for the order.' }),
    storeId: t.exposeString('storeId', { nullable: true, description: 'The shop.' }),
    source: t.exposeString('source', { nullable: true, description: 'Where the order came from: till, web, app.' }),
    attributes: t.field({
      type: 'JSON',
      nullable: true,
      description: "The caller's own data, as it was sent.",
      resolve: ({ attributes }) => (attributes === null ? null : JSON.parse(attributes)),
    }),
    pointsAwarded: t.field({
      type: 'Points',
      description: 'Points ever awarded for it. A return never rewrites it.',
      resolve: ({ pointsAwarded }, _, context) => pointsText(context, pointsAwarded),
    }),
    pointsRemoved: t.field({
      type: 'Points',
      description: 'Points taken back by returns, cancellations and corrections.',
      resolve: ({ pointsRemoved }, _, context) => pointsText(context, pointsRemoved),
    }),
    pointsHeld: t.field({
      type: 'Points',
      description: 'Its points that are still on hold: earned, not yet available.',
      resolve: ({ heldPoints }, _, context) => pointsText(context, heldPoints),
    }),
    pointsReleaseAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When some of its held points will next be released if nothing else happens; null when none are held, and while it depends on a shipment.',
      resolve: ({ releaseAt }) => releaseAt,
    }),
    pointsRedeemed: t.field({
      type: 'Points',
      description: 'Points that were spent on it when it was created. Returns do not rewrite it.',
      resolve: ({ redeemedPoints }, _, context) => pointsText(context, redeemedPoints),
    }),
    redeemedPointsReturned: t.field({
      type: 'Points',
      description: 'Points given back of those spent on it, in proportion to what was returned or cancelled.',
      resolve: ({ redeemedReturned }, _, context) => pointsText(context, redeemedReturned),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was recorded.', resolve: ({ createdAt }) => createdAt }),
    updatedAt: t.field({ type: 'DateTime', description: 'When it last changed.', resolve: ({ updatedAt }) => updatedAt }),
  }),
});

listField(Order, 'lineItems', () => ({
  kind: 'ORDER_LINES',
  type: LineItemConnection,
  first: 100,
  cursor: lineCursor,
  description: 'Its lines, in the order they came. A page of up to 500 holds a whole order.',
}));
listField(Order, 'spendAdjustments', () => ({
  kind: 'ORDER_ADJUSTMENTS',
  type: SpendAdjustmentConnection,
  first: 20,
  cursor: orderAdjustmentCursor,
  description: 'Spend adjustments, oldest first.',
}));
listField(Order, 'pointsEntries', () => ({
  kind: 'ORDER_ENTRIES',
  // All of them are on the account that the order is credited to.
  sees: (viewer, { creditedToId }) => viewer.owns(creditedToId),
  type: PointsEntryConnection,
  first: 50,
  cursor: orderEntryCursor,
  description: 'Every movement of points that it caused, oldest first.',
}));
listField(Order, 'events', () => ({
  kind: 'ORDER_EVENTS',
  type: OrderEventConnection,
  first: 50,
  cursor: eventCursor,
  description: 'What happened to it, oldest first.',
}));

export const OrderConnection = connectionType(Order, 'Order', 'orders');

const sortValues = { ORDER_DATE: 'orderDate', UPDATED_AT: 'updatedAt', TOTAL: 'totalMinor' } as const;

/** Cursors of a list of orders hold the value it is sorted by. */
export function orderCursor(sort: OrderSort): ListCursor<OrderRow> {
  const name = sort.replace(/_(ASC|DESC)$/, '') as keyof typeof sortValues; // Every sort is one of these with a direction.
  return { name: sort, valueOf: (order) => [order[sortValues[name]], order.id], isOurs: areNumberAndId };
}
