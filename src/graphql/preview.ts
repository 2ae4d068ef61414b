// What a dry run would have made: shown under throw-away ids, so that no client's cache takes it for real.
import type { OrderEvent, PointsEntry, SpendAdjustment } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { LineItem } from '../domain/line-item.ts';
import type { Lot } from '../domain/lot.ts';
import type { Member } from '../domain/member.ts';
import type { Order } from '../domain/order.ts';
import type { OrderOutcome } from '../domain/order-command.ts';
import type { Expiring, ListKind, ListRow, OrderPreview, PageRange } from '../store/store.ts';
import { numberedId } from './global-id.ts';

type OrderLists = {
  readonly order: Order;
  readonly lines: readonly LineItem[];
  readonly events: readonly OrderEvent[];
  readonly entries: readonly PointsEntry[];
  readonly adjustments: readonly SpendAdjustment[];
};
type MemberPreview = {
  readonly member: Member;
  readonly storedId: string;
  readonly periodSpendMinor: number;
  /** As they are spent. */
  readonly lots: readonly Lot[];
};

export type Previews = ReturnType<typeof createPreviews>;

/** Holds the previews of one request. */
export function createPreviews(newId: () => string) {
  const orders = new Map<string, OrderLists>();
  const members = new Map<string, MemberPreview>();
  const adjustments = new Map<string, SpendAdjustment>();
  const throwAway = new Map<string, string>();
  const other = (id: string): string => {
    const known = throwAway.get(id) ?? newId();
    throwAway.set(id, known);
    return known;
  };
  const pageOfList = <Row>(rows: readonly Row[], placeOf: (row: Row) => number, { after, limit }: PageRange): readonly Row[] =>
    rows.filter((row) => after === null || placeOf(row) > Number(after[0])).slice(0, limit);
  const find = <Row>(id: string, list: (lists: OrderLists) => readonly Row[], idOf: (row: Row) => string): Row | undefined => {
    for (const lists of orders.values()) {
      const row = list(lists).find((candidate) => idOf(candidate) === id);
      if (row) return row;
    }
    return undefined;
  };

  return {
    /** Takes in what a dry run would have made; gives back the order and member to show. A later outcome of the same order replaces an earlier one. */
    add(
      { order, lines, credited, adjustmentId }: OrderOutcome,
      preview: OrderPreview,
    ): { order: Order; member: Member; adjustmentId: string | null } {
      const [orderId, memberId] = [other(order.id), other(credited.id)];
      const ofMember = (id: string): string => (id === credited.id ? memberId : id);
      const shown = { ...order, id: orderId, memberId: ofMember(order.memberId), creditedToId: memberId };
      const member = { ...credited, id: memberId };
      const shownAdjustments = preview.adjustments.map((row) => ({ ...row, id: other(row.id), orderId, memberId }));
      for (const row of shownAdjustments) adjustments.set(row.id, row);
      members.set(memberId, {
        member,
        storedId: credited.id,
        periodSpendMinor: preview.periodSpendMinor,
        lots: preview.lots.map((row) => ({ ...row, memberId })),
      });
      orders.set(orderId, {
        order: shown,
        lines: lines.map((row) => ({ ...row, orderId })),
        events: preview.events.map((row) => ({ ...row, orderId })),
        entries: preview.entries.map((row) => ({ ...row, orderId, memberId, adjustmentId: row.adjustmentId && other(row.adjustmentId) })),
        adjustments: shownAdjustments,
      });
      return { order: shown, member, adjustmentId: adjustmentId && other(adjustmentId) };
    },
    order: (id: string): Order | undefined => orders.get(id)?.order,
    /** The id under which an order is shown: a throw-away one when a dry run touched it. */
    shownId: (id: string): string => throwAway.get(id) ?? id,
    member: (id: string): Member | undefined => members.get(id)?.member,
    adjustment: (id: string): SpendAdjustment | undefined => adjustments.get(id),
    periodSpend: (id: string): number | undefined => members.get(id)?.periodSpendMinor,
    /** What is left in a previewed member's lots that expire up to an instant. */
    expiring(id: string, upTo: Instant): Expiring | undefined {
      const lots = members.get(id)?.lots.filter(({ expiresAt }) => expiresAt <= upTo);
      return lots && { points: lots.reduce((sum, { remaining }) => sum + remaining, 0), nextExpiryAt: lots[0]?.expiresAt ?? null };
    },
    lot(id: string): Lot | undefined {
      for (const { lots } of members.values()) {
        const row = lots.find(({ memberId, sequence }) => numberedId(memberId, sequence) === id);
        if (row) return row;
      }
      return undefined;
    },
    storedMemberId: (id: string): string => members.get(id)?.storedId ?? id,
    line: (id: string): LineItem | undefined =>
      find(
        id,
        ({ lines }) => lines,
        ({ orderId, position }) => numberedId(orderId, position),
      ),
    event,
    entry: (id: string): PointsEntry | undefined =>
      find(
        id,
        ({ entries }) => entries,
        ({ memberId, sequence }) => numberedId(memberId, sequence),
      ),
    entriesOfEvent(id: string): readonly PointsEntry[] | undefined {
      const found = event(id);
      return found && orders.get(found.orderId)?.entries.filter(({ eventSequence }) => eventSequence === found.sequence);
    },
    list,
    count: (kind: ListKind, parentId: string): number | undefined =>
      list(kind, parentId, { after: null, limit: Number.MAX_SAFE_INTEGER })?.length,
  };

  function event(id: string): OrderEvent | undefined {
    return find(
      id,
      ({ events }) => events,
      ({ orderId, sequence }) => numberedId(orderId, sequence),
    );
  }

  function list<Kind extends ListKind>(kind: Kind, parentId: string, page: PageRange): readonly ListRow[Kind][] | undefined {
    const lots = kind === 'MEMBER_LOTS' ? members.get(parentId)?.lots : undefined;
    if (lots) return lotsAfter(lots, page) as readonly ListRow[Kind][]; // The kind is that of lots.
    const lists = orders.get(parentId);
    return lists && (previewedList(kind, lists, page) as readonly ListRow[Kind][]); // Each kind is cut from its own list.
  }

  function lotsAfter(lots: readonly Lot[], { after, limit }: PageRange): readonly Lot[] {
    const [expiry, place] = after ? [Number(after[0]), Number(after[1])] : [Number.NEGATIVE_INFINITY, 0];
    return lots.filter(({ expiresAt, sequence }) => expiresAt > expiry || (expiresAt === expiry && sequence > place)).slice(0, limit);
  }

  function previewedList(kind: ListKind, lists: OrderLists, page: PageRange): readonly ListRow[ListKind][] {
    switch (kind) {
      case 'ORDER_LINES':
        return pageOfList(lists.lines, ({ position }) => position, page);
      case 'ORDER_EVENTS':
        return pageOfList(lists.events, ({ sequence }) => sequence, page);
      case 'ORDER_ENTRIES':
        return pageOfList(lists.entries, ({ sequence }) => sequence, page);
      case 'ORDER_ADJUSTMENTS':
        return pageOfList(lists.adjustments, ({ eventSequence }) => eventSequence, page);
      default:
        return [];
    }
  }
}
