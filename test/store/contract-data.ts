// What a store is filled with for its contract, and the questions with what they find in it.
import type { LineItem } from '../../src/domain/line-item.ts';
import type { Member } from '../../src/domain/member.ts';
import { type Order, workflowState } from '../../src/domain/order.ts';
import type { ListKind, MemberCriteria, OrderCriteria, PageCursor } from '../../src/store/store.ts';
import {
  adjustmentRow,
  entryRow,
  eventRow,
  largest,
  lineRow,
  linkRow,
  longAgo,
  lotRow,
  memberRow,
  now,
  oddIds,
  orderRow,
} from './contract-rows.ts';

export const other = 'other site';
export const bytes = (one: string, another: string): number => Buffer.compare(Buffer.from(one), Buffer.from(another));
export const day = 86_400_000;

/** Members of odd names, one with the largest numbers. */
export const members: readonly Member[] = [
  ...oddIds.map((id, index) =>
    memberRow(id, { email: `${id.slice(0, 20)}@x`, firstName: `É${id}`, lastName: index % 2 === 0 ? 'ÖZ' : null, status: index % 5 === 0 ? 'BLOCKED' : 'ACTIVE' })),
  memberRow('m', { userId: 'm', email: 'Ann@Example.com', available: largest, held: largest, used: largest, expired: largest, lifetime: largest, totalSpendMinor: largest, dueAt: longAgo, createdAt: longAgo, optedIn: false }),
]; // biome-ignore format: one kind a line
export const main = members.at(-1) as Member; // There is one.

const stores = [null, 'Zürich', 'zürich', '😀'];
const sources = ['web', null, 'WEB'];

function ordersOf(member: Member, from: number, count: number): readonly { readonly order: Order; readonly line: LineItem }[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = from + offset;
    const id = `${oddIds[index % oddIds.length]}${index}`;
    const shipped = index % 3 === 0 ? 1 : 0;
    const orderDate = index === 7 ? longAgo : now - (index % 5) * day;
    const line = lineRow(id, 1, { productId: `p${index % 4}`, shipped, orderDate, name: `“${oddIds[index % oddIds.length]}”` });
    const heldPoints = index % 7 === 0 ? 3 : 0;
    const values = {
      orderDate,
      updatedAt: now + (index % 3),
      totalMinor: index === 9 ? largest : 100 * (index % 6),
      storeId: stores[index % 4] ?? null,
      source: sources[index % 3] ?? null,
      primaryId: index % 4 === 0 ? main.id : null,
      heldPoints,
      workflow: workflowState([line], heldPoints),
      coupons: ['“x”', '😀'],
      attributes: '{"a": [1, "é"]}',
    };
    return { order: orderRow(id, member.id, values), line };
  });
}

export const placed = [...ordersOf(main, 0, 30), ...ordersOf(members[3] ?? main, 30, 12)];
export const orders = placed.map(({ order }) => order);
export const lines = placed.map(({ line }) => line);
export const [first] = orders as [Order]; // There are many.

export const lots = Array.from({ length: 9 }, (_, index) =>
  lotRow(main.id, index + 1, first.id, {
    points: 10,
    remaining: index === 4 ? 0 : 10 - index,
    expired: index === 4 ? 10 : 0,
    expiresAt: index < 3 ? largest : now - (index - 6) * day,
  }),
);
export const entries = Array.from({ length: 9 }, (_, index) =>
  entryRow(main.id, index + 1, first.id, {
    eventSequence: (index % 2) + 1,
    points: index === 0 ? -largest : index,
    available: index === 0 ? -largest : index,
    availableAfter: largest,
    reason: index === 1 ? 'it’s "so"' : null,
    occurredAt: longAgo,
  }),
);
export const events = [1, 2, 3].map((sequence) =>
  eventRow(first.id, sequence, { lines: [{ position: 1, quantity: sequence }], occurredAt: longAgo }),
);
export const adjustments = ['b', 'B', 'é', '😀'].map((id, index) =>
  adjustmentRow(id, first.id, main.id, {
    eventSequence: index + 1,
    createdAt: now - (index % 2),
    amountMinor: largest,
    tierBefore: '“Gold”',
  }),
);
export const links = [linkRow(main.id, 'a'), linkRow(main.id, 'Z'), linkRow(main.id, 'é'), linkRow(main.id, '😀'), linkRow(main.id, 'z', { endedAt: now })]; // biome-ignore format: one line

const lineOf = (order: Order): LineItem | undefined => lines.find(({ orderId }) => orderId === order.id);
export const filters: readonly (readonly [name: string, criteria: OrderCriteria, holds: (order: Order) => boolean])[] = [
  ['nothing', {}, () => true],
  ['order ids', { orderIds: [first.orderId, 'none', 'order é11'] }, ({ orderId }) => [first.orderId, 'order é11'].includes(orderId)],
  ['an empty list', { orderIds: [] }, () => false],
  ['members', { memberIds: [main.id, 'none'] }, ({ memberId }) => memberId === main.id],
  ['products', { productIds: ['p1', 'p2', 'none'] }, (order) => ['p1', 'p2'].includes(lineOf(order)?.productId ?? '')],
  ['statuses', { statuses: ['SHIPPED'] }, (order) => lineOf(order)?.shipped === 1],
  ['actions', { actions: ['SHIP'] }, (order) => lineOf(order)?.shipped === 0],
  ['held points', { held: true }, ({ heldPoints }) => heldPoints > 0],
  ['stores', { storeIds: ['Zürich', '😀'] }, ({ storeId }) => ['Zürich', '😀'].includes(storeId ?? '')],
  ['sources', { sources: ['WEB'] }, ({ source }) => source === 'WEB'],
  ['dates', { orderDate: { from: longAgo, before: now - day } }, ({ orderDate }) => orderDate >= longAgo && orderDate < now - day],
  ['updates', { updatedAt: { from: now + 1 } }, ({ updatedAt }) => updatedAt > now],
  ['totals', { total: { from: 200, to: largest } }, ({ totalMinor }) => totalMinor >= 200],
  ['a primary', { primaryId: main.id }, ({ primaryId }) => primaryId === main.id],
  ['whom it is visible to', { visibleTo: main.id }, ({ memberId, primaryId }) => memberId === main.id || primaryId === main.id],
  ['a product and a store', { productIds: ['p0', 'p1'], storeIds: ['Zürich'] }, (order) => order.storeId === 'Zürich' && ['p0', 'p1'].includes(lineOf(order)?.productId ?? '')],
  ['a store and a date', { storeIds: ['zürich'], orderDate: { before: now } }, ({ storeId, orderDate }) => storeId === 'zürich' && orderDate < now],
]; // biome-ignore format: one filter a line

export const memberFilters: readonly (readonly [name: string, criteria: MemberCriteria, holds: (member: Member) => boolean])[] = [
  ['nothing', {}, () => true],
  ['ids', { ids: ['a', 'Z', 'none'] }, ({ id }) => ['a', 'Z'].includes(id)],
  ['user ids', { userIds: ['user é', 'm'] }, ({ userId }) => ['user é', 'm'].includes(userId)],
  ['an empty list', { userIds: [] }, () => false],
  ['an e-mail in other letters', { email: 'ANN@example.COM' }, ({ id }) => id === main.id],
  ['a name in other letters', { namePrefix: 'éÉ' }, ({ firstName }) => firstName?.toLowerCase().startsWith('éé') ?? false],
  ['a last name', { namePrefix: 'öz' }, ({ lastName }) => lastName === 'ÖZ'],
  ['a percent sign', { namePrefix: 'é%' }, ({ id }) => id === '%'],
  ['statuses', { statuses: ['BLOCKED'] }, ({ status }) => status === 'BLOCKED'],
  ['spend', { spend: { ranges: [{ from: 70, below: 71 }], after: longAgo, upTo: now } }, ({ id }) => id === main.id],
  ['spend without an end', { spend: { ranges: [{ from: 5, below: 6 }, { from: 970, below: null }], after: null, upTo: now } }, ({ id }) => id === main.id],
  ['no spend', { spend: { ranges: [{ from: 0, below: 1 }], after: null, upTo: now } }, ({ id }) => id !== main.id],
]; // biome-ignore format: one filter a line

export const listed: { readonly [Kind in ListKind]: { readonly parent: string; readonly rows: readonly object[]; readonly cursorOf: (row: never) => PageCursor } } = {
  ORDER_LINES: { parent: first.id, rows: [1, 2, 3].map((position) => ({ position })), cursorOf: ({ position }: LineItem) => [position, position] },
  ORDER_EVENTS: { parent: first.id, rows: events, cursorOf: ({ sequence }: { sequence: number }) => [sequence, sequence] },
  ORDER_ENTRIES: { parent: first.id, rows: entries, cursorOf: ({ sequence }: { sequence: number }) => [sequence, sequence] },
  ORDER_ADJUSTMENTS: { parent: first.id, rows: adjustments, cursorOf: ({ eventSequence }: { eventSequence: number }) => [eventSequence, eventSequence] },
  MEMBER_ENTRIES: { parent: main.id, rows: entries.toReversed(), cursorOf: ({ sequence }: { sequence: number }) => [sequence, sequence] },
  MEMBER_LOTS: {
    parent: main.id,
    rows: lots.filter(({ remaining }) => remaining > 0).toSorted((one, another) => one.expiresAt - another.expiresAt || one.sequence - another.sequence),
    cursorOf: ({ expiresAt, sequence }: { expiresAt: number; sequence: number }) => [expiresAt, sequence],
  },
  MEMBER_ADJUSTMENTS: {
    parent: main.id,
    rows: adjustments.toSorted((one, another) => another.createdAt - one.createdAt || bytes(another.id, one.id)),
    cursorOf: ({ createdAt, id }: { createdAt: number; id: string }) => [createdAt, id],
  },
  MEMBER_SECONDARIES: { parent: main.id, rows: ['Z', 'a', 'é', '😀'].map((id) => ({ id })), cursorOf: ({ userId }: Member) => [userId, userId] },
}; // biome-ignore format: one list a line
