// The store port: what the layers above need of a database, in the domain's words.
import type { OrderEvent, PointsEntry, SpendAdjustment } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { LineItem, OrderAction, OrderStatus } from '../domain/line-item.ts';
import type { Lot } from '../domain/lot.ts';
import type { Member, MemberLink } from '../domain/member.ts';
import type { MemberDecision, MemberOutcome, MemberState } from '../domain/membership.ts';
import type { Order } from '../domain/order.ts';
import type { OrderDecision, OrderOutcome, OrderState } from '../domain/order-command.ts';
import type { Program } from '../domain/program.ts';
import type { ProgramDecision, ProgramState } from '../domain/program-change.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ChosenReads } from './chosen-reads.ts';
import type { Rows } from './reads.ts';
import type { Asking } from './statement.ts';

/** What to read for a decision on an order. */
export type OrderScope = {
  readonly siteId: string;
  /** The caller's order id as it is compared; null when it is malformed, and so finds nothing. */
  readonly orderId: string | null;
  /** The buyer of an order to be created; left out where the order says who bought. */
  readonly userId?: string | null;
  readonly key?: string | null;
  /** The server's time. */
  readonly at: Instant;
  /** The date whose tier period is asked for, given the order's date when there is an order; null when no tier is needed. */
  readonly spendAt: ((orderDate: Instant | null) => Instant) | null;
  /** The most available points that the command can take of the credited member; null for none. */
  readonly takes: ((programs: readonly Program[], order: Order | null) => number) | null;
};

export type OrderWork = { readonly scope: OrderScope; readonly decide: (state: OrderState) => OrderDecision };

/** What an order and its credited member show after a dry run: as they would be after the whole batch, new rows after the stored ones. */
export type OrderPreview = {
  readonly events: readonly OrderEvent[];
  readonly entries: readonly PointsEntry[];
  readonly adjustments: readonly SpendAdjustment[];
  /** The credited member's lots that have something left, in the order in which they are spent. */
  readonly lots: readonly Lot[];
  /** Spend of the credited member in the tier period that ends now, in minor units. */
  readonly periodSpendMinor: number;
};

export type CommitOutcome =
  | { readonly kind: 'ACCEPTED'; readonly result: OrderOutcome; readonly preview: OrderPreview | null }
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal }
  /** Good in itself, but not written, since another of the batch was refused under ALL. */
  | { readonly kind: 'SKIPPED' };

/** EACH keeps the accepted ones; ALL writes all or none. */
export type CommitPolicy = 'EACH' | 'ALL';

export type MemberScope = { readonly siteId: string; readonly userId: string | null; readonly primaryUserId: string | null };

/** After a page: rows whose sort value and id come after these. */
export type PageCursor = readonly [value: string | number, id: string | number];
/** `limit` is one more than what is shown, so that the next page is known to exist. */
export type PageRange = { readonly after: PageCursor | null; readonly limit: number };

export const orderSorts = ['ORDER_DATE_DESC', 'ORDER_DATE_ASC', 'UPDATED_AT_DESC', 'UPDATED_AT_ASC', 'TOTAL_DESC', 'TOTAL_ASC'] as const;
export type OrderSort = (typeof orderSorts)[number];

type Range = { readonly from?: number; readonly before?: number };

/** Orders that meet all the given conditions; one of a list is enough. Empty lists match nothing. */
export type OrderCriteria = {
  readonly orderIds?: readonly string[];
  /** Internal ids of buyers. */
  readonly memberIds?: readonly string[];
  /** Internal id of whom the buyer was linked to when the order was placed. */
  readonly primaryId?: string;
  /** Internal id of a member: only orders that they placed, or somebody who was then their secondary member. */
  readonly visibleTo?: string;
  readonly statuses?: readonly OrderStatus[];
  readonly actions?: readonly OrderAction[];
  readonly held?: boolean;
  readonly productIds?: readonly string[];
  readonly storeIds?: readonly string[];
  readonly sources?: readonly string[];
  /** Half open. */
  readonly orderDate?: Range;
  readonly updatedAt?: Range;
  /** Minor units; `from` is included, `to` as well. */
  readonly total?: { readonly from?: number; readonly to?: number };
};

export type MemberCriteria = {
  /** Internal ids. */
  readonly ids?: readonly string[];
  readonly userIds?: readonly string[];
  readonly email?: string;
  readonly namePrefix?: string;
  readonly statuses?: readonly Member['status'][];
  /** Spend of the period, in minor units, from and below; one range is enough. */
  readonly spend?: {
    readonly ranges: readonly { readonly from: number; readonly below: number | null }[];
    readonly after: Instant | null;
    readonly upTo: Instant;
  };
};

export type LineKey = { readonly orderId: string; readonly position: number };
export type EntryKey = { readonly memberId: string; readonly sequence: number };
export type LotKey = { readonly memberId: string; readonly sequence: number };
export type EventKey = { readonly orderId: string; readonly sequence: number };

export type Expiring = { readonly points: number; readonly nextExpiryAt: Instant | null };

/** Connections that hang under a row: what is listed, by the id of the row. */
export type ListKind =
  | 'ORDER_LINES'
  | 'ORDER_EVENTS'
  | 'ORDER_ENTRIES'
  | 'ORDER_ADJUSTMENTS'
  | 'MEMBER_ENTRIES'
  | 'MEMBER_LOTS'
  | 'MEMBER_ADJUSTMENTS'
  | 'MEMBER_SECONDARIES';
export type ListRow = {
  ORDER_LINES: LineItem;
  ORDER_EVENTS: OrderEvent;
  ORDER_ENTRIES: PointsEntry;
  ORDER_ADJUSTMENTS: SpendAdjustment;
  MEMBER_ENTRIES: PointsEntry;
  MEMBER_LOTS: Lot;
  MEMBER_ADJUSTMENTS: SpendAdjustment;
  MEMBER_SECONDARIES: Member;
};

/** A version of a site's program as it was set: what stood in the file, by whom and when. */
export type ProgramVersion = {
  readonly version: number;
  readonly effectiveFrom: Instant;
  /** The program file, as JSON. */
  readonly file: string;
  readonly actor: string;
  readonly createdAt: Instant;
};

/** Batched reads of one site. Results of reads by id come in any order; what is missing is left out. One call is one statement. */
export type Reads = {
  programs(siteId: string): Promise<readonly Program[]>;
  /** Versions of the program, newest first. */
  programVersions(siteId: string, page: PageRange): Promise<readonly ProgramVersion[]>;
  programVersionsByNumber(siteId: string, versions: readonly number[]): Promise<readonly ProgramVersion[]>;
  countProgramVersions(siteId: string): Promise<number>;
  ordersById(siteId: string, ids: readonly string[]): Promise<readonly Order[]>;
  ordersByOrderId(siteId: string, orderIds: readonly string[]): Promise<readonly Order[]>;
  membersById(siteId: string, ids: readonly string[]): Promise<readonly Member[]>;
  membersByUserId(siteId: string, userIds: readonly string[]): Promise<readonly Member[]>;
  /** Current links of secondary members, by their ids. */
  linksOfSecondaries(siteId: string, secondaryIds: readonly string[]): Promise<readonly MemberLink[]>;
  /** All secondary members that a primary has or had. */
  secondariesEver(siteId: string, primaryId: string): Promise<readonly string[]>;
  linesByKey(siteId: string, keys: readonly LineKey[]): Promise<readonly LineItem[]>;
  entriesByKey(siteId: string, keys: readonly EntryKey[]): Promise<readonly PointsEntry[]>;
  lotsByKey(siteId: string, keys: readonly LotKey[]): Promise<readonly Lot[]>;
  /** What is left in lots of each member that expire up to an instant, and when the next of them does; members without any are left out. */
  expiring(siteId: string, memberIds: readonly string[], upTo: Instant): Promise<ReadonlyMap<string, Expiring>>;
  eventsByKey(siteId: string, keys: readonly EventKey[]): Promise<readonly OrderEvent[]>;
  /** The entries that events posted. */
  entriesOfEvents(siteId: string, keys: readonly EventKey[]): Promise<readonly PointsEntry[]>;
  adjustmentsById(siteId: string, ids: readonly string[]): Promise<readonly SpendAdjustment[]>;
  /** Spend of each member in a period, in minor units; members without any are left out. */
  periodSpend(siteId: string, memberIds: readonly string[], after: Instant | null, upTo: Instant): Promise<ReadonlyMap<string, number>>;
  /** One page of a list under each of the parents. */
  list<Kind extends ListKind>(
    siteId: string,
    kind: Kind,
    parentIds: readonly string[],
    page: PageRange,
  ): Promise<ReadonlyMap<string, readonly ListRow[Kind][]>>;
  countList(siteId: string, kind: ListKind, parentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  orders(siteId: string, criteria: OrderCriteria, sort: OrderSort, page: PageRange): Promise<readonly Order[]>;
  countOrders(siteId: string, criteria: OrderCriteria): Promise<number>;
  /** One page of orders of each of the buyers. `criteria.memberIds` is not looked at. */
  ordersOfMembers(
    siteId: string,
    memberIds: readonly string[],
    criteria: OrderCriteria,
    sort: OrderSort,
    page: PageRange,
  ): Promise<ReadonlyMap<string, readonly Order[]>>;
  countOrdersOfMembers(siteId: string, memberIds: readonly string[], criteria: OrderCriteria): Promise<ReadonlyMap<string, number>>;
  members(siteId: string, criteria: MemberCriteria, page: PageRange): Promise<readonly Member[]>;
  countMembers(siteId: string, criteria: MemberCriteria): Promise<number>;
  /** Some of the members for whom something is due by an instant. */
  dueMembers(siteId: string, at: Instant, limit: number): Promise<readonly string[]>;
  sites(): Promise<readonly string[]>;
  /** How far the clock of a sandbox is ahead, in milliseconds. */
  clockAhead(siteId: string): Promise<number>;
  /** State for a question that writes nothing, such as the points of a cart. */
  orderState(scope: OrderScope): Promise<OrderState>;
};

/** The right to do a kind of work for a site, until it expires and somebody else takes it. The fence is higher with every new holder. */
export type Lease = { readonly siteId: string; readonly name: string; readonly holder: string; readonly fence: number };

/** How many rows were removed: idempotency records, and events of the outbox. */
export type Forgotten = { readonly answers: number; readonly outbox: number };

/**
 * What a store that cannot be reached in time, or is lost while it commits, throws: DatabaseUnavailable when nothing was done,
 * OutcomeUnknown when it may have been.
 */
export type Store = {
  /**
   * The only way to write orders. Each decision is made inside the transaction that writes it, in the order of the
   * batch; a later one sees what an earlier one did. A dry run takes the same path, answers alike and writes nothing.
   */
  commit(batch: readonly OrderWork[], policy: CommitPolicy, options?: { readonly dryRun?: boolean }): Promise<readonly CommitOutcome[]>;
  commitMember(
    scope: MemberScope,
    decide: (state: MemberState) => MemberDecision,
  ): Promise<{ kind: 'ACCEPTED'; result: MemberOutcome } | { kind: 'REFUSED'; refusal: Refusal }>;
  commitProgram(siteId: string, decide: (state: ProgramState) => ProgramDecision): Promise<ProgramDecision>;
  /**
   * Settles everything of a member that is due by an instant: releases and expiries, in the order of their instants, each once.
   * Throws LeaseLost, and does nothing, when the lease that it is done under is not held any more.
   */
  settle(siteId: string, memberId: string, at: Instant, lease?: Lease | null): Promise<void>;
  /** Takes a lease for so many milliseconds, or prolongs it; null while another holder's has not expired. */
  takeLease(siteId: string, name: string, holder: string, forMs: number): Promise<Lease | null>;
  /** Gives a lease back before it expires. */
  endLease(lease: Lease): Promise<void>;
  /**
   * Removes idempotency records and events of the outbox that were recorded before the given instants, the oldest first and at most
   * so many of each, and answers how many of each. Throws LeaseLost, and does nothing, when the lease that it is done under is not held any more.
   */
  forget(
    siteId: string,
    before: { readonly answers: Instant; readonly outbox: Instant },
    limit: number,
    lease?: Lease | null,
  ): Promise<Forgotten>;
  /** Moves the clock of a sandbox ahead by so much in all, and never back. Answers how far it is ahead then. */
  setClockAhead(siteId: string, aheadMs: number): Promise<number>;
  readonly reads: Reads;
  /** Reads of chosen columns, to be asked in a `look`. */
  readonly chosen: ChosenReads & Pick<Rows, 'programs'>;
  /**
   * Asks a question whose statements all see one moment: at once where the engine does, else by and by. Throws TookTooLong when it
   * would hold others up.
   */
  look<Result>(question: () => Asking<Result>): Result | Promise<Result>;
  /** Whether the database answers, with tables as they are needed. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};
