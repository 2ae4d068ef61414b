// The history of an order: one event per accepted command, and one per release of held points.
import { type OrderEvent as OrderEventRow, orderEventTypes } from '../domain/change.ts';
import { builder } from './builder.ts';
import { connectionType, type ListCursor } from './connection.ts';
import { numberedId } from './global-id.ts';
import { LineItem, present } from './line-item.ts';
import { PointsEntry } from './points-entry.ts';

const descriptions = {
  CREATED: 'The order was created, and shipped if it was created SHIPPED.',
  SHIPPED: 'Goods were shipped.',
  RETURNED: 'Goods came back.',
  CANCELLED: 'Open goods were cancelled.',
  LINES_ADDED: 'Quantities or products were added.',
  CORRECTED: 'Values of lines were corrected.',
  SPEND_ADJUSTED: 'An administrator adjusted the spend.',
  POINTS_RELEASED: 'The hold of points ended, by time or by a shipment: they became available. It does not raise Order.version.',
} as const;

const OrderEventType = builder.enumType('OrderEventType', {
  description: 'What happened to an order.',
  values: Object.fromEntries(orderEventTypes.map((type) => [type, { description: descriptions[type] }])) as Record<
    keyof typeof descriptions,
    { description: string }
  >, // One value a type.
});

type EventLine = { readonly orderId: string; readonly position: number; readonly quantity: number };

const OrderEventLine = builder.objectRef<EventLine>('OrderEventLine').implement({
  description: 'A line that an event was about.',
  fields: (t) => ({
    lineItem: t.field({
      type: LineItem,
      description: 'The line.',
      resolve: ({ orderId, position }, _, { loaders }) => present(loaders.line().load(numberedId(orderId, position))),
    }),
    quantity: t.exposeInt('quantity', {
      description:
        'How many were ordered, shipped, returned, cancelled or added; of a correction the quantity after it, of a release the goods whose hold ended.',
    }),
  }),
});

const OrderEvent = builder.objectRef<OrderEventRow>('OrderEvent');

builder.node(OrderEvent, {
  description:
    'Something that happened to an order: one event per accepted command, and one per release of points. Events are never changed.',
  id: { resolve: ({ orderId, sequence }) => numberedId(orderId, sequence) },
  loadWithoutCache: (id, { loaders }) => loaders.event().load(id),
  fields: (t) => ({
    sequence: t.exposeInt('sequence', { description: '1, 2, 3 ... without gaps within an order.' }),
    type: t.field({ type: OrderEventType, description: 'What happened.', resolve: ({ type }) => type }),
    actor: t.exposeString('actor', { description: 'Who asked for it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason that was given.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'Business time: when it happened.', resolve: ({ occurredAt }) => occurredAt }),
    recordedAt: t.field({ type: 'DateTime', description: 'System time: when it was recorded.', resolve: ({ recordedAt }) => recordedAt }),
    lines: t.field({
      type: [OrderEventLine],
      description: 'The lines it was about; of a release those whose hold ended.',
      resolve: ({ orderId, lines }) => lines.map((line) => ({ orderId, ...line })),
    }),
    pointsEntries: t.field({
      type: [PointsEntry],
      description: 'The movements of points that it caused.',
      resolve: async ({ orderId, sequence }, _, { loaders }) => (await loaders.entriesOfEvent().load(numberedId(orderId, sequence))) ?? [],
    }),
  }),
});

export const OrderEventConnection = connectionType(OrderEvent, 'OrderEvent', 'order events');
export const eventCursor: ListCursor<OrderEventRow> = { name: 'events', valueOf: ({ sequence }) => [sequence, sequence] };
