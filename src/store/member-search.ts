// Finds members by criteria, by user id, a page at a time: one statement per shape of the question.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import { type Asking, all, builder as db, type Engine, first } from './statement.ts';
import type { MemberCriteria, PageRange } from './store.ts';
import { members } from './tables.ts';

type Values = Record<string, unknown>;
const at = sql.placeholder;

/** The bounds under which `spendOf` sums a period; they come from the caller, so that both say the same. */
type Bounds = (after: Instant | null, upTo: Instant) => Values;

export function prepareMemberSearch({ rows, words }: Engine, spendOf: (member: SQL) => SQL<number>, bounds: Bounds) {
  const spendMatches = sql`exists (select 1 from (select ${spendOf(sql`${members.id}`)} as spend) s, ${words.ranges('spendRanges')}
    where s.spend >= r.low and (r.high is null or s.spend < r.high))`;
  const named = (column: SQLiteColumn): SQL => sql`substr(${column}, 1, length(${at('namePrefix')})) = ${at('namePrefix')}`;
  const known: Record<string, SQL> = {
    ids: words.among(members.id, 'ids'),
    userIds: words.among(members.userId, 'userIds'),
    email: sql`${members.emailFolded} = ${at('email')}`,
    namePrefix: sql`(${named(members.firstNameFolded)} or ${named(members.lastNameFolded)})`,
    statuses: words.among(members.status, 'statuses'),
    spendRanges: spendMatches,
  };
  const statements = new Map<string, ReturnType<typeof prepare>>();

  function prepare(given: readonly string[], after: boolean) {
    const conditions = given.flatMap((name) => known[name] ?? []);
    const where = and(eq(members.siteId, at('siteId')), ...conditions);
    const beyond = after ? sql`${members.userId} > ${at('afterUserId')}` : undefined;
    return {
      page: rows(db.select().from(members).where(and(where, beyond)).orderBy(asc(members.userId)).limit(at('limit'))),
      count: rows(db.select({ count: sql<number>`count(*)` }).from(members).where(where)),
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
      ...(ids && { ids }),
      ...(userIds && { userIds }),
      ...(email !== undefined && { email: email.toLowerCase() }),
      ...(namePrefix !== undefined && { namePrefix: namePrefix.toLowerCase() }),
      ...(statuses && { statuses }),
      ...(spend && { spendRanges: spend.ranges.map(({ from, below }) => [from, below]) }),
    };
    return { given: Object.keys(filters), values: { siteId, ...filters, ...(spend && bounds(spend.after, spend.upTo)) } };
  };

  return {
    page(siteId: string, criteria: MemberCriteria, { after, limit }: PageRange): Asking<readonly Member[]> {
      const { given, values } = parameters(siteId, criteria);
      return all(statement(given, after !== null).page, { ...values, limit, ...(after && { afterUserId: after[0] }) });
    },
    *count(siteId: string, criteria: MemberCriteria): Asking<number> {
      const { given, values } = parameters(siteId, criteria);
      return (yield* first(statement(given, false).count, values))?.count ?? 0;
    },
  };
}
