// The schema of the GraphQL competitors: the part of the gateway's that the bench asks for, with resolvers over rows.
import { type Context, linesOf } from './context.ts';
import { currencyCode, type LineRow, type MemberRow, type OrderRow } from './rows.ts';
import { amountOf, globalId, instantOf, statusOf } from './values.ts';
import type { CreateOrderInput, UpdateOrderInput, Written } from './writes.ts';

export const typeDefs = `
  scalar CurrencyCode
  scalar DateTime
  scalar Decimal
  scalar Points
  enum OrderStatus { CANCELLED OPEN PARTIALLY_CANCELLED PARTIALLY_RETURNED PARTIALLY_SHIPPED RETURNED SHIPPED }
  enum BulkRowStatus { CREATED FAILED SKIPPED UNCHANGED UPDATED }
  enum UpdateAction { CANCEL RETURN SHIP }
  type Money { amount: Decimal! currencyCode: CurrencyCode! }
  type PointsBalance { available: Points! }
  type UserError { code: String! message: String! }
  type LineItem {
    id: ID! productId: ID! name: String quantity: Int! returnedQuantity: Int! unitPrice: Money! pointsAwarded: Points! pointsRemoved: Points!
  }
  type LineItemConnection { nodes: [LineItem!]! }
  type Order {
    id: ID! orderId: ID! status: OrderStatus! orderDate: DateTime! total: Money! pointsAwarded: Points! pointsRemoved: Points! version: Int!
    member: Member! lineItems(first: Int = 100): LineItemConnection!
  }
  type OrderConnection { nodes: [Order!]! }
  type Member {
    id: ID! userId: ID! firstName: String lastName: String points: PointsBalance! orders(first: Int = 20): OrderConnection!
    secondaryMembers(first: Int = 20): MemberConnection!
  }
  type MemberConnection { nodes: [Member!]! }
  input OrderIdentifierInput { id: ID orderId: ID }
  input MemberIdentifierInput { id: ID userId: ID }
  input DateTimeRange { from: DateTime before: DateTime }
  input OrderFilter { orderDate: DateTimeRange }
  type Query {
    order(by: OrderIdentifierInput!): Order
    member(by: MemberIdentifierInput!): Member
    orders(first: Int = 20, filter: OrderFilter): OrderConnection!
  }
  input LineItemInput { productId: ID! name: String quantity: Int! unitPrice: Decimal! }
  input CreateOrderInput { orderId: ID! userId: ID! lineItems: [LineItemInput!]! }
  input LineItemIdentifierInput { id: ID lineKey: ID productId: ID }
  input LineItemSelection { lineItem: LineItemIdentifierInput! quantity: Int! }
  input UpdateOrderInput { orderId: ID! action: UpdateAction! lineItems: [LineItemSelection!] idempotencyKey: ID! }
  input BulkCreateOrdersInput { orders: [CreateOrderInput!]! }
  type CreateOrderPayload { order: Order member: Member replayed: Boolean! userErrors: [UserError!]! }
  type UpdateOrderPayload { order: Order member: Member replayed: Boolean! userErrors: [UserError!]! }
  type BulkRow { index: Int! orderId: ID! status: BulkRowStatus! order: Order userErrors: [UserError!]! }
  type BulkOrdersPayload { created: Int! failed: Int! rows: [BulkRow!]! userErrors: [UserError!]! }
  type Mutation {
    createOrder(input: CreateOrderInput!): CreateOrderPayload!
    updateOrder(input: UpdateOrderInput!): UpdateOrderPayload!
    bulkCreateOrders(input: BulkCreateOrdersInput!): BulkOrdersPayload!
  }
`;

const money = (minor: number) => ({ amount: amountOf(minor), currencyCode });

const payload = ({ loaders }: Context, { order, lines, member }: Written) => {
  loaders.lines.prime(order.id, lines);
  return { order, member, replayed: false, userErrors: [] };
};

export const resolvers = {
  LineItem: {
    id: ({ orderId, position }: LineRow) => globalId('LineItem', `${orderId}:${position}`),
    returnedQuantity: ({ returned }: LineRow) => returned,
    unitPrice: ({ unitPriceMinor }: LineRow) => money(unitPriceMinor),
  },
  Order: {
    id: ({ id }: OrderRow) => globalId('Order', id),
    status: ({ workflow }: OrderRow) => statusOf(workflow),
    orderDate: ({ orderDate }: OrderRow) => instantOf(orderDate),
    total: ({ totalMinor }: OrderRow) => money(totalMinor),
    member: ({ memberId }: OrderRow, _: unknown, { loaders }: Context) => loaders.members.load(memberId),
    lineItems: ({ id }: OrderRow, _: unknown, context: Context) => linesOf(context, id),
  },
  Member: {
    id: ({ id }: MemberRow) => globalId('Member', id),
    points: ({ available }: MemberRow) => ({ available }),
    orders: ({ id }: MemberRow, _: unknown, { reads }: Context) => ({ nodes: reads.latestOrdersOfMember(id) }),
    secondaryMembers: async ({ id }: MemberRow, _: unknown, { loaders }: Context) => ({ nodes: await loaders.secondaries.load(id) }),
  },
  Query: {
    order: (_: unknown, { by }: { by: { orderId: string } }, { reads }: Context) => reads.orderByOrderId(by.orderId) ?? null,
    member: (_: unknown, { by }: { by: { userId: string } }, { reads }: Context) => reads.memberByUserId(by.userId) ?? null,
    orders: (_: unknown, { filter }: { filter: { orderDate: { before: string } } }, { reads }: Context) => ({
      nodes: reads.ordersBefore(Date.parse(filter.orderDate.before)),
    }),
  },
  Mutation: {
    createOrder: (_: unknown, { input }: { input: CreateOrderInput }, context: Context) =>
      payload(context, context.writes.createOrder(input)),
    updateOrder: (_: unknown, { input }: { input: UpdateOrderInput }, context: Context) =>
      payload(context, context.writes.updateOrder(input)),
    bulkCreateOrders(_: unknown, { input }: { input: { orders: readonly CreateOrderInput[] } }, { writes }: Context) {
      const rows = writes
        .bulkCreateOrders(input.orders)
        .map(({ order }, index) => ({ index, orderId: order.orderId, status: 'CREATED', order, userErrors: [] }));
      return { created: rows.length, failed: 0, rows, userErrors: [] };
    },
  },
};
