// Reads of chosen columns, for whoever knows beforehand what is wanted of each row: as cells, in the order of the columns.
import { and, asc, eq, getTableColumns, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { LRUCache } from 'lru-cache';
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

/** How many statements are kept of those that were asked last: a choice of columns is one of thousands, and clients ask in few. */
const mostStatements = 500;

/** Keeps statements by what they ask and the columns they choose. */
function keepStatements() {
  const known = new LRUCache<string, Statement<Cells>>({ max: mostStatements });
  const texts = new WeakMap<Columns, string>();
  const textOf = (names: Columns): string => {
    const text = texts.get(names) ?? names.join();
    texts.set(names, text);
    return text;
  };
  return (kind: string, names: Columns, make: () => Statement<Cells>): Statement<Cells> => {
    const key = `${kind} ${textOf(names)}`;
    const statement = known.get(key) ?? make();
    known.set(key, statement);
    return statement;
  };
}

/** Prepares reads for an engine. A list of columns may grow until it is first asked for, and must not change then. */
export function prepareChosenReads(engine: Engine) {
  const { cells, words } = engine;
  const kept = keepStatements();

  /** Rows of a table for each key of a list: a join from the keys, which is a tenth faster than a condition that holds for each of them. */
  const joined = (names: Columns, table: SiteTable, key: SQLiteColumn, ...conditions: SQL[]) =>
    db
      .select(columnsOf(table, names))
      .from(words.keys('keys'))
      .crossJoin(table)
      .where(and(eq(table.siteId, at('siteId')), sql`${key} = k.value`, ...conditions));

  const single = (names: Columns, table: SiteTable, key: SQLiteColumn, ...conditions: SQL[]) =>
    db
      .select(columnsOf(table, names))
      .from(table)
      .where(and(eq(table.siteId, at('siteId')), eq(key, at('key')), ...conditions));

  const byKey =
    (kind: string, table: SiteTable, key: SQLiteColumn) =>
    (names: Columns): ByKey =>
    (siteId, keys) =>
      keys.length === 1
        ? all(
            kept(`${kind} 1`, names, () => cells(single(names, table, key))),
            { siteId, key: keys[0] },
          )
        : all(
            kept(kind, names, () => cells(joined(names, table, key))),
            { siteId, keys },
          );

  const page = [gt(lineItems.position, at('after')), lte(lineItems.position, at('upTo'))];
  const present = and(eq(memberLinks.siteId, at('siteId')), sql`${memberLinks.primaryId} = k.value`, sql`${memberLinks.endedAt} is null`);

  return {
    ordersById: byKey('orders', orders, orders.id),
    ordersByOrderId: byKey('orders by order id', orders, orders.orderId),
    membersById: byKey('members', members, members.id),
    membersByUserId: byKey('members by user id', members, members.userId),
    orders: prepareChosenOrders(engine),

    /**
     * The lines of orders at positions after one, up to another: positions count 1, 2, 3 ... without a gap, so that is a page. The lines
     * of one order come in their order; of several, the caller orders them: they mostly are, and the database would sort them anew.
     */
    linesOfOrders:
      (names: Columns) =>
      (siteId: string, keys: readonly string[], after: number, upTo: number): Asking<readonly Cells[]> => {
        const ofOne = () => cells(single(names, lineItems, lineItems.orderId, ...page).orderBy(asc(lineItems.position)));
        const ofMany = () => cells(joined(names, lineItems, lineItems.orderId, ...page));
        return keys.length === 1
          ? all(kept('lines 1', names, ofOne), { siteId, key: keys[0], after, upTo })
          : all(kept('lines', names, ofMany), { siteId, keys, after, upTo });
      },

    /** The present secondary members of primaries, by user id. The primary's id comes first, then the columns. A household is small. */
    secondariesOf:
      (names: Columns): ByKey =>
      (siteId, keys) => {
        const make = () =>
          cells(
            db
              .select({ parent: sql`${memberLinks.primaryId}`, ...columnsOf(members, names) })
              .from(words.keys('keys'))
              .crossJoin(memberLinks)
              .crossJoin(members)
              .where(and(present, eq(members.siteId, memberLinks.siteId), eq(members.id, memberLinks.secondaryId)))
              .orderBy(asc(members.userId)),
          );
        return all(kept('secondaries', names, make), { siteId, keys });
      },
  };
}
