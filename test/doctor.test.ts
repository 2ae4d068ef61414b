// The doctor finds nothing in what the server wrote, and each kind of damage to it, on either engine in the same words.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import { settleDue } from '../src/settlement.ts';
import { migrateSqlite } from '../src/store/sqlite.ts';
import { damages } from './support/damages.ts';
import { examinedDatabase } from './support/examined-database.ts';
import { programsWith } from './support/histories/programs.ts';
import { runHistory } from './support/histories/run-history.ts';
import type { Command } from './support/oracle/command.ts';
import type { ProgramFile } from './support/oracle/program.ts';
import { send } from './support/send.ts';
import { openServer, type TestServer } from './support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
const examined = examinedDatabase();
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await examined.remove();
});

const program: ProgramFile = {
  siteId: 'demo',
  name: 'Capped points',
  currencyCode: 'USD',
  timeZone: 'America/New_York',
  pointsScale: 0,
  rounding: 'FLOOR',
  pointValue: '0.01',
  purchase: { configured: true, baseRatio: '1', pointsBase: 'UNIT_PRICE', maximumPointsPerOrder: '2000' },
  hold: { type: 'NONE', days: 0 },
  expiryDays: null,
  debtPolicy: 'ALLOW',
  tiers: { period: 'LIFETIME', levels: [{ name: 'Bronze', minimumSpend: '0', ratio: '1' }] },
  rules: [],
  campaigns: [],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null },
  secondaryMembers: { earnForPrimary: false },
};

/**
 * o-1 of m-1 at noon of UTC day 20781: D1 1×100 (returned) and D2 2×200, discounts of 10 on D2 and 30 on the order, 50 credited and 20 debited: 430 points, spend 396.12.
 * o-2 of m-2, a secondary member of m-1: p1 corrected to 3×50, one of them shipped, p2 1×30: 180 points. o-3 of m-3: all cancelled.
 */
const history: readonly Command[] = [
  { kind: 'enrollMember', input: { userId: 'm-1' } },
  { kind: 'enrollMember', input: { userId: 'm-2', primaryUserId: 'm-1' } },
  { kind: 'enrollMember', input: { userId: 'm-3' } },
  {
    kind: 'createOrder',
    input: {
      orderId: 'o-1',
      userId: 'm-1',
      orderDate: '2026-11-24T12:00:00Z',
      discount: '30',
      lineItems: [
        { productId: 'D1', quantity: 1, unitPrice: '100' },
        { productId: 'D2', quantity: 2, unitPrice: '200', discount: '10' },
      ],
    },
  },
  {
    kind: 'updateOrder',
    input: { orderId: 'o-1', action: 'RETURN', lineItems: [{ lineItem: { productId: 'D1' }, quantity: 1 }], idempotencyKey: 'k-1' },
  },
  {
    kind: 'adjustSpend',
    input: { orderId: 'o-1', type: 'CREDIT', amount: '50', reason: 'late', adjustedBy: 'desk', idempotencyKey: 'k-2' },
  },
  {
    kind: 'adjustSpend',
    input: { orderId: 'o-1', type: 'DEBIT', amount: '20', reason: 'paid', adjustedBy: 'desk', idempotencyKey: 'k-3' },
  },
  {
    kind: 'createOrder',
    input: { orderId: 'o-2', userId: 'm-2', status: 'OPEN', lineItems: [{ productId: 'p1', quantity: 2, unitPrice: '50' }] },
  },
  {
    kind: 'updateOrder',
    input: { orderId: 'o-2', action: 'SHIP', lineItems: [{ lineItem: { productId: 'p1' }, quantity: 1 }], idempotencyKey: 'k-4' },
  },
  { kind: 'addToOrder', input: { orderId: 'o-2', lineItems: [{ productId: 'p2', quantity: 1, unitPrice: '30' }], idempotencyKey: 'k-5' } },
  { kind: 'correctOrder', input: { orderId: 'o-2', lineItems: [{ lineItem: { productId: 'p1' }, quantity: 3 }], idempotencyKey: 'k-6' } },
  {
    kind: 'createOrder',
    input: { orderId: 'o-3', userId: 'm-3', status: 'OPEN', lineItems: [{ productId: 'p1', quantity: 1, unitPrice: '5' }] },
  },
  { kind: 'updateOrder', input: { orderId: 'o-3', action: 'CANCEL', allLineItems: true, idempotencyKey: 'k-7' } },
];

/** A hold of ten days from shipping, points that expire thirty days after it; debt is allowed. */
const heldProgram: ProgramFile = {
  ...program,
  siteId: 'shop',
  name: 'Held points',
  purchase: { ...program.purchase, maximumPointsPerOrder: null },
  hold: { type: 'LINE_SHIP_DATE', days: 10 },
  expiryDays: 30,
};

const order = (orderId: string, userId: string, quantity: number, unitPrice: string, more: object = {}): Command => ({
  kind: 'createOrder',
  input: { orderId, userId, lineItems: [{ productId: 'p', quantity, unitPrice }], ...more },
});
const update = (orderId: string, action: 'SHIP' | 'RETURN' | 'CANCEL', quantity: number): Command => ({
  kind: 'updateOrder',
  input: {
    orderId,
    action,
    lineItems: [{ lineItem: { productId: 'p' }, quantity }],
    idempotencyKey: `${orderId}-${action}-${quantity}`,
  },
});

/**
 * Site shop. Ann earns 200 of s-1, spends 120 of them on s-2 and is given 60 back, then returns and cancels all of s-1: 60 are owed, of
 * which a release of 25 repays a part. Of Bob's s-3, 300 are earned and expire, then one of three is returned; of the 200 of s-4, 50 are
 * spent on s-6, half of which is given back; s-5 waits with 100 held until 15 January.
 */
const heldHistory: readonly (readonly [at: string, commands: readonly Command[]])[] = [
  [
    '2026-11-24',
    [
      { kind: 'enrollMember', input: { userId: 'ann' } },
      { kind: 'enrollMember', input: { userId: 'bob' } },
      order('s-1', 'ann', 4, '100', { status: 'OPEN' }),
      update('s-1', 'SHIP', 2),
      order('s-3', 'bob', 3, '100', { status: 'SHIPPED' }),
    ],
  ],
  [
    '2026-12-04',
    [
      order('s-2', 'ann', 2, '25', { status: 'OPEN', redeemPoints: '120' }),
      update('s-2', 'CANCEL', 1),
      update('s-1', 'RETURN', 2),
      update('s-1', 'CANCEL', 2),
      update('s-2', 'SHIP', 1),
    ],
  ],
  ['2026-12-14', []],
  [
    '2027-01-05',
    [
      update('s-3', 'RETURN', 1),
      order('s-4', 'bob', 2, '100', { status: 'SHIPPED', orderDate: '2026-12-20T12:00:00Z' }),
      order('s-5', 'bob', 1, '100', { status: 'SHIPPED' }),
      order('s-6', 'bob', 2, '10', { status: 'OPEN', redeemPoints: '50' }),
      update('s-6', 'CANCEL', 1),
    ],
  ],
];

async function run(execute: TestServer['execute'], command: Command): Promise<void> {
  const { userErrors } = await send(execute, command);
  if (userErrors.length > 0) throw new Error(JSON.stringify({ command, userErrors }));
}

beforeAll(async () => {
  const server = openServer(undefined, examined.database);
  const inShop: TestServer['execute'] = (query, variables) => server.execute(query, variables, { 'x-site-id': 'shop' });
  await server.setProgram(program, null);
  for (const command of history) await run(server.execute, command);
  await server.setProgram(heldProgram, null);
  for (const [day, commands] of heldHistory) {
    const at = Date.parse(`${day}T12:00:00Z`);
    server.setClock(at);
    await settleDue(server.store, 'shop', at);
    for (const command of commands) await run(inShop, command);
  }
  await server.close();
});

/** Without what differs from run to run: internal ids, and how Node words a fault of JSON. */
const foreseeable = (line: string): string =>
  line.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').replace(/(could not be read:) .*/, '$1 …');

/** A program of each hold but NONE, each with another debt policy. */
const histories = programsWith(true).filter((_, index) => index % 5 === 1);

describe('doctor', () => {
  it('is tried on each hold and debt policy', () => {
    expect(histories.map(({ hold, debtPolicy }) => [hold.type, debtPolicy])).toEqual([
      ['ORDER_DATE', 'ALLOW'],
      ['LINE_SHIP_DATE', 'CLAMP'],
      ['ALL_LINES_SHIP_DATE', 'REFUSE'],
    ]);
  });

  it('finds nothing wrong with what the commands wrote', async () => {
    expect(await diagnose(await examined.address())).toEqual([]);
  });

  // The histories themselves are run on either engine by their own tests.
  it.each(inject('engine') === 'postgres' ? histories.slice(0, 1) : histories)(
    'finds nothing wrong after a random history of $name',
    { timeout: 120_000 },
    async (held) => {
      const { database, address, remove } = examinedDatabase();
      const server = openServer(undefined, database);
      await runHistory({ ...server, program: held, seed: 7, commands: 60 });
      await server.close();
      expect(await diagnose(await address())).toEqual([]);
      await remove();
    },
  );

  it('refuses a place without a database, and makes none there', async () => {
    const nowhere = join(folder, 'nowhere.db');
    await expect(diagnose(nowhere)).rejects.toThrow(`There is no database file at ${nowhere}.`);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('refuses a database of something else', async () => {
    const other = join(folder, 'other.db');
    new Database(other).exec('create table notes (text)').close();
    await expect(diagnose(other)).rejects.toThrow('expected a database that was migrated');
  });

  it('finds a file of SQLite that no longer keeps what was recorded', async () => {
    const file = join(folder, 'unwatched.db');
    migrateSqlite(file);
    new Database(file).exec('drop trigger programs_no_update; drop trigger answers_no_update').close();
    expect(await diagnose(file)).toEqual(['File: there is no trigger programs_no_update.', 'File: there is no trigger answers_no_update.']);
  });

  it.each(damages.filter(({ engine = inject('engine') }) => engine === inject('engine')))('finds $name', async ({ sql, lines }) => {
    const found = await examined.damaged(sql, diagnose);
    expect(found.map(foreseeable)).toEqual(lines);
  });
});
