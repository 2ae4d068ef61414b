// The schema builder: Pothos with Relay's Node and global ids.
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { GatewayContext } from './context.ts';
import { decodeNodeId, encodeGlobalId } from './global-id.ts';
import { refusalError } from './refusal-error.ts';

type SchemaTypes = {
  Context: GatewayContext;
  DefaultFieldNullability: false;
  /** The scope of fields that stand in a member's own account, within a row that others see too: by the member's id. */
  AuthScopes: { account: string };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: number };
    Decimal: { Input: string; Output: string };
    Points: { Input: string; Output: string };
    CurrencyCode: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
};

/** The longest list of ids that `nodes` takes. */
const maximumNodes = 100;

export const builder = new SchemaBuilder<SchemaTypes>({
  // Authorization stands first, so that it is outermost: nothing of a field runs before it.
  plugins: [ScopeAuthPlugin, RelayPlugin],
  scopeAuth: {
    authScopes: ({ viewer }) => ({ account: viewer.owns }),
    unauthorizedError: () => refusalError('FORBIDDEN', [], 'This stands in the account of another member.'),
  },
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    decodeGlobalID: decodeNodeId,
    nodeTypeOptions: { description: 'An object with an id of its own, by which it can be fetched again.' },
    idFieldOptions: { description: 'Opaque id, unique among all objects of the site.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether more follow after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether the page was asked for after a cursor, so that others come before it.' },
    startCursorFieldOptions: { description: 'Cursor of the first of the page; null when it is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last of the page, to pass as `after`; null when it is empty.' },
    nodeQueryOptions: {
      description: 'Any object by its opaque id; null when there is none.',
      args: { id: { description: 'The id of the object.' } },
    },
    nodesQueryOptions: {
      description: `Several objects by their opaque ids, in that order; null in the place of what there is not. At most ${maximumNodes}.`,
      args: { ids: { description: 'The ids of the objects.' } },
      resolve: (_, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > maximumNodes)
          throw refusalError('INVALID_INPUT', ['ids'], `Expected at most ${maximumNodes} ids, not ${ids.length}.`);
        return resolveNodes(ids);
      },
    },
  },
});

builder.queryType({ description: 'What can be read. Nothing here writes.' });
builder.mutationType({ description: 'The commands. Expected refusals come back in `userErrors`; a refused command writes nothing.' });
