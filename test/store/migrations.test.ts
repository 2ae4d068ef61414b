// What the database holds after all migrations: strict tables, keys that begin with the site, records that cannot be changed, rows of before.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor.ts';
import { migrateSqlite, openSqlite } from '../../src/store/sqlite.ts';
import { send } from '../support/send.ts';
import { openServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
const file = join(folder, 'orders.db');
migrateSqlite(file);
const connection = new Database(file);
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

type Shape = { readonly strict: number; readonly wr: number };
type Master = { readonly type: string; readonly name: string; readonly tbl_name: string; readonly sql: string | null };
const ours = ({ name, tbl_name }: Master): boolean => !name.startsWith('sqlite_') && !tbl_name.startsWith('__drizzle');
const readMaster = (db: Database.Database) =>
  db.prepare<[], Master>('select type, name, tbl_name, sql from sqlite_master order by type, name').all().filter(ours);
const tablesOf = (db: Database.Database): readonly string[] =>
  readMaster(db)
    .filter(({ type }) => type === 'table')
    .map(({ name }) => name);
const keyOf = (db: Database.Database, table: string): readonly string[] =>
  db
    .prepare<[string], { name: string }>('select name from pragma_table_info(?) where pk > 0 order by pk')
    .all(table)
    .map(({ name }) => name);
const columnsOf = (db: Database.Database, table: string): readonly string[] =>
  db
    .prepare<[string], { name: string }>('select name from pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name);

const tables = tablesOf(connection);
const records = ['points_entries', 'order_events', 'spend_adjustments', 'programs', 'answers'];

describe('the migrated database', () => {
  it('has every table', () => {
    expect(tables).toEqual([
      ...[
        'answers',
        'leases',
        'line_items',
        'member_links',
        'member_spend_days',
        'members',
        'order_events',
        'order_releases',
        'order_spend',
        'orders',
      ],
      ...['outbox', 'points_entries', 'points_lots', 'programs', 'redemption_parts', 'sandbox_clocks', 'spend_adjustments'],
    ]);
  });

  it.each(tables)('keeps %s strict, with its rows in the key', (table) => {
    const found = connection.prepare<[string], Shape>('select strict, wr from pragma_table_list where name = ?').get(table);
    expect(found).toEqual({ strict: 1, wr: 1 });
  });

  it.each(tables)('begins every key of %s with the site', (table) => {
    const primary = connection.prepare<[string], { name: string }>('select name from pragma_table_info(?) where pk = 1').get(table);
    expect(primary?.name).toBe('site_id');
    const indexes = connection.prepare<[string], { name: string }>('select name from pragma_index_list(?)').all(table);
    for (const { name } of indexes) {
      const first = connection.prepare<[string], { name: string }>('select name from pragma_index_info(?) where seqno = 0').get(name);
      expect(first?.name, name).toBe('site_id');
    }
    const parents = connection.prepare<[string], { from: string; to: string }>(
      'select "from", "to" from pragma_foreign_key_list(?) where seq = 0',
    );
    for (const key of parents.all(table)) expect(key).toEqual({ from: 'site_id', to: 'site_id' });
  });

  it('holds its foreign keys', () => {
    expect(connection.pragma('foreign_key_check')).toEqual([]);
    const referring = tables.filter((table) => connection.prepare('select 1 from pragma_foreign_key_list(?)').get(table));
    const free = tables.filter((table) => !referring.includes(table));
    expect(free).toEqual(['leases', 'members', 'programs', 'sandbox_clocks']);
    const orphan = connection.prepare("insert into member_spend_days values ('a', 'nobody', 1, 1)");
    expect(() => orphan.run()).toThrow(/FOREIGN KEY/);
  });

  it('stays as it is when it is migrated again', () => {
    const migrations = () => connection.prepare('select * from __drizzle_migrations').all();
    const before = { master: readMaster(connection), migrations: migrations() };
    migrateSqlite(file);
    expect({ master: readMaster(connection), migrations: migrations() }).toEqual(before);
  });

  it('writes ahead', async () => {
    const store = openSqlite({ database: file });
    expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
    await store.close();
  });
});

/** A row of each record, on rows that its foreign keys ask for. */
const rows = `
insert into programs values ('a', 1, 0, '{}', 'test', 0);
insert into members (site_id, id, user_id, status, opted_in, available, held, used, expired, lifetime, debt, total_spend_minor, entry_count, revision, created_at, updated_at)
  values ('a', 'm', 'u', 'ACTIVE', 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
insert into orders (site_id, id, order_id, member_id, credited_to_id, order_date, created_shipped, program_version, adjustment_ratio, adjustment_rounding,
    total_minor, discount_minor, coupons, adjustment_minor, adjustment_points, adjusted_points, points_awarded, points_removed, held_points,
    retained_points, current_total_minor, spend_minor, workflow, version, event_count, line_count, content, created_at, updated_at)
  values ('a', 'o', 'o', 'm', 'm', 0, 1, 1, '1', 'FLOOR', 0, 0, '[]', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, '', 0, 0);
insert into points_entries (site_id, member_id, sequence, order_id, type, points, available, held, debt, uncollected, available_after, held_after, debt_after, actor, occurred_at, recorded_at)
  values ('a', 'm', 1, 'o', 'EARN', 0, 0, 0, 0, 0, 0, 0, 0, 'test', 0, 0);
insert into order_events (site_id, order_id, sequence, type, actor, occurred_at, recorded_at, lines) values ('a', 'o', 1, 'CREATED', 'test', 0, 0, '[]');
insert into spend_adjustments (site_id, id, order_id, member_id, event_sequence, type, amount_minor, reason, adjusted_by, points, created_at)
  values ('a', 'x', 'o', 'm', 1, 'CREDIT', 1, 'why', 'test', 0, 0);
insert into answers (site_id, key, content, order_id, points_awarded, points_removed, recorded_at) values ('a', 'k', '', 'o', 0, 0, 0);
`;

describe('records', () => {
  it('have their triggers', () => {
    const triggers = readMaster(connection).filter(({ type }) => type === 'trigger');
    const expected = records.flatMap((table) => [...(table === 'answers' ? [] : [`${table}_no_delete`]), `${table}_no_update`]);
    expect(triggers.map(({ name }) => name)).toEqual(expected.sort());
  });

  // Idempotency records alone are removed, by age.
  it.each(records)('are never changed or removed: %s', (table) => {
    connection.exec('begin');
    connection.exec(rows);
    const count = connection.prepare<[], { count: number }>(`select count(*) as count from ${table}`);
    expect(count.get()?.count).toBe(1);
    expect(() => connection.exec(`update ${table} set site_id = site_id`)).toThrow(`${table} is append only`);
    if (table !== 'answers') expect(() => connection.exec(`delete from ${table}`)).toThrow(`${table} is append only`);
    expect(connection.inTransaction).toBe(true);
    expect(count.get()?.count).toBe(1);
    connection.exec('rollback');
  });
});

const fixtures = join(import.meta.dirname, '../fixtures');
const old = readdirSync(fixtures).filter((name) => /^after-\d{4}\.db\.gz$/.test(name));
const openOld = (name: string, file: string): Database.Database => {
  writeFileSync(file, gunzipSync(readFileSync(join(fixtures, name))));
  return new Database(file);
};
const read = (db: Database.Database, table: string, columns: readonly string[], key: readonly string[]): unknown =>
  db.prepare(`select ${columns.join(', ')} from ${table} order by ${key.join(', ')}`).all();
const unequal = `select m.user_id, m.available from members m where m.available <> (
  select coalesce(sum(l.remaining), 0) from points_lots l where l.site_id = m.site_id and l.member_id = m.id)`;
const returnable = `select o.order_id as orderId, m.user_id as userId, m.available, l.product_id as productId, o.created_lines as createdLines
  from orders o join members m on m.site_id = o.site_id and m.id = o.credited_to_id and m.id = o.member_id
  join line_items l on l.site_id = o.site_id and l.order_id = o.id
  where o.site_id = 'demo' and m.status = 'ACTIVE' and m.opted_in and o.retained_points > 0 and o.line_count = 1 and l.shipped - l.returned > 1
  order by o.order_id`;
type Returnable = { readonly orderId: string; readonly userId: string; readonly available: number; readonly productId: string };

it('has databases of earlier versions', () => expect(old).toContain('after-0001.db.gz'));

describe.each(old)('the database %s of an earlier version', (name) => {
  const oldFile = join(folder, name.replace('.gz', ''));
  const before = openOld(name, join(folder, `${name}-before`));
  openOld(name, oldFile).close();
  migrateSqlite(oldFile);
  const migrated = new Database(oldFile);
  afterAll(() => {
    before.close();
    migrated.close();
  });

  it('has the tables, indexes and triggers of an empty database', () => {
    expect(readMaster(migrated)).toEqual(readMaster(connection));
    expect(migrated.pragma('foreign_key_check')).toEqual([]);
    const shape = 'select name, strict, wr from pragma_table_list order by name';
    expect(migrated.prepare(shape).all()).toEqual(expect.arrayContaining(tables.map((table) => ({ name: table, strict: 1, wr: 1 }))));
  });

  it.each(['members', 'orders', 'line_items', ...records])('has rows of %s', (table) => {
    expect(before.prepare(`select 1 from ${table}`).get()).toBeDefined();
  });

  it.each(tablesOf(before))('keeps every row of %s as it was', (table) => {
    const [columns, key] = [columnsOf(before, table), keyOf(before, table)];
    const rows = read(before, table, columns, key);
    expect(read(migrated, table, columns, key)).toEqual(rows);
  });

  it.each(records)('lets nobody change %s', (table) => {
    expect(() => migrated.exec(`update ${table} set site_id = site_id`)).toThrow(`${table} is append only`);
    if (table !== 'answers') expect(() => migrated.exec(`delete from ${table}`)).toThrow(`${table} is append only`);
  });

  it('finds members by their names', () => {
    const names = 'select lower(first_name) as first, lower(last_name) as last from members order by site_id, id';
    const folded = 'select first_name_folded as first, last_name_folded as last from members order by site_id, id';
    expect(before.prepare(names).all().length).toBeGreaterThan(0);
    expect(migrated.prepare(folded).all()).toEqual(before.prepare(names).all());
  });

  it('has lots that add up to what is available, and nothing for the doctor to find', async () => {
    expect(migrated.prepare(unequal).all()).toEqual([]);
    expect(await diagnose(oldFile)).toEqual([]);
  });

  it('serves: an old order is returned, a new one placed', async () => {
    const last = migrated.prepare<[], { at: number }>('select max(updated_at) as at from orders').get()?.at ?? 0;
    const found = migrated.prepare<[], Returnable>(returnable).get();
    if (!found) throw new Error(`${name} has no order that a good can be returned of.`);
    const { orderId, userId, available, productId } = found;
    const server = openServer(last + 3_600_000, oldFile);
    const back = await send(server.execute, {
      kind: 'updateOrder',
      input: { orderId, action: 'RETURN', lineItems: [{ lineItem: { productId }, quantity: 1 }], idempotencyKey: 'after-migration' },
    });
    const placed = await send(server.execute, {
      kind: 'createOrder',
      input: { orderId: 'after-migration', userId, lineItems: [{ productId: 'new', quantity: 1, unitPrice: '100' }] },
    });
    await server.close();
    expect([back.userErrors, placed.userErrors]).toEqual([[], []]);
    const entries = migrated
      .prepare<[string], { type: string; points: number; available: number; after: number }>(
        `select e.type, e.points, e.available, e.available_after as after from points_entries e
         join members m on m.site_id = e.site_id and m.id = e.member_id where m.user_id = ? order by e.sequence desc limit 2`,
      )
      .all(userId);
    const [earned, taken] = entries;
    expect([earned?.type, taken?.type]).toEqual(['EARN', 'RETURN']);
    expect(taken?.points).toBeLessThan(0);
    expect(earned?.points).toBeGreaterThanOrEqual(100);
    expect(earned?.after).toBe(available + (taken?.points ?? 0) + (earned?.points ?? 0));
    expect(migrated.prepare(unequal).all()).toEqual([]);
    expect(await diagnose(oldFile)).toEqual([]);
  });
});

describe('after-0001.db.gz', () => {
  it('tells from its events which lines an order was placed with, and when the others came', () => {
    const db = openOld('after-0001.db.gz', join(folder, 'lines.db'));
    db.close();
    migrateSqlite(join(folder, 'lines.db'));
    const lines = new Database(join(folder, 'lines.db'));
    const late = lines
      .prepare<[], { count: number }>('select count(*) as count from line_items where accepted_at > order_date')
      .get()?.count;
    const more = lines.prepare<[], { count: number }>('select sum(line_count - created_lines) as count from orders').get()?.count;
    const matured = lines.prepare('select 1 from line_items where matured <> quantity - cancelled - returned').all();
    lines.close();
    expect([late, more, matured]).toEqual([13, 13, []]);
  });
});

it('keeps nothing of a migration after which a row would refer to nothing, however often it is begun', () => {
  const orphaned = join(folder, 'orphaned.db');
  const db = openOld('after-0001.db.gz', orphaned);
  db.pragma('foreign_keys = OFF');
  db.exec("update orders set member_id = 'nobody' where order_id = (select min(order_id) from orders)");
  const before = readMaster(db);
  for (const attempt of [1, 2]) expect(() => migrateSqlite(orphaned), `attempt ${attempt}`).toThrow(/breaks \d+ foreign keys/);
  expect(readMaster(db)).toEqual(before);
  db.close();
});
