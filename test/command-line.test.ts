// The command line as it is typed: what it prints, and with which code it ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { runMain, startServer } from './support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const database = join(folder, 'orders.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = { siteId: 'shop', name: 'Plain points', currencyCode: 'USD', timeZone: 'America/New_York', purchase: { baseRatio: '1' } };

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

it('explains itself', async () => {
  const { code, stdout } = await runMain('--help');
  expect(code).toBe(0);
  for (const command of ['serve', 'migrate', 'program set', 'program show', 'seed', 'doctor']) expect(stdout).toContain(`  ${command}`);
});

it.each([
  {
    faults: 'of shape',
    content: { ...program, purchase: { baseRatio: '-1' }, rounding: 'UP', colour: 'blue' },
    paths: ['rounding', 'purchase.baseRatio', '(file)'],
  },
  {
    faults: 'of meaning',
    content: {
      ...program,
      currencyCode: 'DOLLAR',
      timeZone: 'Nowhere/Land',
      expiryDays: 0,
      tiers: { period: 'LIFETIME', levels: [{ name: 'Bronze', minimumSpend: '10', ratio: '1' }] },
    },
    paths: ['currencyCode', 'timeZone', 'expiryDays', 'tiers.levels.0.minimumSpend'],
  },
])('names every fault $faults of a program file with its path', async ({ content, paths }) => {
  const file = write('faults.json', content);
  const { code, stdout, stderr } = await runMain('program', 'set', file, '--database', database);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const [heading, ...faults] = stderr.trim().split('\n');
  expect(heading).toBe(`${file} is no program that can be set:`);
  expect(faults.map((line) => line.trim().split(': ')[0])).toEqual(paths);
});

it('appends versions of a program, and shows them', async () => {
  const first = write('first.json', program);
  const second = write('second.json', { ...program, purchase: { baseRatio: '2' } });
  const set = (...args: readonly string[]) => runMain('program', 'set', ...args, '--database', database);
  expect(await set(first)).toMatchObject({ code: 0, stdout: expect.stringContaining('Site shop: version 1, in force from ') });
  expect(await set(first)).toMatchObject({ code: 0, stdout: 'Site shop: unchanged at version 1.\n' });
  expect(await set(second, '--from', '2030-01-01T00:00:00-05:00')).toMatchObject({
    code: 0,
    stdout: 'Site shop: version 2, in force from 2030-01-01T05:00:00.000Z.\n',
  });
  expect(await set(second, '--from', '2030-01-01')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^--from: expected a date and time/),
  });
  const shown = await runMain('program', 'show', '--site', 'shop', '--database', database);
  const versions = shown.stdout
    .split(/(?<=\n\})\n/)
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text));
  expect(versions).toMatchObject([
    { version: 1, baseRatio: '1' },
    { version: 2, baseRatio: '2', effectiveFrom: '2030-01-01T05:00:00.000Z' },
  ]);
});

it('tells a sound database from a damaged one', async () => {
  const sound = join(folder, 'sound.db');
  expect(await runMain('migrate', '--database', sound)).toMatchObject({ code: 0, stderr: '' });
  expect(await runMain('doctor', '--database', sound)).toMatchObject({ code: 0, stdout: 'Every sum is right.\n' });
  const db = new Database(sound);
  const row = { site_id: 'shop', id: 'id-1', user_id: 'm-1', status: 'ACTIVE', opted_in: 1, available: 7 };
  const zero = ['held', 'used', 'expired', 'lifetime', 'debt', 'total_spend_minor', 'entry_count', 'revision', 'created_at', 'updated_at'];
  const columns = [...Object.keys(row), ...zero];
  db.prepare(`insert into members (${columns}) values (${columns.map(() => '?')})`).run(...Object.values(row), ...zero.map(() => 0));
  db.close();
  expect(await runMain('doctor', '--database', sound)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^Site shop, member m-1: available .*is 7, expected 0\.\n(.+\n)*\d+ violations\.\n$/),
  });
});

it('serves only as a sandbox or with keys', async () => {
  const { code, stdout, stderr } = await runMain('serve', '--port', '0', '--database', join(folder, 'served.db'));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--keys');
  expect(stderr).toContain('--sandbox');
});

it.each(['9', '3600001', '1.5', 'often'])('refuses to sweep every %s milliseconds', (SETTLE_EVERY_MS) => {
  expect(readConfig({}, { SETTLE_EVERY_MS })).toEqual({ faults: [expect.stringMatching(/^SETTLE_EVERY_MS: /)] });
});

it('sweeps a sandbox by itself, and keeps its clock over a restart', async () => {
  const held = write('held.json', { ...program, siteId: 'demo', timeZone: 'UTC', hold: { type: 'ORDER_DATE', days: 1 } });
  const files = ['--program', held, '--database', join(folder, 'sandbox.db')];
  const ask = '{ now member(by: { userId: "ann" }) { points { available held } } }';
  const first = await startServer(...files);
  await first.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }');
  // Its hold ends when the day is over, a little after it is placed.
  const create = `mutation Create($orderDate: DateTime!) { createOrder(input: {
    orderId: "o-1", userId: "ann", orderDate: $orderDate, lineItems: [{ productId: "p", quantity: 1, unitPrice: 10 }]
  }) { member { points { held } } userErrors { code } } }`;
  const orderDate = new Date(Date.now() - 86_400_000 + 5_000).toISOString();
  expect(await first.execute(create, { orderDate })).toMatchObject({
    data: { createOrder: { member: { points: { held: 10 } }, userErrors: [] } },
  });
  await expect
    .poll(() => first.execute(ask), { timeout: 30_000 })
    .toMatchObject({ data: { member: { points: { available: 10, held: 0 } } } });
  expect(await first.execute('mutation { advanceClock(to: "2100-01-01T00:00:00Z") }')).toMatchObject({
    data: { advanceClock: expect.stringMatching(/^2100-01-01T00:00:/) },
  });
  expect(await first.end('SIGTERM')).toBe(0);

  const second = await startServer(...files);
  expect(await second.execute(ask)).toMatchObject({ data: { now: expect.stringMatching(/^2100-01-01T00:0/) } });
  expect(await second.end('SIGTERM')).toBe(0);
});
