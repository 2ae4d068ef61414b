// A backup of PostgreSQL: one moment of a database that is written to, in a file of SQLite that holds every row as it was.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import { allTables } from '../src/store/all-tables.ts';
import { backUpDatabase } from '../src/store/backup.ts';
import { openStore } from '../src/store/open.ts';
import { placeOrders } from './support/load.ts';
import { withClient } from './support/postgres/client.ts';
import { type FreshDatabase, freshDatabase, migratedDatabase } from './support/postgres/fresh-database.ts';
import { runMain, startServer } from './support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'backup-postgres-'));
const inFolder = (name: string): string => join(folder, name);
let origin: FreshDatabase;
beforeAll(async () => {
  origin = await migratedDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await origin.drop();
});

type Tables = Readonly<Record<string, { readonly rows: number; readonly digest: string }>>;
type Row = Readonly<Record<string, unknown>>;

/** Values as text, columns by name, rows in any order: what is the same reads the same on either engine. */
function digestOf(rows: readonly Row[]): Tables[string] {
  const cell = (value: unknown): unknown => (value === null ? null : String(typeof value === 'boolean' ? Number(value) : value));
  const lines = rows
    .map((row) =>
      JSON.stringify(
        Object.keys(row)
          .toSorted()
          .map((name) => [name, cell(row[name])]),
      ),
    )
    .toSorted();
  return { rows: rows.length, digest: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

const tablesOfPostgres = (url: string): Promise<Tables> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
    const tables: Record<string, Tables[string]> = {};
    for (const { name } of rows) tables[name] = digestOf((await client.query<Row>(`select * from "${name}"`)).rows);
    return tables;
  });

function tablesOfSqlite(file: string): Tables {
  const db = new Database(file, { readonly: true });
  try {
    const names = db
      .prepare<[], { name: string }>(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> '__drizzle_migrations' order by 1`,
      )
      .all();
    return Object.fromEntries(names.map(({ name }) => [name, digestOf(db.prepare<[], Row>(`select * from "${name}"`).all())]));
  } finally {
    db.close();
  }
}

/** Rows in the tables that the demo leaves empty, whether or not they make sense: a copy is no judge. */
const oddRows = `
  insert into leases values ('demo', 'tried', 'somebody', 3, 5) on conflict do nothing;
  insert into sandbox_clocks values ('demo', 1) on conflict do nothing;
  insert into order_releases select site_id, credited_to_id, 1, id from orders limit 1;
  insert into redemption_parts select site_id, order_id, 1, member_id, sequence, 1, 0 from points_lots limit 1 on conflict do nothing`;

it('copies a database to which a server is writing, and at rest holds every row of every table', async () => {
  const server = await startServer('--database', origin.url, '--seed');
  const enrol = (userId: string, rest: string) =>
    server.execute(`mutation { enrollMember(input: { userId: "${userId}"${rest} }) { userErrors { code } } }`);
  await enrol('ann', ', firstName: "Ännchen", email: "Ann@shop.example"');
  const { sent, ended } = placeOrders(server.url, 4);
  const answered = (): number => sent.filter(({ outcome }) => outcome === 'answered').length;
  await expect.poll(answered, { timeout: 60_000 }).toBeGreaterThan(10);
  const [before, busy, rested] = [answered(), inFolder('busy.db'), inFolder('rested.db')];
  expect(await runMain('backup', busy, '--database', origin.url)).toEqual({ code: 0, stdout: `Backed up to ${busy}.\n`, stderr: '' });
  const afterwards = answered();
  await server.end('SIGTERM');
  await ended;
  expect(afterwards).toBeGreaterThan(before);
  expect(await diagnose(busy)).toEqual([]);
  expect(await diagnose(origin.url)).toEqual([]);

  await withClient(origin.url, (client) => client.query(oddRows));
  await backUpDatabase(origin.url, rested);
  const tables = await tablesOfPostgres(origin.url);
  expect(Object.entries(tables).flatMap(([name, { rows }]) => (rows === 0 ? [name] : []))).toEqual([]);
  expect(Object.keys(tables)).toHaveLength(allTables.length);
  expect(tablesOfSqlite(rested)).toEqual(tables);
  const violations = await diagnose(rested);
  expect(violations).not.toEqual([]);
  expect(await diagnose(origin.url)).toEqual(violations);
  expect(readdirSync(folder).toSorted()).toEqual(['busy.db', 'rested.db']);

  const restored = await startServer('--database', busy);
  const { data } = await restored.execute('{ orders(filter: { userIds: ["ann"] }) { totalCount } }');
  expect(await restored.end('SIGTERM')).toBe(0);
  const kept = (data as { orders: { totalCount: number } }).orders.totalCount; // The document asks for just this.
  expect(kept).toBeGreaterThanOrEqual(before);
  expect(kept).toBeLessThanOrEqual(sent.length);
});

it('overwrites nothing, and leaves nothing behind when it fails', async () => {
  const [taken, other, empty] = [inFolder('taken.db'), inFolder('other.db'), await freshDatabase()];
  writeFileSync(taken, 'something else');
  await expect(backUpDatabase(origin.url, taken)).rejects.toThrow(/taken\.db exists already, and is not overwritten/);
  await expect(backUpDatabase(empty.url, other)).rejects.toThrow('has no tables of orders: expected a database that was migrated.');
  await empty.drop();
  const broken = await migratedDatabase();
  const store = await openStore({ database: broken.url });
  await store.setClockAhead('demo', 5);
  await store.close();
  await withClient(broken.url, async (client) => {
    await client.query('alter table sandbox_clocks drop constraint sandbox_clocks_ahead');
    await client.query('update sandbox_clocks set ahead_ms = -1');
  });
  await expect(backUpDatabase(broken.url, other)).rejects.toThrow(/CHECK constraint failed/);
  await withClient(broken.url, (client) => client.query('update sandbox_clocks set ahead_ms = 9007199254740993'));
  await expect(backUpDatabase(broken.url, other)).rejects.toThrow(/A number is too large to be copied/);
  await broken.drop();
  expect(existsSync(other)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
});

it('tells in a line what is not there, and no password', async () => {
  const { host, pathname } = new URL(origin.url);
  const [nobody, nowhere] = [`postgres://nobody:s3cret@${host}${pathname}`, 'postgres://somebody:s3cret@127.0.0.1:1/orders'];
  const empty = await freshDatabase();
  for (const [url, args, reason] of [
    [nobody, ['doctor'], /^The database postgres:\/\/nobody:\*\*\*@\S+ cannot be reached: password authentication failed/],
    [
      nowhere,
      ['backup', inFolder('never.db')],
      /^The database postgres:\/\/somebody:\*\*\*@127\.0\.0\.1:1\/orders cannot be reached: connect ECONN/,
    ],
    [empty.url, ['doctor'], /^postgres:\/\/\S+:\*\*\*@\S+ has no tables of orders: expected a database that was migrated\.\n$/],
  ] as const) {
    const { code, stdout, stderr } = await runMain(...args, '--database', url);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain(new URL(url).password);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
  await empty.drop();
  expect(existsSync(inFolder('never.db'))).toBe(false);
});
