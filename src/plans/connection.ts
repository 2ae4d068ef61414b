// Pages of rows, written as connections.
import { encodeCursor } from '../graphql/connection.ts';
import type { Cells } from '../store/statement.ts';
import type { PageCursor, PageRange } from '../store/store.ts';
import { objectOf } from './object-text.ts';
import type { Compiling, Level, Running, Write } from './plan.ts';
import { type Selected, Unplanned } from './selection.ts';

/** The rows of one page. */
export type CellsPage = {
  readonly rows: readonly Cells[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** The name of the list's cursors. */
  readonly name: string;
  readonly valueOf: (row: Cells) => PageCursor;
};

/** A page out of rows that were read with one more than it shows. */
export function pageOfCells(rows: readonly Cells[], { after, limit }: PageRange, cursor: Pick<CellsPage, 'name' | 'valueOf'>): CellsPage {
  const hasNext = rows.length >= limit;
  return { rows: hasNext ? rows.slice(0, limit - 1) : rows, hasNext, hasPrevious: after !== null, ...cursor };
}

/** Keeps a page under each row of a level, by a key of that row. Answers the rows that they show: nothing is read under those that are not shown. */
export function keepPages(
  running: Running,
  place: number,
  rows: readonly Cells[],
  key: number,
  pageOf: (key: unknown) => CellsPage,
): readonly Cells[] {
  const pages = new Map<unknown, CellsPage>();
  for (const row of rows) if (!pages.has(row[key])) pages.set(row[key], pageOf(row[key]));
  running.found[place] = pages;
  return [...pages.values()].flatMap((page) => page.rows);
}

/** The pages under the rows of a level: by the key of the row above, kept in the place of an edge. */
export function pageUnder(running: Running, place: number, key: unknown): CellsPage {
  const page = (running.found[place] as ReadonlyMap<unknown, CellsPage> | undefined)?.get(key); // Edges of lists keep pages.
  if (!page) throw new Error('A row has no page under it.');
  return page;
}

type WritePage = (page: CellsPage, running: Running) => string;

const cursorText = (page: CellsPage, row: Cells): string => `"${encodeCursor(page.name, page.valueOf(row))}"`;

function list(page: CellsPage, write: (row: Cells) => string): string {
  let written = '';
  for (const row of page.rows) written += written === '' ? write(row) : `,${write(row)}`;
  return `[${written}]`;
}

function edgesWriter(compiling: Compiling, node: string, edges: Selected, level: Level): WritePage {
  const writeEdge = objectOf<{ readonly page: CellsPage; readonly row: Cells }>(compiling.under(`${node}Edge`, edges), (field) => {
    if (field.name === 'cursor') return ({ page, row }) => cursorText(page, row);
    if (field.name === '__typename') return () => `"${node}Edge"`;
    const write = compiling.object(node, level, field);
    return ({ row }, running) => write(row, running);
  });
  return (page, running) => list(page, (row) => writeEdge({ page, row }, running));
}

function pageInfoWriter(compiling: Compiling, pageInfo: Selected): WritePage {
  const cursorOf = (page: CellsPage, row: Cells | undefined): string => (row ? cursorText(page, row) : 'null');
  return objectOf<CellsPage>(compiling.under('PageInfo', pageInfo), ({ name }) => {
    switch (name) {
      case 'hasNextPage':
        return ({ hasNext }) => String(hasNext);
      case 'hasPreviousPage':
        return ({ hasPrevious }) => String(hasPrevious);
      case 'startCursor':
        return (page) => cursorOf(page, page.rows[0]);
      case 'endCursor':
        return (page) => cursorOf(page, page.rows.at(-1));
      case '__typename':
        return () => '"PageInfo"';
      default:
        throw new Unplanned();
    }
  });
}

/** Compiles the connection of a type of node, whose rows are those of a level. A total is counted in the ordinary way. */
export function connectionWriter(compiling: Compiling, node: string, level: Level): WritePage {
  return objectOf<CellsPage>(compiling.under(`${node}Connection`), (field) => {
    switch (field.name) {
      case 'nodes': {
        const write: Write = compiling.object(node, level, field);
        return (page, running) => list(page, (row) => write(row, running));
      }
      case 'edges':
        return edgesWriter(compiling, node, field, level);
      case 'pageInfo':
        return pageInfoWriter(compiling, field);
      case '__typename':
        return () => `"${node}Connection"`;
      default:
        throw new Unplanned();
    }
  });
}
