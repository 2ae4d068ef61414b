// Checks members: each balance is the sum of the member's entries, and each entry follows from the one before.
import type Database from 'better-sqlite3';
import { differences, negatives } from './finding.ts';

type MemberRow = {
  readonly siteId: string;
  readonly id: string;
  readonly userId: string;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
  readonly used: number;
  readonly expired: number;
  readonly lifetime: number;
  readonly entryCount: number;
  readonly totalSpend: number;
  readonly ordersSpend: number;
  readonly ordersHeld: number;
  readonly lotsLeft: number;
};

type EntryRow = {
  readonly sequence: number;
  readonly type: string;
  readonly points: number;
  readonly available: number;
  readonly held: number;
  readonly debt: number;
  readonly uncollected: number;
  readonly availableAfter: number;
  readonly heldAfter: number;
  readonly debtAfter: number;
};

const membersSql = `
  select m.site_id as siteId, m.id, m.user_id as userId, m.available, m.held, m.debt, m.used, m.expired, m.lifetime,
    m.entry_count as entryCount, m.total_spend_minor as totalSpend,
    coalesce(s.spend, 0) as ordersSpend, coalesce(s.held, 0) as ordersHeld,
    (select coalesce(sum(l.remaining), 0) from points_lots l where l.site_id = m.site_id and l.member_id = m.id) as lotsLeft
  from members m
  left join (
    select site_id, credited_to_id, sum(spend_minor) as spend, sum(held_points) as held from orders group by site_id, credited_to_id
  ) s on s.site_id = m.site_id and s.credited_to_id = m.id
  order by m.site_id, m.user_id`;

const entriesSql = `
  select sequence, type, points, available, held, debt, uncollected,
    available_after as availableAfter, held_after as heldAfter, debt_after as debtAfter
  from points_entries where site_id = ? and member_id = ? order by sequence`;

/** What they make available counts as earned for ever, also when it repays debt. */
const earningTypes: readonly string[] = ['EARN', 'RELEASE', 'CORRECTION', 'SPEND_ADJUSTMENT'];
const redeemingTypes: readonly string[] = ['REDEEM', 'REDEEM_REVERSAL'];

/** Every violation of members and their entries, members by site and userId. */
export function* memberViolations(db: Database.Database): Generator<string> {
  const entriesOf = db.prepare<[string, string], EntryRow>(entriesSql);
  for (const member of db.prepare<[], MemberRow>(membersSql).iterate())
    yield* ofMember(member, entriesOf.iterate(member.siteId, member.id));
}

function* ofMember(member: MemberRow, entries: Iterable<EntryRow>): Generator<string> {
  const where = `Site ${member.siteId}, member ${member.userId}`;
  const sums = { available: 0, held: 0, debt: 0, used: 0, expired: 0, lifetime: 0, count: 0 };
  let last: EntryRow | null = null;
  for (const entry of entries) {
    yield* ofEntry(`${where}, entry ${entry.sequence}`, entry, last);
    sums.available += entry.available;
    sums.held += entry.held;
    sums.debt += entry.debt;
    sums.used -= redeemingTypes.includes(entry.type) ? entry.points : 0;
    sums.expired -= entry.type === 'EXPIRE' ? entry.points : 0;
    sums.lifetime += earningTypes.includes(entry.type) ? Math.max(0, entry.available - entry.debt) : 0;
    sums.count += 1;
    last = entry;
  }
  const { available, held, debt, used, expired, lifetime } = member;
  yield* differences(where, {
    'available against its entries': [available, sums.available],
    'available against its lots': [available, member.lotsLeft],
    'held against its entries': [held, sums.held],
    'held against its orders': [held, member.ordersHeld],
    debt: [debt, sums.debt],
    used: [used, sums.used],
    expired: [expired, sums.expired],
    lifetime: [lifetime, sums.lifetime],
    entry_count: [member.entryCount, sums.count],
    total_spend_minor: [member.totalSpend, member.ordersSpend],
  });
  yield* negatives(where, { available, held, debt, used, expired, lifetime, total_spend_minor: member.totalSpend });
  if (available > 0 && debt > 0) yield `${where}: available is ${available} and debt ${debt}, expected one of them to be 0.`;
}

/** An entry against the one before it, rather than against the sum of all, so that one wrong entry makes one line. */
function* ofEntry(where: string, entry: EntryRow, last: EntryRow | null): Generator<string> {
  const { availableAfter, heldAfter, debtAfter } = entry;
  yield* differences(where, {
    sequence: [entry.sequence, (last?.sequence ?? 0) + 1],
    available_after: [availableAfter, (last?.availableAfter ?? 0) + entry.available],
    held_after: [heldAfter, (last?.heldAfter ?? 0) + entry.held],
    debt_after: [debtAfter, (last?.debtAfter ?? 0) + entry.debt],
  });
  yield* negatives(where, {
    available_after: availableAfter,
    held_after: heldAfter,
    debt_after: debtAfter,
    uncollected: entry.uncollected,
  });
  if (availableAfter > 0 && debtAfter > 0)
    yield `${where}: available_after is ${availableAfter} and debt_after ${debtAfter}, expected one of them to be 0.`;
  yield* differences(where, nominal(entry));
}

/** What an entry is worth is what it moved. A release moves points that were counted when they were earned. */
function nominal({ type, points, available, held, debt, uncollected }: EntryRow): Parameters<typeof differences>[1] {
  if (type !== 'RELEASE') return { points: [points, available + held - debt - uncollected] };
  return {
    'points against what became available': [points, available - debt - uncollected],
    'points against what is held no longer': [points, 0 - held],
  };
}
