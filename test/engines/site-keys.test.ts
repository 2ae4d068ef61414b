// Every table can be spread by site: the site leads every key on both its sides, and no number comes from one place for all.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../support/postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const ask = (sql: string): Promise<readonly Record<string, string>[]> =>
  withClient(database.url, async (client) => (await client.query<Record<string, string>>(sql)).rows);

const ours = "'public'::regnamespace";
const columnOf = (table: string, number: string): string =>
  `(select attname from pg_attribute where attrelid = ${table} and attnum = ${number})`;

/** What breaks a rule, by name. Each finds nothing; beside it stands how much it looked through at least. */
const rules = {
  tables: `select relname as name from pg_class where relnamespace = ${ours} and relkind in ('r', 'p')
    and coalesce(${columnOf('pg_class.oid', '1::smallint')}, '') <> 'site_id'`,
  indexes: `select indexrelid::regclass as name from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = ${ours} and coalesce(${columnOf('indrelid', 'indkey[0]')}, '') <> 'site_id'`,
  keys: `select conname as name from pg_constraint where connamespace = ${ours} and contype in ('p', 'u', 'x')
    and coalesce(${columnOf('conrelid', 'conkey[1]')}, '') <> 'site_id'`,
  foreignKeys: `select conname as name from pg_constraint where connamespace = ${ours} and contype = 'f'
    and (coalesce(${columnOf('conrelid', 'conkey[1]')}, '') <> 'site_id' or coalesce(${columnOf('confrelid', 'confkey[1]')}, '') <> 'site_id')`,
  sequences: `select relname as name from pg_class where relnamespace = ${ours} and relkind = 'S'`,
  numberedColumns: `select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and (is_identity = 'YES' or column_default like '%nextval%')`,
  nullableSites: `select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'site_id' and is_nullable = 'YES'`,
  unkeyedTables: `select relname as name from pg_class where relnamespace = ${ours} and relkind in ('r', 'p')
    and not exists (select 1 from pg_index where indrelid = pg_class.oid and indisprimary)`,
  textInAnotherOrder: `select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`,
} as const;

it.each(Object.entries(rules))('%s: none breaks the rule', async (_, rule) => {
  expect(await ask(rule)).toEqual([]);
});

it('looks at all tables, indexes and foreign keys', async () => {
  const [counted] = await ask(`select (select count(*) from pg_class where relnamespace = ${ours} and relkind = 'r') as tables,
    (select count(*) from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = ${ours}) as indexes,
    (select count(*) from pg_constraint where connamespace = ${ours} and contype = 'f') as keys`);
  expect(Number(counted?.['tables'])).toBeGreaterThanOrEqual(17);
  expect(Number(counted?.['indexes'])).toBeGreaterThanOrEqual(37);
  expect(Number(counted?.['keys'])).toBeGreaterThanOrEqual(20);
});

it('finds what breaks a rule', async () => {
  await ask('create unique index orders_anyhow on orders (id, site_id)');
  await ask(`create table broken (id bigserial, site_id text, order_id text collate "C", word text unique,
      foreign key (order_id, site_id) references orders (id, site_id))`);
  const found = await Promise.all(Object.entries(rules).map(async ([name, rule]) => [name, (await ask(rule)).length] as const));
  expect(Object.fromEntries(found)).toEqual({
    tables: 1, indexes: 2, keys: 1, foreignKeys: 1, sequences: 1, numberedColumns: 1, nullableSites: 1, unkeyedTables: 1, textInAnotherOrder: 2,
  }); // biome-ignore format: a list of numbers
});
