// A backup on the command line while a server is writing: one moment of the database, whole, from which a server can go on.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import { backUpDatabase } from '../src/store/backup.ts';
import { migrateSqlite } from '../src/store/sqlite.ts';
import { placeOrders } from './support/load.ts';
import { runMain, startServer } from './support/process.ts';

const program = { siteId: 'demo', name: 'Plain points', currencyCode: 'USD', timeZone: 'America/New_York', purchase: { baseRatio: '1' } };
const folder = mkdtempSync(join(tmpdir(), 'backup-'));
const file = join(folder, 'orders.db');
const copy = join(folder, 'copy.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('copies a database to which a server is writing, and a server goes on from the copy', async () => {
  const programFile = join(folder, 'program.json');
  writeFileSync(programFile, JSON.stringify(program));
  const server = await startServer('--database', file, '--program', programFile);
  await server.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }');
  const { sent, ended } = placeOrders(server.url, 4);
  const answered = (): readonly string[] => sent.filter(({ outcome }) => outcome === 'answered').map(({ orderId }) => orderId);
  await expect.poll(() => answered().length, { timeout: 60_000 }).toBeGreaterThan(20);
  const before = answered();
  expect(await runMain('backup', copy, '--database', file)).toMatchObject({ code: 0, stdout: `Backed up to ${copy}.\n`, stderr: '' });
  const afterwards = answered().length;
  await server.end('SIGTERM');
  await ended;
  expect(afterwards).toBeGreaterThan(before.length);

  expect(await diagnose(copy)).toEqual([]);
  const restored = await startServer('--database', copy);
  const { data } = await restored.execute('{ orders { totalCount } }');
  const kept = (data as { orders: { totalCount: number } }).orders.totalCount; // The document asks for just this.
  expect(kept).toBeGreaterThanOrEqual(before.length);
  expect(kept).toBeLessThanOrEqual(sent.length);
  const input = { orderId: before.at(-1) ?? '', userId: 'ann', lineItems: [{ productId: 'p', quantity: 1, unitPrice: 10 }] };
  expect(await restored.send({ kind: 'createOrder', input })).toMatchObject({ replayed: true });
  expect(await restored.end('SIGTERM')).toBe(0);
  expect(await diagnose(copy)).toEqual([]);
});

it('overwrites nothing, and leaves nothing behind when it fails', async () => {
  const origin = join(folder, 'origin.db');
  migrateSqlite(origin);
  const taken = join(folder, 'taken.db');
  writeFileSync(taken, 'something else');
  const inside = join(folder, 'inside');
  await expect(backUpDatabase(origin, taken)).rejects.toThrow(/taken\.db exists already, and is not overwritten/);
  await expect(backUpDatabase(join(folder, 'nowhere.db'), inside)).rejects.toThrow(/There is no database file at .*nowhere\.db/);
  writeFileSync(join(folder, 'text.db'), 'no database at all, but a text that is long enough to look at. '.repeat(50));
  await expect(backUpDatabase(join(folder, 'text.db'), inside)).rejects.toThrow(/not a database/);
  expect(readFileSync(taken, 'utf8')).toBe('something else');
  expect(existsSync(inside)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  await backUpDatabase(origin, inside);
  // A file by itself, without a log of its own that could be left behind when it is moved.
  expect(readdirSync(folder).filter((name) => name.startsWith('inside'))).toEqual(['inside']);
  expect(await diagnose(inside)).toEqual([]);
});
