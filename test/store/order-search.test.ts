// The search of orders among 100,000 of one site: what it finds, by which index, and where it has to sort.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareOrderSearch } from '../../src/store/order-search.ts';
import { migrateSqlite, openSqlite, sqliteEngine } from '../../src/store/sqlite.ts';
import { type OrderCriteria, type OrderSort, orderSorts, type PageCursor } from '../../src/store/store.ts';
import {
  type BulkOrder,
  bulkSite,
  fillWithBulkRows,
  largestMember,
  orderCount,
  rareDate,
  rareTotal,
  rareUpdate,
} from '../support/bulk-rows.ts';
import { planOf } from '../support/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'search-'));
const file = join(folder, 'orders.db');
migrateSqlite(file);
const rows = fillWithBulkRows(file);
const store = openSqlite({ database: file });
const connection = new Database(file, { readonly: true });
const search = prepareOrderSearch(sqliteEngine);
afterAll(async () => {
  connection.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Case = {
  readonly criteria: OrderCriteria;
  readonly matches: (order: BulkOrder) => boolean;
  /** Left out: nearly all or most orders match; else how many. */
  readonly count?: number;
};
type Filter = { readonly column: string; readonly two: Case; readonly most: Case };

const orderIds = (count: number) => Array.from({ length: count }, (_, index) => `order-${String(index * 190).padStart(6, '0')}`);
const buyers = [largestMember.id, ...Array.from({ length: 100 }, (_, index) => `member-${index + 1}`)];
const among =
  (name: 'orderId' | 'memberId' | 'productId' | 'storeId' | 'source' | 'status', ...values: readonly string[]) =>
  (order: BulkOrder): boolean =>
    values.includes(order[name] ?? '');

const filters: Readonly<Record<string, Filter>> = {
  // No more than 500 ids can be asked for, so that is the most.
  orderIds: {
    column: 'order_id',
    two: { criteria: { orderIds: orderIds(2) }, matches: among('orderId', ...orderIds(2)) },
    most: { criteria: { orderIds: orderIds(500) }, matches: among('orderId', ...orderIds(500)), count: 500 },
  },
  userIds: {
    column: 'member_id',
    two: { criteria: { memberIds: ['member-rare'] }, matches: among('memberId', 'member-rare') },
    most: { criteria: { memberIds: buyers }, matches: among('memberId', ...buyers) },
  },
  statuses: {
    column: 'workflow',
    two: { criteria: { statuses: ['OPEN'] }, matches: among('status', 'OPEN') },
    most: { criteria: { statuses: ['SHIPPED'] }, matches: among('status', 'SHIPPED') },
  },
  allowedActions: {
    column: 'workflow',
    two: { criteria: { actions: ['SHIP'] }, matches: ({ actions }) => actions.includes('SHIP') },
    most: { criteria: { actions: ['RETURN'] }, matches: ({ actions }) => actions.includes('RETURN') },
  },
  productIds: {
    column: 'product_id',
    two: { criteria: { productIds: ['product-rare'] }, matches: among('productId', 'product-rare') },
    most: { criteria: { productIds: ['product-common'] }, matches: among('productId', 'product-common') },
  },
  storeIds: {
    column: 'store_id',
    two: { criteria: { storeIds: ['store-rare'] }, matches: among('storeId', 'store-rare') },
    most: { criteria: { storeIds: ['store-main'] }, matches: among('storeId', 'store-main') },
  },
  sources: {
    column: 'source',
    two: { criteria: { sources: ['kiosk'] }, matches: among('source', 'kiosk') },
    most: { criteria: { sources: ['web'] }, matches: among('source', 'web') },
  },
  orderDate: {
    column: 'order_date',
    two: { criteria: { orderDate: { before: rareDate + 1 } }, matches: ({ orderDate }) => orderDate <= rareDate },
    most: { criteria: { orderDate: { from: rareDate + 1 } }, matches: ({ orderDate }) => orderDate > rareDate },
  },
  updatedAt: {
    column: 'updated_at',
    two: { criteria: { updatedAt: { from: rareUpdate } }, matches: ({ updatedAt }) => updatedAt >= rareUpdate },
    most: { criteria: { updatedAt: { before: rareUpdate } }, matches: ({ updatedAt }) => updatedAt < rareUpdate },
  },
  total: {
    column: 'total_minor',
    two: { criteria: { total: { from: rareTotal } }, matches: ({ totalMinor }) => totalMinor >= rareTotal },
    most: { criteria: { total: { to: rareTotal - 1 } }, matches: ({ totalMinor }) => totalMinor < rareTotal },
  },
  hasHeldPoints: {
    column: 'workflow',
    two: { criteria: { held: true }, matches: ({ held }) => held },
    most: { criteria: { held: false }, matches: ({ held }) => !held },
  },
};

/** Why a pair of filter and sort sorts in a temporary tree; a pair that is not here must not. */
const merge = 'pages of the keys are merged: at most keys × page rows are sorted';
const matches = 'an index in the order of every sort for every filter would be too many for the writes: what matches is sorted';
const fewer = 'as many rows as ids were asked for are sorted';
const byDate = ['ORDER_DATE_DESC', 'ORDER_DATE_ASC'] as const;
const byUpdate = ['UPDATED_AT_DESC', 'UPDATED_AT_ASC'] as const;
const byTotal = ['TOTAL_DESC', 'TOTAL_ASC'] as const;
const sorted = (sorts: readonly OrderSort[], reason: string) => sorts.map((sort) => [sort, reason] as const);
const listFilter = [...sorted(byDate, merge), ...sorted([...byUpdate, ...byTotal], matches)];
const reasons: Readonly<Record<string, ReadonlyMap<OrderSort, string>>> = {
  orderIds: new Map(sorted(orderSorts, fewer)),
  ...Object.fromEntries(
    ['userIds', 'statuses', 'allowedActions', 'productIds', 'storeIds', 'sources', 'hasHeldPoints'].map((name) => [
      name,
      new Map(listFilter),
    ]),
  ),
  orderDate: new Map(sorted([...byUpdate, ...byTotal], matches)),
  updatedAt: new Map(sorted([...byDate, ...byTotal], matches)),
  total: new Map(sorted([...byDate, ...byUpdate], matches)),
};

function sortKey(sort: OrderSort): (order: BulkOrder) => number {
  if (sort.startsWith('ORDER_DATE')) return ({ orderDate }) => orderDate;
  return sort.startsWith('UPDATED_AT') ? ({ updatedAt }) => updatedAt : ({ totalMinor }) => totalMinor;
}

/** All rows in the order of a sort, equal values by id, as a naive reader would put them. */
const inOrder = new Map(
  orderSorts.map((sort) => {
    const key = sortKey(sort);
    const ascending = rows.toSorted((a, b) => key(a) - key(b) || (a.id < b.id ? -1 : 1));
    return [sort, sort.endsWith('DESC') ? ascending.toReversed() : ascending] as const;
  }),
);

const cursorOf = (order: BulkOrder | undefined, sort: OrderSort): PageCursor | null => (order ? [sortKey(sort)(order), order.id] : null);

/** Steps that read a whole table or index; the list of keys is no table. */
const scans = (plan: readonly string[]): readonly string[] =>
  plan.filter((step) => step.startsWith('SCAN') && !step.startsWith('SCAN k VIRTUAL') && !step.startsWith('SCAN json_each VIRTUAL'));
/** Steps that read all rows of the site. */
const wholeSites = (plan: readonly string[]): readonly string[] => plan.filter((step) => step.includes('(site_id=?)'));
const sorts = (plan: readonly string[]): boolean => plan.some((step) => step.startsWith('USE TEMP B-TREE'));

const cases = Object.entries(filters).flatMap(([name, filter]) =>
  orderSorts.flatMap((sort) => (['two', 'most'] as const).map((size) => ({ name, sort, size, filter }))),
);

describe.each(cases)('$name with the $size rows, $sort', ({ name, sort, size, filter }) => {
  const { criteria, matches: isMatch, count } = filter[size];
  const expected = (inOrder.get(sort) ?? []).filter(isMatch);

  it('finds what a naive search finds', async () => {
    if (size === 'two') expect(expected).toHaveLength(2);
    else expect(expected.length).toBeGreaterThanOrEqual(count ?? orderCount / 2);
    const first = await store.reads.orders(bulkSite, criteria, sort, { after: null, limit: 20 });
    expect(first.map(({ id }) => id)).toEqual(expected.slice(0, 20).map(({ id }) => id));
    const shown = Math.min(20, expected.length - 1);
    const second = await store.reads.orders(bulkSite, criteria, sort, { after: cursorOf(expected[shown - 1], sort), limit: 20 });
    expect(second.map(({ id }) => id)).toEqual(expected.slice(shown, shown + 20).map(({ id }) => id));
    if (sort === 'ORDER_DATE_DESC') expect(await store.reads.countOrders(bulkSite, criteria)).toBe(expected.length);
  });

  it('searches by the column and sorts only for a reason', () => {
    for (const after of [null, cursorOf(expected[0], sort)]) {
      const plan = planOf(connection, search.page(bulkSite, criteria, sort, { after, limit: 21 }));
      const text = plan.join('\n');
      const searched = plan.some((step) => step.startsWith('SEARCH') && new RegExp(`site_id=\\? AND \\(?${filter.column}\\b`).test(step));
      expect(searched, text).toBe(true);
      expect(scans(plan), text).toEqual([]);
      expect(wholeSites(plan), text).toEqual([]);
      expect(sorts(plan), text).toBe(reasons[name]?.has(sort) ?? false);
    }
  });
});

describe('without a filter', () => {
  it.each(orderSorts)('walks the index of %s', async (sort) => {
    const expected = inOrder.get(sort) ?? [];
    for (const start of [0, 60_000]) {
      const range = { after: start === 0 ? null : cursorOf(expected[start - 1], sort), limit: 21 };
      const plan = planOf(connection, search.page(bulkSite, {}, sort, range));
      expect(scans(plan).length + Number(sorts(plan)), plan.join('\n')).toBe(0);
      const found = await store.reads.orders(bulkSite, {}, sort, range);
      expect(found.map(({ id }) => id)).toEqual(expected.slice(start, start + 21).map(({ id }) => id));
    }
  });

  it('has at most eight indexes on orders', () => {
    const indexes = connection
      .prepare<[], { name: string }>("select name from sqlite_master where type = 'index' and tbl_name = 'orders'")
      .all();
    expect(indexes.length).toBeLessThanOrEqual(8);
  });
});

describe('a member with 50,000 orders', () => {
  const members = [largestMember.id, 'member-rare'];

  it.each(orderSorts)('lists them page by page, %s', async (sort) => {
    const expected = (inOrder.get(sort) ?? []).filter(among('memberId', largestMember.id));
    expect(expected).toHaveLength(largestMember.orders);
    for (const start of [0, 40_000]) {
      const range = { after: start === 0 ? null : cursorOf(expected[start - 1], sort), limit: 21 };
      const found = await store.reads.ordersOfMembers(bulkSite, members, {}, sort, range);
      expect(found.get(largestMember.id)?.map(({ id }) => id)).toEqual(expected.slice(start, start + 21).map(({ id }) => id));
      const plan = planOf(connection, search.pagePerMember(bulkSite, members, {}, sort, range));
      const text = plan.join('\n');
      expect(
        plan.some((step) => /^SEARCH c USING .*orders_by_member \(site_id=\? AND member_id=\?/.test(step)),
        text,
      ).toBe(true);
      expect([...scans(plan), ...wholeSites(plan)], text).toEqual([]);
      // One sort merges the pages of the members; under the other sorts a member's orders are sorted as well.
      const trees = plan.filter((step) => step.startsWith('USE TEMP B-TREE')).length;
      expect(trees, text).toBe(sort.startsWith('ORDER_DATE') ? 1 : 2);
    }
  });

  it('lists their entries page by page', async () => {
    for (const last of [largestMember.orders + 1, 10_001]) {
      const page = await store.reads.list(bulkSite, 'MEMBER_ENTRIES', [largestMember.id], { after: [last, last], limit: 20 });
      const sequences = page.get(largestMember.id)?.map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => last - 1 - index));
    }
  });
});
