// What the doctor finds in PostgreSQL itself: constraints, indexes and triggers that no longer keep watch; and one moment of it.

import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import { openStore } from '../src/store/open.ts';
import { withSnapshot } from '../src/store/open-snapshot.ts';
import { found, select } from '../src/store/snapshot.ts';
import { withClient } from './support/postgres/client.ts';
import { type FreshDatabase, migratedDatabase } from './support/postgres/fresh-database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const run = (...statements: readonly string[]) =>
  withClient(database.url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

it('sees one moment, whatever is written meanwhile', async () => {
  const store = await openStore({ database: database.url, connections: 1 });
  const read = await withSnapshot(database.url, async (snapshot) => {
    const clocks = select(snapshot.engine, { siteId: sql<string>`site_id` }, sql`from sandbox_clocks`);
    const before = await found(snapshot, clocks);
    await store.setClockAhead('demo', 5);
    return [before, await found(snapshot, clocks)];
  });
  await store.close();
  expect(read).toEqual([[], []]);
});

it('goes on with the next check after one that cannot be carried out', async () => {
  await run('alter table leases rename to kept', 'alter table sandbox_clocks rename to clocks');
  const violations = await diagnose(database.url);
  await run('alter table kept rename to leases', 'alter table clocks rename to sandbox_clocks');
  expect(violations).toEqual([
    'Check of clocks: could not be read: relation "sandbox_clocks" does not exist.',
    'Check of leases: could not be read: relation "leases" does not exist.',
  ]);
  expect(await diagnose(database.url)).toEqual([]);
});

it('throws when the connection is lost on the way', async () => {
  const cut = withSnapshot(database.url, async (snapshot) => {
    await withClient(database.url, (client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`),
    );
    try {
      return await found(snapshot, select(snapshot.engine, { fence: sql<number>`fence` }, sql`from leases`));
    } catch (error) {
      await snapshot.recover(error);
      return 'recovered';
    }
  });
  await expect(cut).rejects.toThrow(/^The connection to the database postgres:\/\/\S+:\*\*\*@\S+ was lost: /);
});

it('refuses tables of another version', async () => {
  const moveBy = (by: number) => `update drizzle.__drizzle_migrations set created_at = created_at + ${by}`;
  await run(moveBy(1));
  await expect(diagnose(database.url)).rejects.toThrow('has the tables of a newer version');
  await run(moveBy(-2));
  await expect(diagnose(database.url)).rejects.toThrow(
    'has the tables of an older version: bring it to the newest by the command migrate.',
  );
  await run(moveBy(1));
});

it('finds what no longer keeps watch', async () => {
  await run(
    `insert into sandbox_clocks values ('shop', 1), ('tea', 1)`,
    'alter table members add constraint rich check (available > 1000) not valid',
    'alter table answers disable trigger answers_no_update',
    'drop trigger programs_append_only on programs',
    'alter table line_items disable trigger all',
  );
  await run('create unique index concurrently once on sandbox_clocks (ahead_ms)').catch(() => undefined);
  expect(await diagnose(database.url)).toEqual([
    'Database: the constraint rich of members is not valid.',
    'Database: the index once of sandbox_clocks is not valid.',
    'Database: the foreign key line_items_site_id_order_id_orders_site_id_id_fk is not kept by line_items: its triggers are disabled.',
    'Database: there is no trigger programs_append_only of programs.',
    'Database: the trigger answers_no_update of answers is disabled.',
  ]);
});
