// Edges to one row: read for all rows of a level at once, by a key that stands in them.
import type { Asking, Cells } from '../store/statement.ts';
import { createLevel, type PlannedField } from './plan.ts';
import { Unplanned } from './selection.ts';

/** The values of a column, each once. */
export const distinct = (rows: readonly Cells[], index: number): readonly string[] => [
  ...new Set(rows.map((row) => row[index] as string)), // Only columns of ids are asked for.
];

const byColumn = (rows: readonly Cells[], index: number): ReadonlyMap<unknown, Cells> => new Map(rows.map((row) => [row[index], row]));

/** Rows in groups by a column, each group in the order of the rows. */
export function groupedBy(rows: readonly Cells[], index: number): ReadonlyMap<unknown, readonly Cells[]> {
  const groups = new Map<unknown, Cells[]>();
  for (const row of rows) {
    const group = groups.get(row[index]);
    if (group) group.push(row);
    else groups.set(row[index], [row]);
  }
  return groups;
}

type ReadByKey = (siteId: string, keys: readonly string[]) => Asking<readonly Cells[]>;
type Target = {
  readonly type: string;
  readonly prepare: (store: Parameters<PlannedField>[0]['store'], columns: readonly string[]) => ReadByKey;
};

const targets = {
  Member: { type: 'Member', prepare: ({ chosen }, columns) => chosen.membersById(columns) },
  Order: { type: 'Order', prepare: ({ chosen }, columns) => chosen.ordersById(columns) },
} as const satisfies Record<string, Target>;

/** The row whose id stands in a column. One that a foreign key promises and that is missing is for the ordinary execution to tell. */
export const rowOf =
  (target: keyof typeof targets, column: string): PlannedField =>
  ({ store, level, object, keep }) => {
    const { type, prepare } = targets[target];
    const key = level.at(column);
    const to = createLevel();
    const id = to.at('id');
    const write = object(type, to);
    const reader = prepare(store, to.columns);
    const place = keep((place) => ({
      to,
      *read(rows, running) {
        const found = yield* reader(running.siteId, distinct(rows, key));
        running.found[place] = byColumn(found, id);
        return found;
      },
    }));
    return (row, running) => {
      const found = (running.found[place] as ReadonlyMap<unknown, Cells>).get(row[key]); // Kept above.
      if (!found) throw new Unplanned();
      return write(found, running);
    };
  };
