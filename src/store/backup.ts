// Copies a database to a file of SQLite while servers read and write it.
import { constants, copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isPostgres } from './open.ts';
import { copyPostgres } from './postgres-copy.ts';

/** Makes of a copy a single file that any SQLite can open, and sees that it is whole. */
function finish(file: string): void {
  const copy = new Database(file, { fileMustExist: true });
  try {
    // The copy has the journal mode of its origin, with which it would get files beside it as soon as it is read.
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('quick_check', { simple: true });
    if (found !== 'ok') throw new Error(`The copy is damaged: ${String(found)}.`);
  } finally {
    copy.close();
  }
}

/** Gives a file its name. Unlike a renaming, this fails if meanwhile somebody else made a file of that name. */
function publish(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file);
  } catch {
    // Not every file system can give a file two names.
    copyFileSync(unfinished, file, constants.COPYFILE_EXCL);
  }
}

async function copySqlite(database: string, file: string): Promise<void> {
  const origin = new Database(database, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    // All pages in one go: of one moment, however busy the writers are. Begun anew after every write, it might never end.
    await origin.backup(file, { progress: () => 2 ** 31 - 1 });
  } finally {
    origin.close();
  }
}

/**
 * Copies a database, of either engine, to a new file of SQLite, as it is at one moment. Throws when there is no database, when the
 * file exists already, or when the copy is not whole; what there is of it then is removed.
 */
export async function backUpDatabase(database: string, file: string): Promise<void> {
  if (!isPostgres(database) && !existsSync(database)) throw new Error(`There is no database file at ${database}.`);
  if (existsSync(file)) throw new Error(`${file} exists already, and is not overwritten.`);
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    await (isPostgres(database) ? copyPostgres : copySqlite)(database, unfinished);
    finish(unfinished);
    publish(unfinished, file);
  } finally {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${unfinished}${ending}`, { force: true });
  }
}
