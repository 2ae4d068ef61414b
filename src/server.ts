// The server: who is asking, parsing and validation, and the errors that are not data. main.ts and the tests both use it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Authenticator } from './access/authenticator.ts';
import { actorOf, knownAtOnce, useAuthentication } from './access/use-authentication.ts';
import { exposureOf, type GivenExposure } from './exposure/exposure.ts';
import { crossOriginRules, useVaryByOrigin } from './exposure/origins.ts';
import { useCsrfPrevention } from './exposure/use-csrf-prevention.ts';
import { useEndpoint } from './exposure/use-endpoint.ts';
import { hiddenExecutionError, useHiddenSchema } from './exposure/use-hidden-schema.ts';
import { useRequestFormat } from './exposure/use-request-format.ts';
import { documentIdParameter, useTrustedDocuments } from './exposure/use-trusted-documents.ts';
import { createFront, type Execute, type Way } from './front/front.ts';
import { useHandedOn } from './front/handed-on.ts';
import { createKnownOperations } from './front/known-operations.ts';
import { readOperationTabs, useGraphiqlPage } from './graphiql.ts';
import { createContext, type GatewayContext } from './graphql/context.ts';
import { sandboxSchema } from './graphql/sandbox.ts';
import { schema } from './graphql/schema.ts';
import { storeError } from './graphql/store-error.ts';
import { createDocumentCaches } from './limits/document-caches.ts';
import { defaultLimits, type Limits } from './limits/limits.ts';
import { useJsonDepth } from './limits/use-json-depth.ts';
import { useLimits } from './limits/use-limits.ts';
import { type AnsweredRequest, failedRequest } from './observe/request-record.ts';
import { useHealth } from './observe/use-health.ts';
import { useObservation } from './observe/use-observation.ts';
import { packageFolder } from './package-folder.ts';
import { createPlans } from './plans/create-plans.ts';
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
  /** Learns of every request that the front answered, and how. */
  readonly onTaken?: (way: Way) => void;
};

type Yoga = YogaServerInstance<object, GatewayContext>;
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A listener of node:http, and the same for requests of the fetch API, which come by the ordinary way. */
export type Server = Listener & {
  readonly fetch: Yoga['fetch'];
  /** A listener without the front. */
  readonly ordinary: Listener;
};

const endpoint = '/graphql';
const operationsFolder = join(packageFolder, 'examples/operations');

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

/** What is told of an error that nobody expected: where to look for it, and nothing else. */
function unexpected(error: unknown, message: string, { newId, log }: Pick<ServerOptions, 'newId' | 'log'>): GraphQLError {
  const traceId = newId();
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const away = storeError(cause, { path: error instanceof GraphQLError ? error.path : undefined, traceId });
  const details = { ...failedRequest(error), traceId, error: cause };
  log.error(details, away?.message ?? 'A request failed in a way that was not expected.');
  if (away) return away;
  return new GraphQLError(message, {
    ...(error instanceof GraphQLError && error.path && { path: error.path }),
    extensions: { code: 'INTERNAL_ERROR', traceId },
  });
}

/** Carries out an operation that is known to be good, with all that Yoga does about an execution. */
const executeBy =
  ({ getEnveloped }: Pick<Yoga, 'getEnveloped'>): Execute =>
  async ({ document }, { query, variables, operationName }, request, exchange) => {
    const params = { query, variables, operationName: operationName ?? undefined };
    const { schema: executable, contextFactory, execute } = getEnveloped({ request, params, ...exchange });
    const contextValue = await contextFactory();
    return execute({ schema: executable, document, contextValue, variableValues: variables, operationName });
  };

/** Creates the server on a store. It answers `fetch` and is a listener for node:http. */
export function createServer(options: ServerOptions): Server {
  const { store, clock, newId, log, sandbox, authenticator, exposure, onAnswered, onTaken, isClosing } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const limited = useLimits({ limits, store, clock });
  const timeOn = (its: Store) => createSiteTime({ store: its, clock, sandbox });
  const { introspection, graphiql, origins, trustedDocuments } = exposureOf(sandbox, exposure);
  const served = sandbox ? sandboxSchema() : schema;
  const documentCaches = createDocumentCaches();
  const { planOf } = createPlans({ schema: served, store });
  const known = createKnownOperations({ schema: served, documents: documentCaches.documentCache, planOf });
  const yoga = createYoga<object, GatewayContext>({
    schema: served,
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: limits.bodyBytes,
    batching: false,
    parserAndValidationCache: documentCaches,
    logging: false,
    cors: crossOriginRules(origins),
    ...(trustedDocuments && { extraParamNames: [documentIdParameter] }),
    // A check of its own, which would answer any address that ends so: no address ends in a space.
    healthCheckEndpoint: ' ',
    plugins: [
      useHandedOn(limited),
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
      known.plugin,
    ],
    context({ request }) {
      const its = limited.storeOf(request);
      return createContext({ actor: actorOf(request), store: its, time: timeOn(its), newId });
    },
    maskedErrors: {
      maskError(error, message) {
        const told = isTold(error) ? (introspection ? withCode(error) : hiddenExecutionError(error)) : null;
        return told ?? unexpected(error, message, { newId, log });
      },
      errorMessage: 'Something went wrong here. Ask again, and name the trace id if it stays.',
    },
  });
  const ordinary: Listener = (request, response) => void yoga(request, response);
  const front = createFront({
    ...{ endpoint, sandbox, newId, onAnswered, onTaken },
    schema: served,
    bodyBytes: limits.bodyBytes,
    actorAtOnce: (credentials) => knownAtOnce(credentials, { sandbox, authenticator }),
    find: known.find,
    limits: limited,
    now: sandbox ? timeOn(store).now : clock,
    execute: executeBy(yoga),
    handOn: ({ req, res }) => ordinary(req, res),
    onBroken(error, response) {
      log.error({ traceId: newId(), error }, 'An answer could not be written.');
      response.destroy();
    },
    headers: origins.length > 0 ? { vary: 'Origin' } : {},
  });
  return Object.assign(front, { fetch: yoga.fetch, ordinary });
}
