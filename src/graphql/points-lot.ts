// Lots of available points. Points do not expire yet, so nothing is told apart by lots.
import type { Order as OrderRow } from '../domain/order.ts';
import { builder } from './builder.ts';
import { connectionType, pageOf, pageRange } from './connection.ts';
import { Member } from './member/type.ts';
import { pointsText } from './money.ts';
import { Order } from './order/type.ts';

type PointsLotRow = {
  readonly id: string;
  readonly order: OrderRow | null;
  readonly remaining: number;
  readonly availableAt: number;
  readonly expiresAt: number | null;
};

const PointsLot = builder.objectRef<PointsLotRow>('PointsLot');

builder.node(PointsLot, {
  description: 'Available points that came together and expire together.',
  id: { resolve: ({ id }) => id },
  loadOne: () => null,
  fields: (t) => ({
    order: t.field({ type: Order, nullable: true, description: 'The order that earned them.', resolve: ({ order }) => order }),
    remaining: t.field({
      type: 'Points',
      description: 'What is left of them.',
      resolve: ({ remaining }, _, context) => pointsText(context, remaining),
    }),
    availableAt: t.field({ type: 'DateTime', description: 'Since when they can be spent.', resolve: ({ availableAt }) => availableAt }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When they expire; null: never.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
});

const PointsLotConnection = connectionType(PointsLot, 'PointsLot', 'lots of points');
const lotCursor = { name: 'lots', valueOf: ({ id }: PointsLotRow): [string, string] => [id, id] };

builder.objectField(Member, 'lots', (t) =>
  t.field({
    type: PointsLotConnection,
    description: 'Available lots, next to expire first. Empty in this version, in which points do not expire.',
    args: {
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: (_, { first, after }) => pageOf<PointsLotRow>([], pageRange({ first, after }, lotCursor), lotCursor, async () => 0),
  }),
);
