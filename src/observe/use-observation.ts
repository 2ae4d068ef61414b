// Gives each request an id, and tells what became of it when it is answered.
import { ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { actorOf } from '../access/use-authentication.ts';
import type { GatewayContext } from '../graphql/context.ts';
import { operationNameOf } from './operation-name.ts';
import { outcomeOf } from './outcome.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';
import { type AnsweredRequest, currentRequest, duringRequest, type RequestRecord } from './request-record.ts';

type ObservationOptions = {
  readonly newId: () => string;
  /** In a sandbox a site is only what a header says, until it is seen to exist. */
  readonly sandbox: boolean;
  /** Learns of every request that was answered. */
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
};

type Costed = { readonly extensions?: { readonly cost?: { readonly requested?: unknown } } };
type CostedResult = Costed & { readonly errors?: readonly Costed[] };

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'];
const paths = ['/graphql', '/health', '/ready'];

/** The path of a request if it is one of the server's own. */
function pathOf({ url }: Request): string {
  // What a caller says as its host may be anything, and is part of the address.
  const path = URL.canParse(url) ? new URL(url).pathname.replace(/(?<=.)\/$/, '') : '';
  return paths.includes(path) ? path : 'other';
}

const begin = (request: Request, newId: () => string): RequestRecord => ({
  requestId: requestIdOf(request, newId),
  startedAt: performance.now(),
  method: methods.includes(request.method) ? request.method : 'other',
  path: pathOf(request),
  operation: 'none',
  site: undefined,
  role: undefined,
  codes: [],
  cost: undefined,
  statements: 0,
});

/** The codes of all errors, each once. They are words of the server's. */
function codesOf(result: object): readonly string[] {
  if (!('errors' in result) || !Array.isArray(result.errors)) return [];
  const codes = result.errors.map((error) => error?.extensions?.code).filter((code) => typeof code === 'string' && /^[A-Z_]+$/.test(code));
  return [...new Set<string>(codes)];
}

/** What the limits say that a request costs: beside its data, or with the refusal of what costs too much. */
function costOf(result: CostedResult): number | undefined {
  const told = [result.extensions, ...(result.errors ?? []).map((error) => error.extensions)];
  return told.map((extensions) => extensions?.cost?.requested).find((cost) => typeof cost === 'number');
}

/** Who asked, if that was found out. */
function knownActor(request: Request): Pick<RequestRecord, 'site' | 'role'> | null {
  try {
    const { siteId, role } = actorOf(request);
    return { site: siteId, role };
  } catch {
    return null;
  }
}

/** Puts the id into the answer of node:http, if it is that which answers. */
function tellId(serverContext: object, { requestId }: RequestRecord): boolean {
  if (!('res' in serverContext && serverContext.res instanceof ServerResponse)) return false;
  if (!serverContext.res.headersSent) serverContext.res.setHeader(requestIdHeader, requestId);
  return true;
}

/** Must be the first of the plugins, so that the others' refusals are told of as well. */
export function useObservation({ newId, sandbox, onAnswered }: ObservationOptions): Plugin<object, object, GatewayContext> {
  let schema: GraphQLSchema | null = null;

  function end(record: RequestRecord, status: number): void {
    const durationMs = performance.now() - record.startedAt;
    onAnswered?.({ ...record, status, outcome: outcomeOf(status, record.codes), durationMs });
  }

  return {
    instrumentation: {
      request({ request }, handle) {
        const record = begin(request, newId);
        return duringRequest(record, async () => {
          try {
            await handle();
          } catch (error) {
            end(record, 500);
            throw error;
          }
        });
      },
    },
    onSchemaChange({ schema: changed }) {
      schema = changed;
    },
    onRequest({ serverContext }) {
      const record = currentRequest();
      // Told this early, the id stands even in the answer to an error that nobody caught.
      if (record) tellId(serverContext, record);
    },
    onParse({ context }) {
      return ({ result }) => {
        const record = currentRequest();
        if (record && schema && result && !(result instanceof Error))
          record.operation = operationNameOf(schema, result, context.params.operationName);
      };
    },
    onExecute({ args: { contextValue } }) {
      const record = currentRequest();
      if (record && 'siteId' in contextValue) Object.assign(record, { site: contextValue.siteId, role: contextValue.role });
    },
    onResultProcess({ result }) {
      const record = currentRequest();
      if (!record || Symbol.asyncIterator in result) return;
      const results = Array.isArray(result) ? result : [result];
      record.codes = results.flatMap(codesOf);
      record.cost = results.map((each) => costOf(each as CostedResult)).find((cost) => cost !== undefined); // Extensions may be anything: the type admits it.
    },
    onResponse({ request, response, serverContext }) {
      const record = currentRequest();
      if (!record) return;
      if (!sandbox) Object.assign(record, knownActor(request));
      if (!tellId(serverContext, record)) response.headers.set(requestIdHeader, record.requestId);
      end(record, response.status);
    },
  };
}
