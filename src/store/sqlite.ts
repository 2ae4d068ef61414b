// SQLite: opens, migrates and runs; one connection that writes, one that reads.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { createStore } from './create-store.ts';
import { groupCommits } from './group-commit.ts';
import { prepareReadiness } from './readiness.ts';
import { sqliteWords } from './sql-words.ts';
import { migrationsFolder, runMigrations } from './sqlite-migrations.ts';
import { type Answered, type Asking, createEngine, type Engine, type Statement, type Values, valuesOf } from './statement.ts';
import { teachPlanner } from './statistics.ts';
import type { Store } from './store.ts';
import { TookTooLong } from './store-error.ts';

export type SqliteOptions = {
  /** A file, or ":memory:" for a private temporary file that is removed on close. */
  readonly database: string;
  /** Told of each statement, before it runs. */
  readonly onStatement?: (sql: string) => void;
};

/** The most of a file that is mapped; larger ones are read as ever beyond it. */
const mappedBytes = 0x7fff0000;

function connect(file: string, readonly: boolean): Database.Database {
  const connection = new Database(file, { readonly, timeout: 10_000 });
  // FULL is set on every connection: the default in WAL mode can lose the last commits with the power.
  if (!readonly) connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  // Pages are read where the system keeps the file, not copied out by a call each. What is mapped is the system's to take back.
  connection.pragma(`mmap_size = ${mappedBytes}`);
  // SQLite's own knows ASCII only; with this one names compare without regard to case in every script.
  connection.function('lower', { deterministic: true }, (text) => (typeof text === 'string' ? text.toLowerCase() : null));
  return connection;
}

/**
 * The connection that writes. A group of commands touches more pages than SQLite's 2 MB hold, which would go to the disk and come
 * back; a log of 16 MB in place of 4 MB is copied into the file in larger pieces; and what a savepoint may have to undo is kept in memory,
 * not in a temporary file. Together that halves what commands take of the system, and none of it is about what a commit makes safe.
 */
function connectWriter(file: string): Database.Database {
  const connection = connect(file, false);
  connection.pragma('cache_size = -16000');
  connection.pragma('wal_autocheckpoint = 4000');
  connection.pragma('temp_store = MEMORY');
  return connection;
}

/** Brings a database file to the newest tables. */
export function migrateSqlite(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const connection = connect(file, false);
  try {
    connection.pragma('foreign_keys = OFF');
    runMigrations(connection);
    teachPlanner(connection);
  } finally {
    connection.close();
  }
}

const render = new SQLiteSyncDialect();

/** What makes statements for SQLite. */
export const sqliteEngine: Engine = createEngine((query) => render.sqlToQuery(query), sqliteWords);

/** Runs questions on a connection, at once: each statement is prepared on it when it is first asked. */
function runnerOn(connection: Database.Database, onStatement?: (sql: string) => void) {
  const prepared = new WeakMap<Statement, Database.Statement>();
  const preparedOf = (statement: Statement): Database.Statement => {
    const known = prepared.get(statement);
    if (known) return known;
    const made = connection.prepare(statement.sql);
    prepared.set(statement, made);
    return statement.reads ? made.raw() : made;
  };
  const answer = (statement: Statement, values: Values): Answered => {
    onStatement?.(statement.sql);
    const sent = valuesOf(statement, values);
    if (!statement.reads) return { rows: [], touched: preparedOf(statement).run(...sent).changes };
    return { rows: preparedOf(statement).all(...sent) as Answered['rows'], touched: 0 }; // A raw statement answers lists of values.
  };
  return <Result>(question: Asking<Result>, mostMs = Number.POSITIVE_INFINITY): Result => {
    const until = performance.now() + mostMs;
    let step = question.next();
    while (!step.done) {
      step = question.next(answer(step.value.statement, step.value.values));
      if (!step.done && performance.now() > until) throw new TookTooLong();
    }
    return step.value;
  };
}

/** After how many milliseconds a look is given up, before its next statement: nobody else is served meanwhile. */
const longestLookMs = 200;

/** Runs reads in one transaction, to its end at once: they see one moment, and each is spared a lock of its own (about 5 microseconds). */
function momentOn(connection: Database.Database) {
  const [begin, commit] = [connection.prepare('begin'), connection.prepare('commit')];
  return <Result>(read: () => Result): Result => {
    begin.run();
    try {
      return read();
    } finally {
      commit.run();
    }
  };
}

/** Opens a migrated store. */
export function openSqlite({ database, onStatement }: SqliteOptions): Store {
  const folder = database === ':memory:' ? mkdtempSync(join(tmpdir(), 'orders-')) : null;
  const file = folder ? join(folder, 'orders.db') : database;
  migrateSqlite(file);
  const writer = connectWriter(file);
  const reader = connect(file, true);
  const [ask, write] = [runnerOn(reader, onStatement), runnerOn(writer, onStatement)];
  const atOneMoment = momentOn(reader);
  const group = groupCommits(writer);
  const isReady = prepareReadiness(reader, migrationsFolder);
  const removeFolder = (): void => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);

  return createStore({
    engine: sqliteEngine,
    ask: (question) => ask(question()),
    snapshot: (question) => atOneMoment(() => ask(question())),
    look: (question) => atOneMoment(() => ask(question(), longestLookMs)),
    transact: (work, keep) => group.transact(() => write(work()), keep),
    isReady: async () => isReady(),
    async close() {
      await group.idle();
      reader.close();
      // Whoever else reads the file keeps it from being emptied: that is not waited for as long as for a write.
      writer.pragma('busy_timeout = 500');
      writer.pragma('wal_checkpoint(TRUNCATE)');
      writer.close();
      removeFolder();
      process.removeListener('exit', removeFolder);
    },
  });
}
