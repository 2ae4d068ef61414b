// A connection that hangs under a row, read through the loaders: one statement for all rows of a list.
import type { ListKind, ListRow } from '../store/store.ts';
import { builder } from './builder.ts';
import { type ConnectionType, type ListCursor, pageOf, pageRange, type Ref } from './connection.ts';
import type { GatewayContext } from './context.ts';

type ListFieldOptions<Kind extends ListKind> = {
  readonly kind: Kind;
  readonly type: ConnectionType<ListRow[Kind]>;
  /** How many a page holds unless asked otherwise. */
  readonly first: number;
  readonly cursor: ListCursor<ListRow[Kind]>;
  readonly description: string;
};

/** Adds the connection `name` to a type whose rows have an id. */
export function listField<Row extends { readonly id: string }, Kind extends ListKind>(
  parent: Ref<Row>,
  name: string,
  define: () => ListFieldOptions<Kind>,
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
      resolve: (row: unknown, args, context) => readPage((row as Row).id, args, context, options), // Pothos has lost which row it is.
    });
  });
}

async function readPage<Kind extends ListKind>(
  parentId: string,
  args: { first?: number | null | undefined; after?: string | null | undefined },
  { loaders }: GatewayContext,
  { kind, cursor, first }: ListFieldOptions<Kind>,
) {
  const range = pageRange({ first: args.first ?? first, after: args.after }, cursor);
  const rows = await loaders.list(kind, range).load(parentId);
  return pageOf(rows ?? [], range, cursor, async () => (await loaders.count(kind).load(parentId)) ?? 0);
}
