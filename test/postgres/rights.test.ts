// Rights: a database that was migrated is served by an account that may only read and write rows.
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';
import { withClient } from '../support/postgres/client.ts';
import { freshDatabase, migratedDatabase } from '../support/postgres/fresh-database.ts';

const role = `orders_clerk_${randomUUID().replaceAll('-', '')}`;

/** The address of a database for an account that makes no tables. */
async function asClerk(url: string, rights: string): Promise<string> {
  await withClient(url, (client) => client.query(`create role ${role} login password 'clerk'; ${rights}`));
  const address = new URL(url);
  address.username = role;
  address.password = 'clerk';
  return address.href;
}
const dropRole = (url: string): Promise<unknown> => withClient(url, (client) => client.query(`drop owned by ${role}; drop role ${role}`));

it('opens a migrated database without the right to make tables, and writes', async () => {
  const database = await migratedDatabase();
  const url = await asClerk(
    database.url,
    `grant select, insert, update, delete on all tables in schema public to ${role};
     grant usage on schema drizzle to ${role}; grant select on all tables in schema drizzle to ${role}`,
  );
  const store = await openPostgres({ url });
  expect(await store.isReady()).toBe(true);
  expect(await store.setClockAhead('demo', 5)).toBe(5);
  await store.close();
  await dropRole(database.url);
  await database.drop();
});

it('says what is missing where the tables are still to be made', async () => {
  const database = await freshDatabase();
  await expect(openPostgres({ url: await asClerk(database.url, 'select 1') })).rejects.toThrow(
    /^The tables cannot be made: permission denied/,
  );
  await dropRole(database.url);
  await database.drop();
});
