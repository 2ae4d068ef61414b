// Every read by key finds its rows by that key: none reads a whole site.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { prepareReads } from '../../src/store/reads.ts';
import { migrateSqlite } from '../../src/store/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'plans-'));
const file = join(folder, 'orders.db');
migrateSqlite(file);
const connection = new Database(file, { readonly: true });
const asked: { readonly sql: string; readonly values: readonly unknown[] }[] = [];
const rows = prepareReads(drizzle(connection, { logger: { logQuery: (sql, values) => asked.push({ sql, values }) } }));
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const [site, ids, range] = ['a', ['x', 'y'], { after: [5, 5], limit: 20 }] as const;
const kinds = [
  'ORDER_LINES',
  'ORDER_EVENTS',
  'ORDER_ENTRIES',
  'ORDER_ADJUSTMENTS',
  'MEMBER_ENTRIES',
  'MEMBER_ADJUSTMENTS',
  'MEMBER_SECONDARIES',
] as const;
const reads: readonly (readonly [name: string, read: () => unknown])[] = [
  ...kinds.map((kind) => [`list ${kind}`, () => rows.lists.list(site, kind, ids, range)] as const),
  ...kinds.map((kind) => [`count ${kind}`, () => rows.lists.count(site, kind, ids)] as const),
  ['members by e-mail', () => rows.members.page(site, { email: 'x' }, { after: null, limit: 20 })],
  ['members by a list of users', () => rows.members.page(site, { userIds: ids }, { after: null, limit: 20 })],
  ['membersByUserId', () => rows.membersByUserId(site, ids)],
  ['membersById', () => rows.membersById(site, ids)],
  ['ordersByOrderId', () => rows.ordersByOrderId(site, ids)],
  ['ordersById', () => rows.ordersById(site, ids)],
  ['linksOfSecondaries', () => rows.linksOfSecondaries(site, ids)],
  ['secondariesEver', () => rows.secondariesEver(site, 'x')],
  ['hasSecondaries', () => rows.hasSecondaries(site, 'x')],
  ['linesOfOrder', () => rows.linesOfOrder(site, 'x')],
  ['eventsOfOrder', () => rows.eventsOfOrder(site, 'x')],
  ['entriesOfOrder', () => rows.entriesOfOrder(site, 'x')],
  ['adjustmentsOfOrder', () => rows.adjustmentsOfOrder(site, 'x')],
  ['linesByKey', () => rows.linesByKey(site, [{ orderId: 'x', position: 1 }])],
  ['entriesByKey', () => rows.entriesByKey(site, [{ memberId: 'x', sequence: 1 }])],
  ['eventsByKey', () => rows.eventsByKey(site, [{ orderId: 'x', sequence: 1 }])],
  ['entriesOfEvents', () => rows.entriesOfEvents(site, [{ orderId: 'x', sequence: 1 }])],
  ['adjustmentsById', () => rows.adjustmentsById(site, ids)],
  ['answer', () => rows.answer(site, 'x')],
  ['periodSpend', () => rows.periodSpend(site, ids, 0, 1)],
];

it.each(reads)('%s', (_, read) => {
  asked.splice(0);
  read();
  expect(asked).toHaveLength(1);
  for (const { sql, values } of asked) {
    const steps = connection.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`).all(...values);
    const plan = steps.map(({ detail }) => detail);
    expect(plan.some((step) => step.startsWith('SEARCH'))).toBe(true);
    expect(plan.filter((step) => step.includes('(site_id=?)') || (step.startsWith('SCAN') && !step.includes('VIRTUAL')))).toEqual(
      plan.filter((step) => step === 'SCAN CONSTANT ROW'),
    );
  }
});
