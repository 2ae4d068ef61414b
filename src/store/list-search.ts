// Lists that hang under rows: one page under each of many parents, by one statement that takes a limited index range per parent.
import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { alias, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { pointsEntries, pointsLots } from './points-tables.ts';
import { type Asking, all, builder as db, type Engine } from './statement.ts';
import type { ListKind, ListRow, PageCursor, PageRange } from './store.ts';
import { lineItems, memberLinks, members, orderEvents, spendAdjustments } from './tables.ts';

const at = sql.placeholder;

type Columns = Record<string, SQLiteColumn>;
type ListTable = SQLiteTable & Columns;
/** A list: its table, the column of the parent, and the columns it is ordered by (two, so that a cursor is always a pair). */
type ListPlan = {
  readonly table: SQLiteTable;
  readonly parent: string;
  readonly order: readonly [string, string];
  readonly descending: boolean;
  /** Rows that are not listed any more. */
  readonly where?: SQL;
};

const plans = {
  ORDER_LINES: { table: lineItems, parent: 'orderId', order: ['position', 'position'], descending: false },
  ORDER_EVENTS: { table: orderEvents, parent: 'orderId', order: ['sequence', 'sequence'], descending: false },
  ORDER_ENTRIES: { table: pointsEntries, parent: 'orderId', order: ['sequence', 'sequence'], descending: false },
  ORDER_ADJUSTMENTS: { table: spendAdjustments, parent: 'orderId', order: ['eventSequence', 'eventSequence'], descending: false },
  MEMBER_ENTRIES: { table: pointsEntries, parent: 'memberId', order: ['sequence', 'sequence'], descending: true },
  MEMBER_LOTS: {
    table: pointsLots,
    parent: 'memberId',
    order: ['expiresAt', 'sequence'],
    descending: false,
    where: sql`remaining > 0`,
  },
  MEMBER_ADJUSTMENTS: { table: spendAdjustments, parent: 'memberId', order: ['createdAt', 'id'], descending: true },
} as const satisfies Record<Exclude<ListKind, 'MEMBER_SECONDARIES'>, ListPlan>;

function column(table: SQLiteTable, name: string): SQLiteColumn {
  const found = getTableColumns(table)[name];
  if (!found) throw new Error(`There is no column ${name}.`);
  return found;
}

/** The rows of one list for each parent: for each key, the identities of a limited range, then the rows. */
function prepareList({ rows, words }: Engine, plan: ListPlan, after: boolean) {
  const inner = alias(plan.table, 'c') as ListTable; // An alias has the columns of its table.
  const own = (name: string): SQLiteColumn => column(plan.table, name);
  const [first, second] = plan.order;
  const direction = plan.descending ? desc : asc;
  const beyond = plan.descending ? sql`<` : sql`>`;
  const pair = (source: (name: string) => SQLiteColumn): SQL =>
    first === second ? sql`${source(first)}` : sql`${source(first)}, ${source(second)}`;
  const listed = plan.where ? [plan.where] : [];
  const within = (name: string): SQLiteColumn => column(inner, name);
  const bound =
    first === second
      ? sql`${within(first)} ${beyond} ${at('afterValue')}`
      : sql`(${pair(within)}) ${beyond} (${at('afterValue')}, ${at('afterId')})`;
  const page = sql`select ${pair(within)} from ${plan.table} ${inner} where ${and(eq(within('siteId'), at('siteId')), sql`${within(plan.parent)} = k.value`, ...listed, ...(after ? [bound] : []))} order by ${sql.join(
    [direction(within(first)), ...(first === second ? [] : [direction(within(second))])],
    sql`, `,
  )} limit ${at('limit')}`;
  const each = words.eachPage(words.keys('parents'), page, [...new Set([first, second])]);
  return rows(
    db
      .select({ parent: sql<string>`k.value`, row: getTableColumns(plan.table) })
      .from(each.from)
      .crossJoin(plan.table)
      .where(and(eq(own('siteId'), at('siteId')), sql`${own(plan.parent)} = k.value`, each.holds(sql`(${pair(own)})`)))
      .orderBy(direction(own(first)), direction(own(second))),
  );
}

function prepareCount({ rows, words }: Engine, plan: ListPlan) {
  const parent = column(plan.table, plan.parent);
  return rows(
    db
      .select({ parent: sql<string>`${parent}`, count: sql<number>`count(*)` })
      .from(plan.table)
      .where(and(eq(column(plan.table, 'siteId'), at('siteId')), words.among(parent, 'parents'), plan.where))
      .groupBy(parent),
  );
}

const linked = and(eq(memberLinks.siteId, at('siteId')), sql`${memberLinks.endedAt} is null`);

/** The present secondary members of each primary, by user id; a household is small, so its page is cut from the whole. */
function prepareSecondaries({ rows, words }: Engine) {
  return rows(
    db
      .select({ parent: memberLinks.primaryId, row: getTableColumns(members) })
      .from(memberLinks)
      .innerJoin(members, and(eq(members.siteId, memberLinks.siteId), eq(members.id, memberLinks.secondaryId)))
      .where(and(linked, words.among(memberLinks.primaryId, 'parents')))
      .orderBy(asc(members.userId)),
  );
}

function prepareSecondariesCount({ rows, words }: Engine) {
  return rows(
    db
      .select({ parent: memberLinks.primaryId, count: sql<number>`count(*)` })
      .from(memberLinks)
      .where(and(linked, words.among(memberLinks.primaryId, 'parents')))
      .groupBy(memberLinks.primaryId),
  );
}

function grouped<Row>(rows: readonly { readonly parent: string; readonly row: Row }[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const { parent, row } of rows) {
    const group = groups.get(parent);
    if (group) group.push(row);
    else groups.set(parent, [row]);
  }
  return groups;
}

export function prepareListSearch(engine: Engine) {
  const kinds = Object.keys(plans) as (keyof typeof plans)[]; // Object.keys forgets the names it lists.
  const pages = new Map(
    kinds.map((kind) => [
      kind,
      {
        first: prepareList(engine, plans[kind], false),
        next: prepareList(engine, plans[kind], true),
        count: prepareCount(engine, plans[kind]),
      },
    ]),
  );
  const secondaries = { page: prepareSecondaries(engine), count: prepareSecondariesCount(engine) };
  const afterParameters = (after: PageCursor | null) => (after ? { afterValue: after[0], afterId: after[1] } : {});

  return {
    *list<Kind extends ListKind>(
      siteId: string,
      kind: Kind,
      parents: readonly string[],
      { after, limit }: PageRange,
    ): Asking<ReadonlyMap<string, readonly ListRow[Kind][]>> {
      const statements = kind === 'MEMBER_SECONDARIES' ? undefined : pages.get(kind);
      if (statements) {
        const rows = yield* all(after ? statements.next : statements.first, { siteId, parents, limit, ...afterParameters(after) });
        return grouped(rows) as unknown as ReadonlyMap<string, readonly ListRow[Kind][]>; // The table of the kind has the rows of the kind.
      }
      const groups = grouped(yield* all(secondaries.page, { siteId, parents }));
      const cut = [...groups].map(
        ([parent, rows]) =>
          [
            parent,
            rows.filter(({ userId }) => !after || Buffer.compare(Buffer.from(userId), Buffer.from(String(after[0]))) > 0).slice(0, limit),
          ] as const,
      );
      return new Map(cut) as unknown as ReadonlyMap<string, readonly ListRow[Kind][]>; // Members are the rows of MEMBER_SECONDARIES.
    },
    *count(siteId: string, kind: ListKind, parents: readonly string[]): Asking<ReadonlyMap<string, number>> {
      const statement = kind === 'MEMBER_SECONDARIES' ? secondaries.count : pages.get(kind)?.count;
      const counts = statement ? yield* all(statement, { siteId, parents }) : [];
      return new Map(counts.map(({ parent, count }) => [parent, count]));
    },
  };
}
