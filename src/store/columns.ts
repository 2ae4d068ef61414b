// The column words that tables are written in, for SQLite.
import { integer, text } from 'drizzle-orm/sqlite-core';

/** A site's, caller's or internal id. */
export const id = (name: string) => text(name);
/** Text that a person reads. */
export const words = (name: string) => text(name);
/** An amount in minor units of the program's currency. */
export const minor = (name: string) => integer(name);
/** Points in units of the program's scale. */
export const points = (name: string) => integer(name);
/** A number of goods, a version, a sequence. */
export const count = (name: string) => integer(name);
/** Milliseconds since 1970, UTC. */
export const instant = (name: string) => integer(name);
export const flag = (name: string) => integer(name, { mode: 'boolean' });
export const choice = <Value extends string>(name: string) => text(name).$type<Value>();
export const json = <Value>(name: string) => text(name, { mode: 'json' }).$type<Value>();
