// Finds members by criteria, by user id, a page at a time: one prepared statement per shape of the question.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { MemberCriteria, PageRange } from './store.ts';
import { members } from './tables.ts';

type Values = Record<string, unknown>;
const at = sql.placeholder;

/** The bounds under which `spendOf` sums a period; they come from the caller, so that both say the same. */
type Bounds = (after: Instant | null, upTo: Instant) => Values;

export function prepareMemberSearch(db: BetterSQLite3Database, spendOf: (member: SQL) => SQL<number>, bounds: Bounds) {
  const spendMatches = sql`exists (select 1 from (select ${spendOf(sql`${members.id}`)} as spend) s, json_each(${at('spendRanges')}) r
    where s.spend >= json_extract(r.value, '$[0]') and (json_extract(r.value, '$[1]') is null or s.spend < json_extract(r.value, '$[1]')))`;
  const named = (column: SQL): SQL => sql`lower(substr(${column}, 1, length(${at('namePrefix')}))) = ${at('namePrefix')}`;
  const known: Record<string, SQL> = {
    ids: sql`${members.id} in (select value from json_each(${at('ids')}))`,
    userIds: sql`${members.userId} in (select value from json_each(${at('userIds')}))`,
    email: sql`${members.emailFolded} = ${at('email')}`,
    namePrefix: sql`(${named(sql`${members.firstName}`)} or ${named(sql`${members.lastName}`)})`,
    statuses: sql`${members.status} in (select value from json_each(${at('statuses')}))`,
    spendRanges: spendMatches,
  };
  const statements = new Map<string, ReturnType<typeof prepare>>();

  function prepare(given: readonly string[], after: boolean) {
    const conditions = given.flatMap((name) => known[name] ?? []);
    const where = and(eq(members.siteId, at('siteId')), ...conditions);
    const beyond = after ? sql`${members.userId} > ${at('afterUserId')}` : undefined;
    return {
      page: db.select().from(members).where(and(where, beyond)).orderBy(asc(members.userId)).limit(at('limit')).prepare(),
      count: db.select({ count: sql<number>`count(*)` }).from(members).where(where).prepare(),
    };
  }
  const statement = (given: readonly string[], after: boolean) => {
    const name = JSON.stringify([given, after]);
    const found = statements.get(name) ?? prepare(given, after);
    statements.set(name, found);
    return found;
  };
  const parameters = (siteId: string, { ids, userIds, email, namePrefix, statuses, spend }: MemberCriteria) => {
    const filters = {
      ...(ids && { ids: JSON.stringify(ids) }),
      ...(userIds && { userIds: JSON.stringify(userIds) }),
      ...(email !== undefined && { email: email.toLowerCase() }),
      ...(namePrefix !== undefined && { namePrefix: namePrefix.toLowerCase() }),
      ...(statuses && { statuses: JSON.stringify(statuses) }),
      ...(spend && { spendRanges: JSON.stringify(spend.ranges.map(({ from, below }) => [from, below])) }),
    };
    return { given: Object.keys(filters), values: { siteId, ...filters, ...(spend && bounds(spend.after, spend.upTo)) } };
  };

  return {
    page(siteId: string, criteria: MemberCriteria, { after, limit }: PageRange): readonly Member[] {
      const { given, values } = parameters(siteId, criteria);
      return statement(given, after !== null).page.all({ ...values, limit, ...(after && { afterUserId: after[0] }) });
    },
    count(siteId: string, criteria: MemberCriteria): number {
      const { given, values } = parameters(siteId, criteria);
      return statement(given, false).count.get(values)?.count ?? 0;
    },
  };
}
