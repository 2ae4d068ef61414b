// The doctor: reads a database and reports every sum and derived column that is wrong; it changes nothing.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { clockViolations } from './doctor/clock.ts';
import { dueViolations } from './doctor/due.ts';
import { fileViolations } from './doctor/file.ts';
import { guarded } from './doctor/finding.ts';
import { lotViolations } from './doctor/lot.ts';
import { memberViolations } from './doctor/member.ts';
import { linkViolations } from './doctor/member-link.ts';
import { orderViolations } from './doctor/order.ts';
import { spendViolations } from './doctor/spend.ts';

const checks = {
  file: fileViolations,
  clocks: clockViolations,
  members: memberViolations,
  links: linkViolations,
  lots: lotViolations,
  orders: orderViolations,
  due: dueViolations,
  spend: spendViolations,
};

/**
 * Every violation in a SQLite database, one line each, with the ids it concerns; none when all is right.
 * Throws when there is no database of ours at the place.
 */
export function diagnose(database: string): readonly string[] {
  if (!existsSync(database)) throw new Error(`There is no database file at ${database}.`);
  const db = new Database(database, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    if (!db.prepare(`select 1 from sqlite_master where name = 'points_entries'`).get())
      throw new Error(`${database} has no tables of orders: expected a database that was migrated.`);
    // One transaction, so that a server that writes meanwhile does not make sums differ.
    return db.transaction(() => Object.entries(checks).flatMap(([name, check]) => [...guarded(`Check of ${name}`, () => check(db))]))();
  } finally {
    db.close();
  }
}
