// Members, their balances, and the lists of secondary members under them.
import { pointsValueMinor } from '../domain/redemption.ts';
import { pageRange } from '../graphql/connection.ts';
import { memberCursor } from '../graphql/member/type.ts';
import type { Cells } from '../store/statement.ts';
import type { PageCursor } from '../store/store.ts';
import { connectionWriter, keepPages, pageOfCells, pageUnder } from './connection.ts';
import { distinct, groupedBy } from './edge.ts';
import { ordersOfMember } from './order.ts';
import { createLevel, type PlannedField, type PlannedFields } from './plan.ts';
import { choice, derivedMoney, flag, instant, money, nodeId, points, text } from './values.ts';

/** A page of the present secondary members under each member, cut from the whole as in the ordinary way: a household is small. */
const secondaryMembers: PlannedField = (compiling) => {
  const { store, level, args, keep } = compiling;
  const primary = level.at('id');
  const to = createLevel(['primary']);
  const userId = to.at('userId');
  const write = connectionWriter(compiling, 'Member', to);
  const reader = store.chosen.secondariesOf(to.columns);
  const cursor = { name: memberCursor.name, valueOf: (row: Cells): PageCursor => [row[userId] as string, row[userId] as string] }; // As memberCursor has it.
  const place = keep((place) => ({
    to,
    *read(rows, running) {
      const { first, after } = args(running) as { first?: number | null; after?: string | null }; // As the schema declares them.
      const range = pageRange({ first: first ?? 20, after }, memberCursor);
      const found = yield* reader(running.siteId, distinct(rows, primary));
      const begin = range.after && Buffer.from(String(range.after[0]));
      const isBeyond = (row: Cells): boolean => !begin || Buffer.compare(Buffer.from(row[userId] as string), begin) > 0;
      const groups = groupedBy(begin ? found.filter(isBeyond) : found, 0);
      const shown = (id: unknown): readonly Cells[] => (groups.get(id) ?? []).slice(0, range.limit);
      return keepPages(running, place, rows, primary, (id) => pageOfCells(shown(id), range, cursor));
    },
  }));
  return (row, running) => write(pageUnder(running, place, row[primary]), running);
};

export const memberFields: PlannedFields = {
  id: nodeId('Member'),
  userId: text('userId'),
  email: text('email'),
  firstName: text('firstName'),
  lastName: text('lastName'),
  status: choice('status'),
  optedIn: flag('optedIn'),
  // The balance stands in the member's own row.
  points: ({ level, object }) => object('PointsBalance', level),
  totalSpend: money('totalSpendMinor'),
  createdAt: instant('createdAt'),
  updatedAt: instant('updatedAt'),
  orders: ordersOfMember,
  secondaryMembers,
};

export const balanceFields: PlannedFields = {
  id: nodeId('PointsBalance'),
  available: points('available'),
  held: points('held'),
  used: points('used'),
  expired: points('expired'),
  lifetime: points('lifetime'),
  debt: points('debt'),
  value: derivedMoney(['available'], ({ available }, { program }) => pointsValueMinor(program, available)),
};
