// The server: who is asking, parsing and validation, and the errors that are not data. main.ts and the tests both use it.
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Authenticator } from './access/authenticator.ts';
import { actorOf, useAuthentication } from './access/use-authentication.ts';
import { exposureOf, type GivenExposure } from './exposure/exposure.ts';
import { crossOriginRules, useVaryByOrigin } from './exposure/origins.ts';
import { useCsrfPrevention } from './exposure/use-csrf-prevention.ts';
import { useEndpoint } from './exposure/use-endpoint.ts';
import { hiddenExecutionError, useHiddenSchema } from './exposure/use-hidden-schema.ts';
import { useRequestFormat } from './exposure/use-request-format.ts';
import { documentIdParameter, useTrustedDocuments } from './exposure/use-trusted-documents.ts';
import { readOperationTabs, useGraphiqlPage } from './graphiql.ts';
import { createContext, type GatewayContext } from './graphql/context.ts';
import { sandboxSchema } from './graphql/sandbox.ts';
import { schema } from './graphql/schema.ts';
import { storeError } from './graphql/store-error.ts';
import { createDocumentCaches } from './limits/document-caches.ts';
import { defaultLimits, type Limits } from './limits/limits.ts';
import { useJsonDepth } from './limits/use-json-depth.ts';
import { useLimits } from './limits/use-limits.ts';
import type { AnsweredRequest } from './observe/request-record.ts';
import { useHealth } from './observe/use-health.ts';
import { useObservation } from './observe/use-observation.ts';
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
  /** Checks tokens. Needed outside a sandbox; in one it is for requests that send a token. */
  readonly authenticator?: Authenticator | undefined;
  /** What a stranger can reach; what is left out is open in a sandbox only, or not at all. */
  readonly exposure?: GivenExposure;
  /** What a request may cost; what is left out is the default. */
  readonly limits?: Partial<Limits>;
  /** Learns of every request that was answered. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
  /** Whether the server is about to end, so that requests should go elsewhere. */
  readonly isClosing?: () => boolean;
};

export type Server = YogaServerInstance<object, GatewayContext>;

const endpoint = '/graphql';
const operationsFolder = join(import.meta.dirname, '../examples/operations');

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

/** Whether an error was meant for the client, and is no failure of the server's. */
const isTold = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError);

/** Creates the server on a store. It answers `fetch` and is a listener for node:http. */
export function createServer(options: ServerOptions): Server {
  const { store, clock, newId, log, sandbox, authenticator, exposure, onAnswered, isClosing } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const limited = useLimits({ limits, store, clock });
  const time = createSiteTime({ store, clock, sandbox });
  const { introspection, graphiql, origins, trustedDocuments } = exposureOf(sandbox, exposure);
  return createYoga<object, GatewayContext>({
    schema: sandbox ? sandboxSchema : schema,
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: limits.bodyBytes,
    batching: false,
    parserAndValidationCache: createDocumentCaches(),
    logging: false,
    cors: crossOriginRules(origins),
    ...(trustedDocuments && { extraParamNames: [documentIdParameter] }),
    // A check of its own, which would answer any address that ends so: no address ends in a space.
    healthCheckEndpoint: ' ',
    plugins: [
      useObservation({ newId, sandbox, onAnswered }),
      useHealth(async () => (isClosing?.() ? 'shutting down' : (await store.isReady()) ? null : 'database')),
      useVaryByOrigin(origins),
      useEndpoint(endpoint),
      // The page holds no data and asks with the token that is typed into it, so it comes before anybody must be known.
      graphiql ? useGraphiqlPage(readOperationTabs(operationsFolder), endpoint) : {},
      useCsrfPrevention(),
      useJsonDepth(),
      useAuthentication({ sandbox, authenticator, newId, log }),
      useRequestFormat(),
      ...(trustedDocuments ? useTrustedDocuments(trustedDocuments) : []),
      limited.plugin,
      introspection ? {} : useHiddenSchema(),
    ],
    context: ({ request }) => createContext({ actor: actorOf(request), store: limited.storeOf(request), time, newId }),
    maskedErrors: {
      maskError: (error, message) => {
        const told = isTold(error) ? (introspection ? withCode(error) : hiddenExecutionError(error)) : null;
        if (told) return told;
        const traceId = newId();
        const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
        const away = storeError(cause, { path: error instanceof GraphQLError ? error.path : undefined, traceId });
        log.error({ traceId, error: cause }, away?.message ?? 'A request failed in a way that was not expected.');
        if (away) return away;
        return new GraphQLError(message, {
          ...(error instanceof GraphQLError && error.path && { path: error.path }),
          extensions: { code: 'INTERNAL_ERROR', traceId },
        });
      },
      errorMessage: 'Something went wrong here. Ask again, and name the trace id if it stays.',
    },
  });
}
