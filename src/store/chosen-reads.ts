// Reads of chosen columns, for whoever knows beforehand what is wanted of each row: as cells, in the order of the columns.
import { and, asc, eq, getTableColumns, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { prepareChosenOrders } from './order-search.ts';
import { type Asking, all, type Cells, builder as db, type Engine, type Statement } from './statement.ts';
import { lineItems, memberLinks, members, orders } from './tables.ts';

const at = sql.placeholder;

type Columns = readonly string[];
type SiteTable = SQLiteTable & { readonly siteId: SQLiteColumn };
/** Rows by one of their keys; a list of one goes without a list. */
type ByKey = (siteId: string, keys: readonly string[]) => Asking<readonly Cells[]>;

export type ChosenReads = ReturnType<typeof prepareChosenReads>;

/** The columns of those names, in that order. */
function columnsOf(table: SQLiteTable, names: Columns): Record<string, SQLiteColumn> {
  const known: Record<string, SQLiteColumn> = getTableColumns(table);
  return Object.fromEntries(
    names.map((name) => {
      const column = known[name];
      if (!column) throw new Error(`There is no column ${name}.`);
      return [name, column];
    }),
  );
}

/** Prepares reads for an engine. Each is prepared for its columns, and then asked as often as one likes. */
export function prepareChosenReads({ cells, words, ...engine }: Engine) {
  /** Rows of a table for each key of a list: a join from the keys, which is a tenth faster than a condition that holds for each of them. */
  const joined = (names: Columns, table: SiteTable, key: SQLiteColumn, ...conditions: SQL[]) =>
    db
      .select(columnsOf(table, names))
      .from(words.keys('keys'))
      .crossJoin(table)
      .where(and(eq(table.siteId, at('siteId')), sql`${key} = k.value`, ...conditions));

  function byKey(table: SiteTable, key: SQLiteColumn, names: Columns): ByKey {
    const one = db
      .select(columnsOf(table, names))
      .from(table)
      .where(and(eq(table.siteId, at('siteId')), eq(key, at('key'))));
    return oneOrMany(cells(one), cells(joined(names, table, key)));
  }

  return {
    ordersById: (names: Columns): ByKey => byKey(orders, orders.id, names),
    ordersByOrderId: (names: Columns): ByKey => byKey(orders, orders.orderId, names),
    membersById: (names: Columns): ByKey => byKey(members, members.id, names),
    membersByUserId: (names: Columns): ByKey => byKey(members, members.userId, names),
    orders: (names: Columns) => prepareChosenOrders({ cells, words, ...engine }, names),

    /**
     * The lines of orders at positions after one, up to another: positions count 1, 2, 3 ... without a gap, so that is a page. The lines
     * of one order come in their order; of several, the caller orders them: they mostly are, and the database would sort them anew.
     */
    linesOfOrders(names: Columns) {
      const page = [gt(lineItems.position, at('after')), lte(lineItems.position, at('upTo'))];
      const one = db
        .select(columnsOf(lineItems, names))
        .from(lineItems)
        .where(and(eq(lineItems.siteId, at('siteId')), eq(lineItems.orderId, at('key')), ...page))
        .orderBy(asc(lineItems.position));
      const [ofOne, ofMany] = [cells(one), cells(joined(names, lineItems, lineItems.orderId, ...page))];
      return (siteId: string, keys: readonly string[], after: number, upTo: number): Asking<readonly Cells[]> =>
        keys.length === 1 ? all(ofOne, { siteId, key: keys[0], after, upTo }) : all(ofMany, { siteId, keys, after, upTo });
    },

    /** The present secondary members of primaries, by user id. The primary's id comes first, then the columns. A household is small. */
    secondariesOf(names: Columns): ByKey {
      const present = and(
        eq(memberLinks.siteId, at('siteId')),
        sql`${memberLinks.primaryId} = k.value`,
        sql`${memberLinks.endedAt} is null`,
      );
      const statement = cells(
        db
          .select({ parent: sql`${memberLinks.primaryId}`, ...columnsOf(members, names) })
          .from(words.keys('keys'))
          .crossJoin(memberLinks)
          .crossJoin(members)
          .where(and(present, eq(members.siteId, memberLinks.siteId), eq(members.id, memberLinks.secondaryId)))
          .orderBy(asc(members.userId)),
      );
      return (siteId, keys) => all(statement, { siteId, keys });
    },
  };
}

const oneOrMany =
  (one: Statement<Cells>, many: Statement<Cells>): ByKey =>
  (siteId, keys) =>
    keys.length === 1 ? all(one, { siteId, key: keys[0] }) : all(many, { siteId, keys });
