// Among 100,000 orders of one site PostgreSQL reads a page's worth of rows for a page, however deep it lies: never a whole site.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresEngine } from '../../src/store/postgres.ts';
import { prepareReads } from '../../src/store/reads.ts';
import { type Asking, valuesOf } from '../../src/store/statement.ts';
import type { OrderCriteria, OrderSort, PageCursor } from '../../src/store/store.ts';
import { fillPostgresWithBulkRows } from '../support/bulk-postgres.ts';
import { bulkSite, largestMember, orderCount, rareDate, rareUpdate } from '../support/bulk-rows.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';

let database: FreshDatabase;
let client: Client;
beforeAll(async () => {
  database = await migratedDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await fillPostgresWithBulkRows(client);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const rows = prepareReads(postgresEngine);
type Plan = Readonly<Record<string, unknown>> & { readonly Plans?: readonly Plan[] };
type Cost = { readonly read: number; readonly scans: readonly string[]; readonly milliseconds: number };

const numberOf = (plan: Plan, name: string): number => Number(plan[name] ?? 0);

/** How many rows were read of tables, kept or not, and the tables that were read from begin to end. */
function costOf(plan: Plan): Omit<Cost, 'milliseconds'> {
  const below = (plan.Plans ?? []).map(costOf);
  const isTable = plan['Relation Name'] !== undefined;
  const discarded = numberOf(plan, 'Rows Removed by Filter') + numberOf(plan, 'Rows Removed by Index Recheck');
  const own = isTable ? (numberOf(plan, 'Actual Rows') + discarded) * numberOf(plan, 'Actual Loops') : 0;
  return {
    read: below.reduce((sum, { read }) => sum + read, own),
    scans: [...(plan['Node Type'] === 'Seq Scan' ? [String(plan['Relation Name'])] : []), ...below.flatMap(({ scans }) => scans)],
  };
}

/** Runs the one statement of a read, and says what it took. */
async function run(question: Asking<unknown>): Promise<Cost> {
  const asked = question.next();
  if (asked.done) throw new Error('It asks nothing.');
  const { statement, values } = asked.value;
  const { rows: found } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan; 'Execution Time': number }[] }>(
    `explain (analyze, timing off, format json) ${statement.sql}`,
    valuesOf(statement, values),
  );
  const plan = found[0]?.['QUERY PLAN'][0];
  if (!plan) throw new Error('There is no plan.');
  return { ...costOf(plan.Plan), milliseconds: plan['Execution Time'] };
}

const limit = 21;
const middle: PageCursor = [Date.parse('2025-03-01T00:00:00Z'), 'id-050000'];
const byDate: readonly OrderSort[] = ['ORDER_DATE_DESC', 'ORDER_DATE_ASC'];

const filters: readonly (readonly [name: string, criteria: OrderCriteria, keys: number])[] = [
  ['no filter', {}, 1],
  ['the largest member', { memberIds: [largestMember.id] }, 1],
  ['a hundred members', { memberIds: Array.from({ length: 100 }, (_, index) => `member-${index + 1}`) }, 100],
  ['a common product', { productIds: ['product-common'] }, 1],
  ['rare and common products', { productIds: ['product-rare', 'product-common', 'product-1'] }, 3],
  ['statuses', { statuses: ['SHIPPED', 'OPEN'] }, 20],
  ['a common store', { storeIds: ['store-main'] }, 1],
  ['stores', { storeIds: ['store-main', 'store-rare', 'store-1'] }, 3],
  ['a common source', { sources: ['web'] }, 1],
  ['dates', { orderDate: { from: Date.parse('2024-01-01'), before: Date.parse('2026-01-01') } }, 1],
];

describe.each(filters)('orders by date, of %s', (_, criteria, keys) => {
  it.each(byDate)('%s, at the begin and in the middle', async (sort) => {
    for (const after of [null, middle]) {
      const { read, scans } = await run(rows.orders.page(bulkSite, criteria, sort, { after, limit }));
      expect(scans).toEqual([]);
      // Ids are found first, and then their orders.
      expect(read).toBeLessThanOrEqual(4 * limit * keys);
    }
  });
});

const others: readonly (readonly [name: string, question: () => Asking<unknown>, most: number])[] = [
  ['orders by update', () => rows.orders.page(bulkSite, {}, 'UPDATED_AT_DESC', { after: [middle[0], 'x'], limit }), limit],
  ['orders by total', () => rows.orders.page(bulkSite, {}, 'TOTAL_ASC', { after: [100_000, 'x'], limit }), limit],
  ['orders of a rare date by total', () => rows.orders.page(bulkSite, { orderDate: { before: rareDate + 1 } }, 'TOTAL_ASC', { after: null, limit }), limit],
  ['orders of a rare update by date', () => rows.orders.page(bulkSite, { updatedAt: { from: rareUpdate } }, 'ORDER_DATE_ASC', { after: null, limit }), limit],
  ['orders of a rare member by total', () => rows.orders.page(bulkSite, { memberIds: ['member-rare'] }, 'TOTAL_ASC', { after: null, limit }), limit],
  ['orders of a rare product by total', () => rows.orders.page(bulkSite, { productIds: ['product-rare'] }, 'TOTAL_ASC', { after: null, limit }), limit],
  ['orders of two members', () => rows.orders.pagePerMember(bulkSite, [largestMember.id, 'member-1'], {}, 'ORDER_DATE_DESC', { after: middle, limit }), 4 * limit],
  ['entries of the largest member', () => rows.lists.list(bulkSite, 'MEMBER_ENTRIES', [largestMember.id], { after: [25_000, 25_000], limit }), 2 * limit],
  ['lots of the largest member', () => rows.lists.list(bulkSite, 'MEMBER_LOTS', [largestMember.id], { after: [middle[0], 1], limit }), 2 * limit],
  ['lots to be spent next', () => rows.nextLots(bulkSite, largestMember.id, limit), limit],
  ['lines of orders', () => rows.lists.list(bulkSite, 'ORDER_LINES', ['id-000001', 'id-000002'], { after: null, limit }), 2 * limit],
  ['entries of orders', () => rows.lists.list(bulkSite, 'ORDER_ENTRIES', ['id-000002', 'id-000004'], { after: null, limit }), 2 * limit],
  ['orders by their ids', () => rows.ordersByOrderId(bulkSite, ['order-000001', 'order-050000']), 2],
  ['orders by internal ids', () => rows.ordersById(bulkSite, ['id-000001', 'id-050000']), 2],
  ['entries by their keys', () => rows.entriesByKey(bulkSite, [{ memberId: largestMember.id, sequence: 40_000 }]), 1],
  ['lines by their keys', () => rows.linesByKey(bulkSite, [{ orderId: 'id-000001', position: 1 }]), 1],
  ['a member with another site around', () => rows.membersByUserId(bulkSite, ['user member-1']), 203],
  ['whether there are orders', () => rows.hasOrders(bulkSite), 1],
]; // biome-ignore format: one read a line

it.each(others)('%s', async (_, question, most) => {
  const { read, scans } = await run(question());
  expect(read).toBeLessThanOrEqual(most);
  expect(scans.filter((table) => table !== 'members')).toEqual([]);
});

it('sees a whole site being read', async () => {
  const { read } = await run(rows.orders.page(bulkSite, { primaryId: 'nobody' }, 'ORDER_DATE_DESC', { after: null, limit }));
  expect(read).toBe(orderCount);
});
