// The loaders of one request: each edge of the schema is a batch, so that a list costs as many statements as a single row.
import DataLoader from 'dataloader';
import type { OrderEvent, PointsEntry, SpendAdjustment } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { LineItem } from '../domain/line-item.ts';
import type { Lot } from '../domain/lot.ts';
import type { Member } from '../domain/member.ts';
import type { Order } from '../domain/order.ts';
import type { Expiring, ListKind, ListRow, OrderCriteria, OrderSort, PageRange, ProgramVersion, Reads } from '../store/store.ts';
import { numberedId, parseNumberedId } from './global-id.ts';
import type { Previews } from './preview.ts';
import type { Viewer } from './viewer.ts';

type Source = { readonly siteId: string; readonly reads: Reads; readonly previews: Previews; readonly viewer: Viewer };
type Batch<Value> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>;
type Period = { readonly after: Instant | null; readonly upTo: Instant };

export type Loaders = ReturnType<typeof createLoaders>;

const byId = <Row>(rows: readonly Row[], idOf: (row: Row) => string): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [idOf(row), row]));

/** Numbered identities, taken apart; what is none is left out, so that it finds nothing. */
const numbered = (ids: readonly string[]) => ids.map(parseNumberedId).filter((id) => id !== null);
const eventKeys = (ids: readonly string[]) => numbered(ids).map(({ parentId, number }) => ({ orderId: parentId, sequence: number }));
const memberKeys = (ids: readonly string[]) => numbered(ids).map(({ parentId, number }) => ({ memberId: parentId, sequence: number }));

/**
 * Loaders are kept by name for the request, and forgotten after each mutation. Keys that a dry run made up are answered
 * from its preview; all others from the store.
 */
export function createLoaders({ siteId, reads, previews, viewer }: Source) {
  const named = new Map<string, DataLoader<string, unknown>>();
  const loader = <Value>(name: string, batch: Batch<Value>): DataLoader<string, Value | null> => {
    const known =
      named.get(name) ??
      new DataLoader<string, unknown>(async (ids) => {
        const found = await batch(ids);
        return ids.map((id) => found.get(id) ?? null);
      });
    named.set(name, known);
    return known as DataLoader<string, Value | null>; // A name stands for one kind of value.
  };
  /** Asks the store for what no preview knows. */
  const beside =
    <Value>(preview: (id: string) => Value | undefined, batch: Batch<Value>): Batch<Value> =>
    async (ids) => {
      const known = new Map(ids.flatMap((id) => previewed(id, preview(id))));
      const stored = ids.filter((id) => !known.has(id));
      return stored.length === 0 ? known : new Map([...known, ...(await batch(stored))]);
    };
  const previewed = <Value>(id: string, value: Value | undefined): [string, Value][] => (value === undefined ? [] : [[id, value]]);
  /** Lists under a member of a preview are those that are stored. */
  const aliased = async <Value>(ids: readonly string[], batch: Batch<Value>): Promise<ReadonlyMap<string, Value>> => {
    const found = await batch(ids.map(previews.storedMemberId));
    return new Map(ids.flatMap((id) => previewed(id, found.get(previews.storedMemberId(id)))));
  };

  const order: Batch<Order> = async (ids) => byId((await reads.ordersById(siteId, ids)).filter(viewer.seesOrder), ({ id }) => id);
  const member: Batch<Member> = async (ids) =>
    byId(
      (await reads.membersById(siteId, ids)).filter(({ id }) => viewer.seesMember(id)),
      ({ id }) => id,
    );
  /** The ids of rows of orders that may be seen. An order that may not be and one that there is not cost the same statement. */
  const ofSeenOrders = async (ids: readonly string[]): Promise<readonly string[]> => {
    if (viewer.isStaff) return ids;
    const orders = await Promise.all(ids.map((id) => orderLoader().load(parseNumberedId(id)?.parentId ?? '')));
    return ids.filter((_, index) => orders[index]);
  };
  const ofOwnAccount = (ids: readonly string[]): readonly string[] => ids.filter((id) => viewer.owns(parseNumberedId(id)?.parentId ?? ''));
  const line: Batch<LineItem> = async (ids) => {
    const keys = numbered(await ofSeenOrders(ids)).map(({ parentId, number }) => ({ orderId: parentId, position: number }));
    return byId(await reads.linesByKey(siteId, keys), ({ orderId, position }) => numberedId(orderId, position));
  };
  const entry: Batch<PointsEntry> = async (ids) =>
    byId(await reads.entriesByKey(siteId, memberKeys(ofOwnAccount(ids))), ({ memberId, sequence }) => numberedId(memberId, sequence));
  const lot: Batch<Lot> = async (ids) =>
    byId(await reads.lotsByKey(siteId, memberKeys(ofOwnAccount(ids))), ({ memberId, sequence }) => numberedId(memberId, sequence));
  const event: Batch<OrderEvent> = async (ids) =>
    byId(await reads.eventsByKey(siteId, eventKeys(await ofSeenOrders(ids))), ({ orderId, sequence }) => numberedId(orderId, sequence));
  const adjustment: Batch<SpendAdjustment> = async (ids) => {
    const found = byId(await reads.adjustmentsById(siteId, ids), ({ id }) => id);
    if (viewer.isStaff) return found;
    // Looked for afresh, one statement whatever was read before: so those of an adjustment that there is not are the same.
    const seen = await order([...new Set([...found.values()].map(({ orderId }) => orderId))]);
    return new Map([...found].filter(([, { orderId }]) => seen.has(orderId)));
  };
  const entriesOfEvent: Batch<readonly PointsEntry[]> = async (ids) => {
    const groups = new Map<string, PointsEntry[]>();
    for (const row of await reads.entriesOfEvents(siteId, eventKeys(ids))) {
      if (!viewer.owns(row.memberId)) continue;
      const id = numberedId(row.orderId ?? '', row.eventSequence ?? 0);
      groups.set(id, [...(groups.get(id) ?? []), row]);
    }
    return groups;
  };
  const primaryId: Batch<string> = async (ids) =>
    new Map((await reads.linksOfSecondaries(siteId, ids)).map((link) => [link.secondaryId, link.primaryId]));

  const orderLoader = () => loader('order', beside(previews.order, order));

  return {
    order: orderLoader,
    orderByOrderId: () =>
      loader<Order>('orderByOrderId', async (ids) =>
        byId((await reads.ordersByOrderId(siteId, ids)).filter(viewer.seesOrder), ({ orderId }) => orderId),
      ),
    member: () => loader('member', beside(previews.member, member)),
    memberByUserId: () =>
      loader<Member>('memberByUserId', async (ids) =>
        byId(
          (await reads.membersByUserId(siteId, ids)).filter(({ id }) => viewer.seesMember(id)),
          ({ userId }) => userId,
        ),
      ),
    /** The primary member of a secondary one, by internal id. */
    primaryId: () => loader<string>('primaryId', (ids) => aliased(ids, primaryId)),
    line: () => loader('line', beside(previews.line, line)),
    entry: () => loader('entry', beside(previews.entry, entry)),
    lot: () => loader('lot', beside(previews.lot, lot)),
    event: () => loader('event', beside(previews.event, event)),
    /** A version of the program as it was set, by its number. */
    programVersion: () =>
      loader<ProgramVersion>('programVersion', async (ids) =>
        byId(await reads.programVersionsByNumber(siteId, ids.map(Number)), ({ version }) => String(version)),
      ),
    adjustment: () => loader('adjustment', beside(previews.adjustment, adjustment)),
    entriesOfEvent: () => loader('entriesOfEvent', beside(previews.entriesOfEvent, entriesOfEvent)),
    /** Spend of a member in a period, in minor units. */
    periodSpend: ({ after, upTo }: Period) => {
      const stored: Batch<number> = (ids) => reads.periodSpend(siteId, ids, after, upTo);
      return loader(`spend ${after} ${upTo}`, beside(previews.periodSpend, stored));
    },
    /** What is left in a member's lots that expire up to an instant. */
    expiring: (upTo: Instant) => {
      const stored: Batch<Expiring> = (ids) => reads.expiring(siteId, ids, upTo);
      return loader(
        `expiring ${upTo}`,
        beside((id) => previews.expiring(id, upTo), stored),
      );
    },
    /** A page of a list under a row. */
    list: <Kind extends ListKind>(kind: Kind, page: PageRange) => {
      const stored: Batch<readonly ListRow[Kind][]> = (ids) => aliased(ids, (parents) => reads.list(siteId, kind, parents, page));
      return loader(
        `${kind} ${JSON.stringify(page)}`,
        beside((id) => previews.list(kind, id, page), stored),
      );
    },
    count: (kind: ListKind) => {
      const stored: Batch<number> = (ids) => aliased(ids, (parents) => reads.countList(siteId, kind, parents));
      return loader(
        `count ${kind}`,
        beside((id) => previews.count(kind, id), stored),
      );
    },
    ordersOfMember: (criteria: OrderCriteria, sort: OrderSort, page: PageRange) => {
      const stored: Batch<readonly Order[]> = (ids) => reads.ordersOfMembers(siteId, ids, criteria, sort, page);
      return loader(`orders ${JSON.stringify([criteria, sort, page])}`, (ids) => aliased(ids, stored));
    },
    countOrdersOfMember: (criteria: OrderCriteria) => {
      const stored: Batch<number> = (ids) => reads.countOrdersOfMembers(siteId, ids, criteria);
      return loader(`count orders ${JSON.stringify(criteria)}`, (ids) => aliased(ids, stored));
    },
    /** Forgets everything that was read: a mutation has moved it. */
    forget: (): void => named.clear(),
  };
}
