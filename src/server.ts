// The server: who is asking, parsing and validation, and the errors that are not data. main.ts and the tests both use it.
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { refuseBottomlessDocuments } from './document-depth.ts';
import { normaliseId } from './domain/check.ts';
import { readOperationTabs, useGraphiqlPage } from './graphiql.ts';
import { createContext, type GatewayContext } from './graphql/context.ts';
import { sandboxSchema } from './graphql/sandbox.ts';
import { schema } from './graphql/schema.ts';
import { createSiteTime } from './site-time.ts';
import type { Store } from './store/store.ts';

/** Where something went wrong that nobody expected. */
type Log = { readonly error: (details: object, message: string) => void };

export type ServerOptions = {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly log: Log;
  /** Whether the site's clock can be moved ahead, as in a server that is only for trying out. */
  readonly sandbox: boolean;
};

export type Server = YogaServerInstance<object, GatewayContext>;

const endpoint = '/graphql';
const defaultSite = 'demo';
const operationsFolder = join(import.meta.dirname, '../examples/operations');

/** In a sandbox the caller says which site it means, and everybody may do everything. */
function sandboxActor(request: Request): { siteId: string; name: string } {
  const siteId = normaliseId(request.headers.get('x-site-id') ?? defaultSite);
  if (siteId === null)
    throw new GraphQLError('X-Site-Id is no id of a site.', { extensions: { code: 'INVALID_INPUT', path: [], http: { status: 400 } } });
  return { siteId, name: 'sandbox' };
}

/** Gives errors of the request itself (of its variables) a code, as all others have. */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions['code'] !== undefined) return error;
  const { message, nodes, path, extensions } = error;
  return new GraphQLError(message, {
    ...(nodes && { nodes }),
    ...(path && { path }),
    extensions: { ...extensions, code: 'BAD_USER_INPUT' },
  });
}

/** A form of any page may post to here without being asked whether it may, so forms are not read. */
const refuseForms: Plugin = {
  onRequest({ request, fetchAPI, endResponse }) {
    if (!request.headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')) return;
    endResponse(new fetchAPI.Response(null, { status: 415 }));
  },
};

/** Creates the server on a store. It answers `fetch` and is a listener for node:http. */
export function createServer({ store, clock, newId, log, sandbox }: ServerOptions): Server {
  const time = createSiteTime({ store, clock, sandbox });
  return createYoga<object, GatewayContext>({
    schema: sandbox ? sandboxSchema : schema,
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    logging: false,
    // Pages of other origins may neither read nor, by a form that needs no permission, write.
    cors: false,
    plugins: [refuseForms, refuseBottomlessDocuments, useGraphiqlPage(readOperationTabs(operationsFolder), endpoint)],
    context: ({ request }) => createContext({ actor: sandboxActor(request), store, time, newId }),
    maskedErrors: {
      maskError: (error, message) => {
        if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError)) return withCode(error);
        const traceId = newId();
        const cause = error instanceof GraphQLError ? error.originalError : error;
        log.error({ traceId, error: cause }, 'A request failed in a way that was not expected.');
        return new GraphQLError(message, {
          ...(error instanceof GraphQLError && error.path && { path: error.path }),
          extensions: { code: 'INTERNAL_ERROR', traceId },
        });
      },
      errorMessage: 'Something went wrong here. Ask again, and name the trace id if it stays.',
    },
  });
}
