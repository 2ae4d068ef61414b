// Reading orders: one, many, a member's, a household's.

import type { Order as OrderRow } from '../../domain/order.ts';
import type { OrderCriteria, OrderSort as Sort } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { type Page, pageOf, pageRange } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { idOfType } from '../global-id.ts';
import { Member } from '../member/type.ts';
import { exactlyOne } from '../one-of.ts';
import { refusalError } from '../refusal-error.ts';
import { OrderSort } from './enums.ts';
import { criteriaOf, OrderFilter } from './filter.ts';
import { Order, OrderConnection, orderCursor } from './type.ts';

type PageArgs = { readonly first?: number | null | undefined; readonly after?: string | null | undefined };
const nothing: OrderCriteria = { orderIds: [] };

async function ordersPage(
  { siteId, store, viewer }: GatewayContext,
  asked: OrderCriteria,
  sort: Sort,
  args: PageArgs,
): Promise<Page<OrderRow>> {
  const criteria = viewer.visibleOrders(asked);
  const cursor = orderCursor(sort);
  const range = pageRange({ first: args.first, after: args.after }, cursor);
  return pageOf(await store.reads.orders(siteId, criteria, sort, range), range, cursor, () => store.reads.countOrders(siteId, criteria));
}

const OrderIdentifierInput = builder.inputType('OrderIdentifierInput', {
  description: 'Names an order by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({ id: t.id({ description: 'The opaque id.' }), orderId: t.id({ description: "The caller's order id." }) }),
});

builder.queryField('order', (t) =>
  t.field({
    type: Order,
    nullable: true,
    description: 'One order; null when the site has none such.',
    args: { by: t.arg({ type: OrderIdentifierInput, required: true, description: 'Which order.' }) },
    resolve: (_, { by }, { loaders }) => {
      exactlyOne(by, ['by']);
      if (by.id === null || by.id === undefined) return loaders.orderByOrderId().load(by.orderId?.trim() ?? '');
      const id = idOfType('Order', by.id);
      return id === null ? null : loaders.order().load(id);
    },
  }),
);

builder.queryField('orders', (t) =>
  t.field({
    type: OrderConnection,
    description: 'Orders of the site.',
    args: {
      filter: t.arg({ type: OrderFilter, description: 'Which orders; left out: all.' }),
      sort: t.arg({ type: OrderSort, defaultValue: 'ORDER_DATE_DESC', description: 'In which order.' }),
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async (_, { filter, sort, ...page }, context) =>
      ordersPage(context, await criteriaOf(context, filter), sort ?? 'ORDER_DATE_DESC', page),
  }),
);

builder.objectField(Member, 'orders', (t) =>
  t.field({
    type: OrderConnection,
    description: 'Orders that the member placed.',
    args: {
      filter: t.arg({ type: OrderFilter, description: 'Which orders; left out: all.' }),
      sort: t.arg({ type: OrderSort, defaultValue: 'ORDER_DATE_DESC', description: 'In which order.' }),
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async ({ id, userId }, { filter, sort: wanted, ...page }, context) => {
      const { userIds, ...rest } = filter ?? {};
      const { loaders, viewer } = context;
      const isMeant = !userIds || userIds.some((other) => other.trim() === userId);
      // The member is the row itself, and its list of members no criterion.
      const { memberIds: _, ...criteria } = viewer.visibleOrders(isMeant ? await criteriaOf(context, rest) : nothing);
      const sort = wanted ?? 'ORDER_DATE_DESC';
      const cursor = orderCursor(sort);
      const range = pageRange({ first: page.first, after: page.after }, cursor);
      const rows = (await loaders.ordersOfMember(criteria, sort, range).load(id)) ?? [];
      return pageOf(rows, range, cursor, async () => (await loaders.countOrdersOfMember(criteria).load(id)) ?? 0);
    },
  }),
);

builder.queryField('orderDetails', (t) =>
  t.field({
    type: OrderConnection,
    description:
      'Orders by user, by order, or by both, latest first; by user alone, all that the member placed. With neither: an error INVALID_INPUT. Mirrors POST /orderdetails.',
    args: {
      userId: t.arg.id({ description: "The buyer's user id." }),
      orderId: t.arg.id({ description: "The caller's order id." }),
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async (_, { userId, orderId, ...page }, context) => {
      if (isAbsent(userId) && isAbsent(orderId)) throw refusalError('INVALID_INPUT', ['userId'], 'Expected a userId, an orderId or both.');
      const filter = { ...(userId != null && { userIds: [userId] }), ...(orderId != null && { orderIds: [orderId] }) };
      return ordersPage(context, await criteriaOf(context, filter), 'ORDER_DATE_DESC', page);
    },
  }),
);

const isAbsent = (value: string | null | undefined): boolean => value === null || value === undefined;

builder.queryField('secondaryMemberOrders', (t) =>
  t.field({
    type: OrderConnection,
    description:
      'Orders that secondary members of a primary member placed while linked, those of former ones too, latest first; of one of them or one order when given. Somebody never linked is an error NOT_A_SECONDARY_MEMBER. Mirrors GET /secondaryuserorders.',
    args: {
      userId: t.arg.id({ required: true, description: "The primary member's user id." }),
      secondaryUserId: t.arg.id({ description: "One secondary member's user id; left out: all." }),
      orderId: t.arg.id({ description: "One order, by the caller's order id; left out: all." }),
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async (_, { userId, secondaryUserId, orderId, ...page }, context) => {
      const criteria = await householdCriteria(context, userId.trim(), secondaryUserId?.trim() ?? null);
      return ordersPage(context, { ...criteria, ...(orderId != null && { orderIds: [orderId.trim()] }) }, 'ORDER_DATE_DESC', page);
    },
  }),
);

async function householdCriteria(
  { siteId, store, loaders, viewer }: GatewayContext,
  userId: string,
  secondaryUserId: string | null,
): Promise<OrderCriteria> {
  const named = await loaders.memberByUserId().load(userId);
  const primary = named && viewer.owns(named.id) ? named : null;
  const ever = primary ? await store.reads.secondariesEver(siteId, primary.id) : [];
  if (secondaryUserId === null) return primary ? { primaryId: primary.id, memberIds: ever } : nothing;
  const secondary = await loaders.memberByUserId().load(secondaryUserId);
  if (!primary || !secondary || !ever.includes(secondary.id))
    throw refusalError('NOT_A_SECONDARY_MEMBER', ['secondaryUserId'], 'The member was never a secondary member of that primary member.');
  return { primaryId: primary.id, memberIds: [secondary.id] };
}
