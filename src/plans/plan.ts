// What a plan is: a read operation, compiled so that it reads only what was selected and writes its answer as text.

import type { Actor } from '../access/actor.ts';
import type { Instant } from '../domain/instant.ts';
import type { Program } from '../domain/program.ts';
import type { Asking, Cells } from '../store/statement.ts';
import type { Store } from '../store/store.ts';
import type { Selected } from './selection.ts';

export type PlanRequest = {
  /** Who asks; a plan is only for those whose rights need no look into the database. */
  readonly actor: Actor;
  /** The coerced values of the operation's variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The site's time. */
  readonly now: Instant;
};

/**
 * A compiled read operation. It answers the JSON text of `data`, byte for byte as the ordinary execution would write it, or null
 * when that is for the ordinary execution to answer: anything that is refused, hidden, missing where it must not be, or unforeseen.
 */
export type Plan = { readonly run: (request: PlanRequest) => string | null | Promise<string | null> };

/** What is at hand while a plan runs. */
export type Running = {
  readonly siteId: string;
  readonly program: Program;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What each edge found, in the order in which edges were compiled. */
  readonly found: unknown[];
};

/** Writes a part of the answer from a row. */
export type Write = (row: Cells, running: Running) => string;

/** The rows of one place in the answer: which columns are read of them, and where they lead. */
export type Level = {
  readonly columns: string[];
  readonly edges: Edge[];
  /** Where a column stands in a row; from then on it is read. */
  readonly at: (column: string) => number;
};

/** Leads from the rows of a level to those of another: read for all of them at once. */
export type Edge = {
  /** Reads what the rows lead to, keeps it for `write`, and answers all of it. */
  readonly read: (rows: readonly Cells[], running: Running) => Asking<readonly Cells[]>;
  readonly to: Level;
};

/** What a field is compiled with. */
export type Compiling = {
  readonly store: Store;
  readonly level: Level;
  readonly selected: Selected;
  /** The arguments of the field in a request. */
  readonly args: (running: Running) => Readonly<Record<string, unknown>>;
  /** Compiles what is selected of an object under the field. */
  readonly object: (typeName: string, level: Level, selected?: Selected) => Write;
  /** Whether a cursor is selected somewhere under the field. */
  readonly selectsCursors: () => boolean;
  /** What is selected under the field, of an object type. */
  readonly under: (typeName: string, selected?: Selected) => readonly Selected[];
  /** Adds an edge to the level; answers where what it found is kept. */
  readonly keep: (edge: (place: number) => Edge) => number;
};

/** Compiles a field: answers what writes its value. */
export type PlannedField = (compiling: Compiling) => Write;

/** The fields of a type that plans reach. */
export type PlannedFields = Readonly<Record<string, PlannedField>>;

export function createLevel(leading: readonly string[] = []): Level {
  const columns: string[] = [];
  return {
    columns,
    edges: [],
    at(column) {
      if (!columns.includes(column)) columns.push(column);
      return leading.length + columns.indexOf(column);
    },
  };
}
