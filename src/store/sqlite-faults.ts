// What only SQLite can tell of a file: whether its pages and indexes are whole, and whether its triggers still keep watch.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from './snapshot.ts';

const appendOnly = ['points_entries', 'order_events', 'spend_adjustments', 'programs'];
/** The triggers that the migrations made. */
const expected = [...appendOnly.flatMap((table) => [`${table}_no_update`, `${table}_no_delete`]), 'answers_no_update'];

/** Every fault of the file. A read-only connection does not look at CHECKs: what they hold is checked with each table. */
export async function* sqliteFaults(snapshot: Snapshot): AsyncGenerator<string> {
  const { engine } = snapshot;
  const integrity = select(engine, { message: sql<string>`integrity_check` }, sql`from pragma_integrity_check`);
  for (const { message } of await found(snapshot, integrity)) if (message !== 'ok') yield `File: ${message}.`;
  const triggers = new Set<string>();
  const named = select(engine, { name: sql<string>`name` }, sql`from sqlite_master where type = 'trigger'`);
  for (const { name } of await found(snapshot, named)) triggers.add(name);
  for (const name of expected) if (!triggers.has(name)) yield `File: there is no trigger ${name}.`;
}
