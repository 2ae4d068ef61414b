// A database that the doctor is shown: as commands wrote it, and with damage done to it behind the code's back.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { inject } from 'vitest';
import { postgresDatabase, type TestDatabase } from './engine.ts';

export type ExaminedDatabase = {
  /** As it is opened by a test server. */
  readonly database: string | TestDatabase;
  /** As the doctor is told where it is. */
  readonly address: () => Promise<string>;
  /** Damages it, answers what comes of the action on where the damaged one is, and makes it whole again. Nothing may be written after the first time. */
  readonly damaged: <Result>(sql: string, action: (address: string) => Promise<Result>) => Promise<Result>;
  readonly remove: () => Promise<void>;
};

/** Each damage is done to a copy of the file. */
function sqliteFile(): ExaminedDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'examined-'));
  const [whole, copy] = [join(folder, 'whole.db'), join(folder, 'copy.db')];
  return {
    database: whole,
    address: async () => whole,
    async damaged(sql, action) {
      copyFileSync(whole, copy);
      const db = new Database(copy);
      db.unsafeMode();
      db.pragma('foreign_keys = off');
      db.pragma('ignore_check_constraints = on');
      // Nothing of it has to outlive the test.
      db.pragma('synchronous = off');
      const triggers = db.prepare<[], { name: string; sql: string }>(`select name, sql from sqlite_master where type = 'trigger'`).all();
      for (const { name } of triggers) db.exec(`drop trigger "${name}"`);
      db.exec(sql);
      for (const trigger of triggers) db.exec(trigger.sql);
      db.close();
      return action(copy);
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const watchedTables = ['points_entries', 'order_events', 'spend_adjustments', 'programs', 'answers'];

/** Lets damages in that the constraints would keep out, and keeps each row and index to be put back. */
async function prepare(client: Client): Promise<void> {
  await client.query(`do $$ declare c record; begin
    for c in select conname, conrelid::regclass as t from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f' loop
      execute format('alter table %s drop constraint %I', c.t, c.conname); end loop;
    for c in select conname, conrelid::regclass as t from pg_constraint where connamespace = 'public'::regnamespace and contype = 'c' loop
      execute format('alter table %s drop constraint %I', c.t, c.conname); end loop;
    create schema whole;
    create table whole.kept_indexes as select regexp_replace(indexdef, 'INDEX', 'INDEX IF NOT EXISTS') as made from pg_indexes where schemaname = 'public';
    for c in select tablename from pg_tables where schemaname = 'public' loop
      execute format('create table whole.%I as table public.%I', c.tablename, c.tablename); end loop;
  end $$`);
}

const makeWhole = `do $$ declare c record; begin
    for c in select tablename from pg_tables where schemaname = 'public' loop
      execute format('delete from public.%I', c.tablename);
      execute format('insert into public.%I select * from whole.%I', c.tablename, c.tablename); end loop;
    for c in select made from whole.kept_indexes loop execute c.made; end loop;
  end $$`;

/** Runs SQL while no trigger keeps watch. */
async function unwatched(client: Client, sql: string): Promise<void> {
  const set = (verb: 'disable' | 'enable'): string => watchedTables.map((table) => `alter table ${table} ${verb} trigger user`).join('; ');
  await client.query(`begin; ${set('disable')}; ${sql}; ${set('enable')}; commit`);
}

/** The database itself is damaged and made whole, which takes less time than a copy of it. */
function postgresOne(): ExaminedDatabase {
  const database = postgresDatabase();
  let surgeon: Promise<Client> | null = null;
  async function connect(): Promise<Client> {
    const client = new Client({ connectionString: await database.url() });
    await client.connect();
    await prepare(client);
    return client;
  }
  return {
    database,
    address: database.url,
    async damaged(sql, action) {
      surgeon ??= connect();
      const client = await surgeon;
      await unwatched(client, sql);
      try {
        return await action(await database.url());
      } finally {
        await unwatched(client, makeWhole);
      }
    },
    async remove() {
      await (await surgeon)?.end();
      await database.remove();
    },
  };
}

/** An empty database of the engine that the tests run on. */
export const examinedDatabase = (): ExaminedDatabase => (inject('engine') === 'postgres' ? postgresOne() : sqliteFile());
