// Checks members: each balance is the sum of the member's entries, and each entry follows from the one before.
import { sql } from 'drizzle-orm';
import { each, eachSite, type Snapshot, select } from '../store/snapshot.ts';
import type { Engine } from '../store/statement.ts';
import { differences, negatives } from './finding.ts';

type MemberRow = RowOf<typeof members>;
type EntryRow = RowOf<typeof entriesOf>;
type RowOf<Query extends (engine: Engine) => { readonly decode: (values: readonly unknown[]) => unknown }> = ReturnType<
  ReturnType<Query>['decode']
>;

const members = (engine: Engine) =>
  select(
    engine,
    {
      siteId: sql<string>`m.site_id`,
      id: sql<string>`m.id`,
      userId: sql<string>`m.user_id`,
      email: sql<string | null>`m.email`,
      emailFolded: sql<string | null>`m.email_folded`,
      firstName: sql<string | null>`m.first_name`,
      firstNameFolded: sql<string | null>`m.first_name_folded`,
      lastName: sql<string | null>`m.last_name`,
      lastNameFolded: sql<string | null>`m.last_name_folded`,
      available: sql<number>`m.available`,
      held: sql<number>`m.held`,
      debt: sql<number>`m.debt`,
      used: sql<number>`m.used`,
      expired: sql<number>`m.expired`,
      lifetime: sql<number>`m.lifetime`,
      entryCount: sql<number>`m.entry_count`,
      totalSpend: sql<number>`m.total_spend_minor`,
      ordersSpend: sql<number>`coalesce(s.spend, 0)`,
      ordersHeld: sql<number>`coalesce(s.held, 0)`,
      lotsLeft: sql<number>`(select coalesce(sum(l.remaining), 0) from points_lots l where l.site_id = m.site_id and l.member_id = m.id)`,
    },
    sql`from members m
      left join (
        select site_id, credited_to_id, sum(spend_minor) as spend, sum(held_points) as held from orders group by site_id, credited_to_id
      ) s on s.site_id = m.site_id and s.credited_to_id = m.id
      order by m.site_id, m.user_id`,
  );

const entriesOf = (engine: Engine) =>
  select(
    engine,
    {
      memberId: sql<string>`e.member_id`,
      sequence: sql<number>`e.sequence`,
      type: sql<string>`e.type`,
      points: sql<number>`e.points`,
      available: sql<number>`e.available`,
      held: sql<number>`e.held`,
      debt: sql<number>`e.debt`,
      uncollected: sql<number>`e.uncollected`,
      availableAfter: sql<number>`e.available_after`,
      heldAfter: sql<number>`e.held_after`,
      debtAfter: sql<number>`e.debt_after`,
    },
    sql`from points_entries e where e.site_id = ${sql.placeholder('siteId')} and ${engine.words.among(sql`e.member_id`, 'ids')}
      order by e.member_id, e.sequence`,
  );

/** What they make available counts as earned for ever, also when it repays debt. */
const earningTypes: readonly string[] = ['EARN', 'RELEASE', 'CORRECTION', 'SPEND_ADJUSTMENT'];
const redeemingTypes: readonly string[] = ['REDEEM', 'REDEEM_REVERSAL'];

/** Every violation of members and their entries, members by site and userId. */
export async function* memberViolations(snapshot: Snapshot): AsyncGenerator<string> {
  const entries = entriesOf(snapshot.engine);
  for await (const { siteId, rows } of eachSite(snapshot, members(snapshot.engine))) {
    const ledgers = new Map(rows.map((member) => [member.id, createLedger(`Site ${siteId}, member ${member.userId}`)]));
    for await (const entry of each(snapshot, entries, { siteId, ids: [...ledgers.keys()] })) ledgers.get(entry.memberId)?.add(entry);
    for (const member of rows) {
      const ledger = ledgers.get(member.id);
      if (ledger) yield* ofMember(member, ledger);
    }
  }
}

type Ledger = ReturnType<typeof createLedger>;

/** What a member's entries add up to, and what is wrong with them. */
function createLedger(where: string) {
  const violations: string[] = [];
  const sums = { available: 0, held: 0, debt: 0, used: 0, expired: 0, lifetime: 0, count: 0 };
  let last: EntryRow | null = null;
  return {
    where,
    violations,
    sums,
    /** Adds the next entry, in their order. */
    add(entry: EntryRow): void {
      violations.push(...ofEntry(`${where}, entry ${entry.sequence}`, entry, last));
      sums.available += entry.available;
      sums.held += entry.held;
      sums.debt += entry.debt;
      sums.used -= redeemingTypes.includes(entry.type) ? entry.points : 0;
      sums.expired -= entry.type === 'EXPIRE' ? entry.points : 0;
      sums.lifetime += earningTypes.includes(entry.type) ? Math.max(0, entry.available - entry.debt) : 0;
      sums.count += 1;
      last = entry;
    },
  };
}

function* ofMember(member: MemberRow, { where, violations, sums }: Ledger): Generator<string> {
  yield* violations;
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
  yield* ofFolds(where, member);
  if (available > 0 && debt > 0) yield `${where}: available is ${available} and debt ${debt}, expected one of them to be 0.`;
}

/** What is searched is what is shown, in lower case. Neither is told: they are names of people. */
function* ofFolds(where: string, member: MemberRow): Generator<string> {
  const folds = {
    email: [member.email, member.emailFolded],
    first_name: [member.firstName, member.firstNameFolded],
    last_name: [member.lastName, member.lastNameFolded],
  } as const;
  for (const [name, [shown, folded]] of Object.entries(folds))
    if (folded !== (shown?.toLowerCase() ?? null)) yield `${where}: ${name}_folded is not its ${name} in lower case.`;
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
