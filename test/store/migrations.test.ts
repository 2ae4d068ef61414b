// What the database holds after all migrations: strict tables, keys that begin with the site, records that cannot be changed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { migrateSqlite, openSqlite } from '../../src/store/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
const file = join(folder, 'orders.db');
migrateSqlite(file);
const connection = new Database(file);
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

type Master = { readonly type: string; readonly name: string; readonly tbl_name: string; readonly sql: string | null };
const readMaster = () => connection.prepare<[], Master>('select type, name, tbl_name, sql from sqlite_master order by type, name').all();
const ours = ({ name, tbl_name }: Master): boolean => !name.startsWith('sqlite_') && !tbl_name.startsWith('__drizzle');
const master = readMaster().filter(ours);
const tables = master.filter(({ type }) => type === 'table').map(({ name }) => name);

describe('the migrated database', () => {
  it('has every table', () => {
    expect(tables).toEqual([
      ...['answers', 'line_items', 'member_links', 'member_spend_days', 'members', 'order_events', 'order_spend', 'orders'],
      ...['points_entries', 'programs', 'spend_adjustments'],
    ]);
  });

  it.each(tables)('keeps %s strict', (table) => {
    const found = connection.prepare<[string], { strict: number }>('select strict from pragma_table_list where name = ?').get(table);
    expect(found?.strict).toBe(1);
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
    expect(free).toEqual(['members', 'programs']);
    const orphan = connection.prepare("insert into member_spend_days values ('a', 'nobody', 1, 1)");
    expect(() => orphan.run()).toThrow(/FOREIGN KEY/);
  });

  it('stays as it is when it is migrated again', () => {
    const migrations = () => connection.prepare('select * from __drizzle_migrations').all();
    const before = { master: readMaster(), migrations: migrations() };
    migrateSqlite(file);
    expect({ master: readMaster(), migrations: migrations() }).toEqual(before);
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
  const records = ['points_entries', 'order_events', 'spend_adjustments', 'programs', 'answers'];

  it.each(records)('are never changed or removed: %s', (table) => {
    connection.exec('begin');
    connection.exec(rows);
    const count = connection.prepare<[], { count: number }>(`select count(*) as count from ${table}`);
    expect(count.get()?.count).toBe(1);
    expect(() => connection.exec(`update ${table} set site_id = site_id`)).toThrow(`${table} is append only`);
    expect(() => connection.exec(`delete from ${table}`)).toThrow(`${table} is append only`);
    expect(connection.inTransaction).toBe(true);
    expect(count.get()?.count).toBe(1);
    connection.exec('rollback');
  });
});
