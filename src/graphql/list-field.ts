// A connection that hangs under a row, read through the loaders: one statement for all rows of a list.
import type { ListKind, ListRow } from '../store/store.ts';
import { builder } from './builder.ts';
import { type ConnectionType, type ListCursor, pageOf, pageRange, type Ref } from './connection.ts';
import type { GatewayContext } from './context.ts';
import type { Viewer } from './viewer.ts';

type ListFieldOptions<Row, Kind extends ListKind> = {
  readonly kind: Kind;
  readonly type: ConnectionType<ListRow[Kind]>;
  /** How many a page holds unless asked otherwise. */
  readonly first: number;
  readonly cursor: ListCursor<ListRow[Kind]>;
  readonly description: string;
  /** Whether the viewer may see the list under a row; left out: whoever sees the row. Otherwise it is empty. */
  readonly sees?: (viewer: Viewer, row: Row) => boolean;
};

/** Adds the connection `name` to a type whose rows have an id. */
export function listField<Row extends { readonly id: string }, Kind extends ListKind>(
  parent: Ref<Row>,
  name: string,
  define: () => ListFieldOptions<Row, Kind>,
): void {
  builder.objectField(parent, name, (t) => {
    // Types of one schema refer to each other in circles, so a list is defined when the schema is built.
    const options = define();
    const { type, first, description } = options;
    return t.field({
      type,
      description,
      args: {
        first: t.arg.int({ defaultValue: first, description: `How many at most, up to ${options.cursor.most ?? 100}.` }),
        after: t.arg.string({ description: 'The cursor after which the page begins.' }),
      },
      resolve: (row: unknown, args, context) => readPage(row as Row, args, context, options), // Pothos has lost which row it is.
    });
  });
}

async function readPage<Row extends { readonly id: string }, Kind extends ListKind>(
  row: Row,
  args: { first?: number | null | undefined; after?: string | null | undefined },
  { loaders, viewer }: GatewayContext,
  { kind, cursor, first, sees }: ListFieldOptions<Row, Kind>,
) {
  const range = pageRange({ first: args.first ?? first, after: args.after }, cursor);
  if (sees && !sees(viewer, row)) return pageOf<ListRow[Kind]>([], range, cursor, async () => 0);
  const rows = await loaders.list(kind, range).load(row.id);
  return pageOf(rows ?? [], range, cursor, async () => (await loaders.count(kind).load(row.id)) ?? 0);
}
