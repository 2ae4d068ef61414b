// What only PostgreSQL can tell of a database: whether its constraints, indexes and triggers still keep watch.
import { sql } from 'drizzle-orm';
import { found, type Snapshot, select } from './snapshot.ts';
import type { Engine } from './statement.ts';

/** The triggers that the migrations made. */
const expected: readonly (readonly [table: string, name: string])[] = [
  ['points_entries', 'points_entries_append_only'],
  ['order_events', 'order_events_append_only'],
  ['spend_adjustments', 'spend_adjustments_append_only'],
  ['programs', 'programs_append_only'],
  ['answers', 'answers_no_update'],
];

/** Tables where ours are. */
const ours = sql`t.relnamespace = (select relnamespace from pg_class where oid = to_regclass('points_entries'))`;

const constraints = (engine: Engine) =>
  select(
    engine,
    { name: sql<string>`c.conname`, table: sql<string>`t.relname` },
    sql`from pg_constraint c join pg_class t on t.oid = c.conrelid where not c.convalidated and ${ours} order by 2, 1`,
  );

const indexes = (engine: Engine) =>
  select(
    engine,
    { name: sql<string>`i.relname`, table: sql<string>`t.relname` },
    sql`from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      where not (x.indisvalid and x.indisready and x.indislive) and ${ours} order by 2, 1`,
  );

/** Those that are on, or keep a foreign key and are off. */
const triggers = (engine: Engine) =>
  select(
    engine,
    {
      table: sql<string>`t.relname`,
      name: sql<string>`coalesce(c.conname, g.tgname)`,
      isOn: sql<boolean>`bool_and(g.tgenabled in ('O', 'A'))`,
      isOfKey: sql<boolean>`bool_or(g.tgisinternal)`,
    },
    sql`from pg_trigger g join pg_class t on t.oid = g.tgrelid left join pg_constraint c on c.oid = g.tgconstraint
      where ${ours} group by 1, 2 order by 1, 2`,
  );

/** Every fault of what keeps watch over the rows. */
export async function* postgresFaults(snapshot: Snapshot): AsyncGenerator<string> {
  const { engine } = snapshot;
  for (const { name, table } of await found(snapshot, constraints(engine)))
    yield `Database: the constraint ${name} of ${table} is not valid.`;
  for (const { name, table } of await found(snapshot, indexes(engine))) yield `Database: the index ${name} of ${table} is not valid.`;
  const isOnByName = new Map<string, boolean>();
  for (const { table, name, isOn, isOfKey } of await found(snapshot, triggers(engine))) {
    isOnByName.set(`${table}.${name}`, isOn);
    if (isOfKey && !isOn) yield `Database: the foreign key ${name} is not kept by ${table}: its triggers are disabled.`;
  }
  for (const [table, name] of expected) {
    const isOn = isOnByName.get(`${table}.${name}`);
    if (isOn === undefined) yield `Database: there is no trigger ${name} of ${table}.`;
    if (isOn === false) yield `Database: the trigger ${name} of ${table} is disabled.`;
  }
}
