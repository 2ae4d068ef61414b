// How SQLite answers a question of the store: the steps of its plan.
import type Database from 'better-sqlite3';
import { expect } from 'vitest';
import { type Asking, valuesOf } from '../../src/store/statement.ts';

/** The steps by which SQLite answers the one statement of a read. */
export function planOf(connection: Database.Database, question: Asking<unknown>): readonly string[] {
  const asked = question.next();
  if (asked.done) throw new Error('It asks nothing.');
  const { statement, values } = asked.value;
  expect(question.next({ rows: [], touched: 0 }).done).toBe(true);
  return connection
    .prepare<unknown[], { detail: string }>(`explain query plan ${statement.sql}`)
    .all(...valuesOf(statement, values))
    .map(({ detail }) => detail);
}
