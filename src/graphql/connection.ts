// Cursor connections: pages that stay put when rows are inserted, a total that is counted only when asked for.
import type { PageCursor, PageRange } from '../store/store.ts';
import { builder } from './builder.ts';
import { refusalError } from './refusal-error.ts';

/** One page of a list. `rows` holds no more than were asked for. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly cursorOf: (row: Row) => string;
  readonly count: () => Promise<number>;
};

export type PageArguments = { readonly first: number | null | undefined; readonly after?: string | null | undefined };

/** What a list is: how its cursor is named, made and read, and the most that a page may hold. */
export type ListCursor<Row> = {
  readonly name: string;
  readonly valueOf: (row: Row) => PageCursor;
  /** Whether two values can be those of a cursor, so that a database is asked nothing else; left out, they are numbers. */
  readonly isOurs?: (value: unknown, id: unknown) => boolean;
  readonly most?: number;
};

const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\u0000');

const areNumbers = (value: unknown, id: unknown): boolean => Number.isSafeInteger(value) && Number.isSafeInteger(id);
/** The cursors of a list that is in the order of a number and an id. */
export const areNumberAndId = (value: unknown, id: unknown): boolean => Number.isSafeInteger(value) && isText(id);
/** The cursors of a list that is in the order of an id. */
export const areIds = (value: unknown, id: unknown): boolean => isText(value) && isText(id);

/** The cursor of a place in a list. */
export const encodeCursor = (name: string, value: PageCursor): string =>
  Buffer.from(JSON.stringify([name, ...value])).toString('base64url');

function decodeCursor<Row>({ name, isOurs = areNumbers }: ListCursor<Row>, cursor: string): PageCursor {
  const values = parseCursor(cursor);
  const [listName, value, id] = Array.isArray(values) ? values : [];
  if (listName === name && isOurs(value, id)) return [value, id];
  throw refusalError('INVALID_INPUT', ['after'], 'Expected a cursor that came from this list, in this order.');
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

/** Reads the arguments of a connection: `first` from 0 to the most of a page, `after` a cursor of this list. */
export function pageRange<Row>({ first, after }: PageArguments, list: ListCursor<Row>): PageRange {
  const { most = 100 } = list;
  const size = first ?? 20;
  if (size < 0 || size > most) throw refusalError('INVALID_INPUT', ['first'], `Expected 0 to ${most}, not ${size}.`);
  return { after: after === null || after === undefined ? null : decodeCursor(list, after), limit: size + 1 };
}

/** A page out of rows that were read with one more than it shows. */
export function pageOf<Row>(rows: readonly Row[], range: PageRange, cursor: ListCursor<Row>, count: () => Promise<number>): Page<Row> {
  return {
    rows: rows.slice(0, range.limit - 1),
    hasNext: rows.length >= range.limit,
    hasPrevious: range.after !== null,
    cursorOf: (row) => encodeCursor(cursor.name, cursor.valueOf(row)),
    count,
  };
}

export type Ref<Row> = ReturnType<typeof builder.objectRef<Row>>;

/** Defines `NameConnection` and `NameEdge` for a type. */
export function connectionType<Row>(type: Ref<Row>, name: string, what: string) {
  const edge = builder.objectRef<{ cursor: string; node: Row }>(`${name}Edge`).implement({
    description: `One of ${what}, with its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Where it stands: pass it as `after` to get what follows.' }),
      node: t.field({ type, description: 'The object itself.', resolve: (parent) => parent.node as never }), // A row of the type, as the reference says.
    }),
  });
  return builder.objectRef<Page<Row>>(`${name}Connection`).implement({
    description: `A page of ${what}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The objects of the page, each with its cursor.',
        resolve: ({ rows, cursorOf }) => rows.map((row) => ({ cursor: cursorOf(row), node: row })),
      }),
      nodes: t.field({ type: [type], description: 'The objects of the page.', resolve: ({ rows }) => rows as never }), // Rows of the type, as the reference says.
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where the page lies in the list.',
        resolve: ({ rows, hasNext, hasPrevious, cursorOf }) => {
          const [start, end] = [rows[0], rows.at(-1)];
          const cursors = { startCursor: start ? cursorOf(start) : null, endCursor: end ? cursorOf(end) : null };
          return { hasNextPage: hasNext, hasPreviousPage: hasPrevious, ...cursors };
        },
      }),
      totalCount: t.int({ description: 'How many there are in all; counted only when asked for.', resolve: ({ count }) => count() }),
    }),
  });
}

export type ConnectionType<Row> = ReturnType<typeof connectionType<Row>>;
