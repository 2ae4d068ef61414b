// Every read by key finds its rows by that key: none reads a whole site.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { prepareReads } from '../../src/store/reads.ts';
import { migrateSqlite, sqliteEngine } from '../../src/store/sqlite.ts';
import type { Asking } from '../../src/store/statement.ts';
import { planOf as stepsOf } from '../support/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'plans-'));
const file = join(folder, 'orders.db');
migrateSqlite(file);
const connection = new Database(file, { readonly: true });
const rows = prepareReads(sqliteEngine);
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
  'MEMBER_LOTS',
  'MEMBER_ADJUSTMENTS',
  'MEMBER_SECONDARIES',
] as const;
type Read = readonly [name: string, read: () => Asking<unknown>];
/** What settlement and spending read: in the order of the index, so that a few rows are read however many there are. */
const queues: readonly Read[] = [
  ['nextLots', () => rows.nextLots(site, 'x', 20)],
  ['lotsWorth', () => rows.lotsWorth(site, 'x', 100)],
  ['nextReleases', () => rows.nextReleases(site, 'x', 20)],
  ['dueMembers', () => rows.dueMembers(site, 1, 20)],
  ['redemption', () => rows.redemption(site, 'x')],
];
const reads: readonly Read[] = [
  ...queues,
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
  ['linesOfOrders', () => rows.linesOfOrders(site, ids)],
  ['lotsOfOrder', () => rows.lotsOfOrder(site, 'x')],
  ['lotsByKey', () => rows.lotsByKey(site, [{ memberId: 'x', sequence: 1 }])],
  ['expiring', () => rows.expiring(site, ids, 1)],
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

const planOf = (read: () => Asking<unknown>): readonly string[] => stepsOf(connection, read());

it.each(reads)('%s', (_, read) => {
  const plan = planOf(read);
  expect(plan.some((step) => step.startsWith('SEARCH'))).toBe(true);
  expect(plan.filter((step) => step.includes('(site_id=?)') || (step.startsWith('SCAN') && !step.includes('VIRTUAL')))).toEqual(
    plan.filter((step) => step === 'SCAN CONSTANT ROW'),
  );
});

it.each(queues)('%s sorts nothing', (_, read) => {
  expect(planOf(read)).toEqual([expect.stringMatching(/^SEARCH /)]);
});

it('looks up due members and lots with something left in indexes of nothing else', () => {
  expect(planOf(() => rows.dueMembers(site, 1, 20))).toEqual([expect.stringContaining('members_by_due (site_id=? AND due_at')]);
  expect(planOf(() => rows.nextLots(site, 'x', 20))).toEqual([
    expect.stringContaining('points_lots_by_expiry (site_id=? AND member_id=? AND'),
  ]);
  expect(planOf(() => rows.expiring(site, ids, 1))).toContainEqual(
    expect.stringContaining('points_lots_by_expiry (site_id=? AND member_id=? AND expires_at<?)'),
  );
});

it('looks up the clock and the sites by their key', () => {
  expect(planOf(() => rows.clockAhead(site))).toEqual([expect.stringMatching(/^SEARCH sandbox_clocks USING PRIMARY KEY/)]);
  expect(planOf(() => rows.sites())).toContainEqual(expect.stringMatching(/^SEARCH programs USING .*\(site_id>\?\)/));
});
