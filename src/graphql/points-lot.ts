// Lots: available points that came together and expire together.
import type { Lot } from '../domain/lot.ts';
import { builder } from './builder.ts';
import { connectionType, type ListCursor } from './connection.ts';
import { numberedId } from './global-id.ts';
import { listField } from './list-field.ts';
import { Member } from './member/type.ts';
import { pointsText } from './money.ts';
import { Order } from './order/type.ts';
import { shownExpiry } from './points-entry.ts';

const PointsLot = builder.objectRef<Lot>('PointsLot');

builder.node(PointsLot, {
  description: 'Available points that came together and expire together. The lot that is next to expire is spent first.',
  id: { resolve: ({ memberId, sequence }) => numberedId(memberId, sequence) },
  loadWithoutCache: (id, { loaders }) => loaders.lot().load(id),
  fields: (t) => ({
    order: t.field({
      type: Order,
      nullable: true,
      description: 'The order that earned them.',
      resolve: ({ orderId }, _, { loaders, previews }) => loaders.order().load(previews.shownId(orderId)),
    }),
    remaining: t.field({
      type: 'Points',
      description: 'What is left of them: neither spent, nor taken back, nor expired.',
      resolve: ({ remaining }, _, context) => pointsText(context, remaining),
    }),
    availableAt: t.field({
      type: 'DateTime',
      description: 'Since when they can be spent: when their hold ended, if they were held. Their expiry is counted from then.',
      resolve: ({ availableAt }) => availableAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When what is left of them expires; null: never.',
      resolve: ({ expiresAt }) => shownExpiry(expiresAt),
    }),
  }),
});

const PointsLotConnection = connectionType(PointsLot, 'PointsLot', 'lots of points');
const lotCursor: ListCursor<Lot> = { name: 'lots', valueOf: ({ expiresAt, sequence }) => [expiresAt, sequence] };

listField(Member, 'lots', () => ({
  kind: 'MEMBER_LOTS',
  sees: (viewer, { id }) => viewer.owns(id),
  type: PointsLotConnection,
  first: 20,
  cursor: lotCursor,
  description:
    'What the available points consist of: lots that have something left, in the order in which they are spent, next to expire first. Those that never expire come last.',
}));
