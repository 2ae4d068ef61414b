// The answers of the hand-written endpoints, put together row by row in the order in which the operations ask.
import { currencyCode, groupedBy, type LineRow, type MemberRow, type OrderRow, type Reads } from './rows.ts';
import { amountOf, globalId, instantOf, statusOf } from './values.ts';
import type { CreateOrderInput, UpdateOrderInput, Writes, Written } from './writes.ts';

const money = (minor: number) => ({ amount: amountOf(minor), currencyCode });

const lineAnswer = ({ orderId, position, productId, name, quantity, unitPriceMinor, pointsAwarded }: LineRow) => ({
  id: globalId('LineItem', `${orderId}:${position}`),
  productId,
  name,
  quantity,
  unitPrice: money(unitPriceMinor),
  pointsAwarded,
});

const orderAnswer = ({ id, orderId, workflow, orderDate, totalMinor, pointsAwarded, version }: OrderRow) => ({
  id: globalId('Order', id),
  orderId,
  status: statusOf(workflow),
  orderDate: instantOf(orderDate),
  total: money(totalMinor),
  pointsAwarded,
  version,
});

const memberAnswer = ({ id, userId, firstName, lastName }: MemberRow) => ({ id: globalId('Member', id), userId, firstName, lastName });

const linesAnswer = (lines: readonly LineRow[] = []) => ({ lineItems: { nodes: lines.map(lineAnswer) } });

const writtenAnswer = ({ order, lines, member }: Written) => ({
  order: {
    id: globalId('Order', order.id),
    orderId: order.orderId,
    status: statusOf(order.workflow),
    total: money(order.totalMinor),
    pointsAwarded: order.pointsAwarded,
    pointsRemoved: order.pointsRemoved,
    version: order.version,
    lineItems: {
      nodes: lines.map(({ orderId, position, productId, quantity, returned, pointsAwarded, pointsRemoved }) => ({
        id: globalId('LineItem', `${orderId}:${position}`),
        productId,
        quantity,
        returnedQuantity: returned,
        pointsAwarded,
        pointsRemoved,
      })),
    },
  },
  member: { userId: member.userId, points: { available: member.available } },
  replayed: false,
  userErrors: [],
});

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);

export function answersOf(reads: Reads, writes: Writes) {
  const linesByOrder = (orders: readonly OrderRow[]) => groupedBy(reads.linesOfOrders(idsOf(orders)), ({ orderId }) => orderId);
  return {
    order({ orderId }: { readonly orderId: string }) {
      const order = reads.orderByOrderId(orderId);
      if (!order) return { order: null };
      const member = reads.memberById(order.memberId);
      return {
        order: { ...orderAnswer(order), member: member ? memberAnswer(member) : null, ...linesAnswer(reads.linesOfOrder(order.id)) },
      };
    },
    member({ userId }: { readonly userId: string }) {
      const member = reads.memberByUserId(userId);
      if (!member) return { member: null };
      const orders = reads.latestOrdersOfMember(member.id);
      const lines = linesByOrder(orders);
      const nodes = orders.map((order) => ({ ...orderAnswer(order), ...linesAnswer(lines.get(order.id)) }));
      return { member: { ...memberAnswer(member), orders: { nodes } } };
    },
    orders({ before }: { readonly before: string }) {
      const orders = reads.ordersBefore(Date.parse(before));
      const lines = linesByOrder(orders);
      const memberIds = [...new Set(orders.map(({ memberId }) => memberId))];
      const secondaries = groupedBy(reads.secondariesOf(memberIds), ({ primaryId }) => primaryId);
      const members = new Map(
        reads.membersByIds(memberIds).map((member) => {
          const nodes = (secondaries.get(member.id) ?? []).map(memberAnswer);
          return [member.id, { ...memberAnswer(member), secondaryMembers: { nodes } }] as const;
        }),
      );
      const nodes = orders.map((order) => ({
        ...orderAnswer(order),
        ...linesAnswer(lines.get(order.id)),
        member: members.get(order.memberId),
      }));
      return { orders: { nodes } };
    },
    createOrder: ({ input }: { readonly input: CreateOrderInput }) => ({ createOrder: writtenAnswer(writes.createOrder(input)) }),
    updateOrder: ({ input }: { readonly input: UpdateOrderInput }) => ({ updateOrder: writtenAnswer(writes.updateOrder(input)) }),
    bulkCreateOrders({ input }: { readonly input: { readonly orders: readonly CreateOrderInput[] } }) {
      const rows = writes.bulkCreateOrders(input.orders).map(({ order: { id, orderId, version, pointsAwarded } }, index) => ({
        index,
        orderId,
        status: 'CREATED',
        order: { id: globalId('Order', id), version, pointsAwarded },
        userErrors: [],
      }));
      return { bulkCreateOrders: { created: rows.length, failed: 0, rows, userErrors: [] } };
    },
  };
}
