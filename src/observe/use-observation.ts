// Gives each request an id, and tells what became of it when it is answered.
import { ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { isPromise, type Plugin } from 'graphql-yoga';
import { knownActor } from '../access/use-authentication.ts';
import type { GatewayContext } from '../graphql/context.ts';
import { operationNameOf } from './operation-name.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';
import {
  type AnsweredRequest,
  beginRecord,
  endRecord,
  keepRecord,
  keepStart,
  noteFailure,
  type RequestRecord,
  recordOf,
  startOf,
} from './request-record.ts';

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

function begin(request: Request, newId: () => string): RequestRecord {
  const method = methods.includes(request.method) ? request.method : 'other';
  return beginRecord(requestIdOf(request.headers.get(requestIdHeader), newId), method, pathOf(request), startOf(request));
}

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

/** Whose request it was, if that was found out. */
function siteAndRole(request: Request): Pick<RequestRecord, 'site' | 'role'> | null {
  const actor = knownActor(request);
  return actor && { site: actor.siteId, role: actor.role };
}

/** Notes what a result says of errors and of what it cost. */
export function noteResult(record: RequestRecord, result: object): void {
  const results = Array.isArray(result) ? result : [result];
  record.codes = results.flatMap(codesOf);
  record.cost = results.map((each) => costOf(each as CostedResult)).find((cost) => cost !== undefined); // Extensions may be anything: the type admits it.
}

/** Puts the id into the answer of node:http, if it is that which answers. */
function tellId(serverContext: object, { requestId }: RequestRecord): boolean {
  if (!('res' in serverContext && serverContext.res instanceof ServerResponse)) return false;
  if (!serverContext.res.headersSent) serverContext.res.setHeader(requestIdHeader, requestId);
  return true;
}

type Stage = { readonly request?: Request; readonly context?: { readonly request?: Request } };

/** Notes of what a stage of a request throws that it was this request's. */
function noting<Done>({ request, context }: Stage, stage: () => Done): Done {
  const asked = request ?? context?.request;
  const note = (error: unknown): never => {
    if (asked) noteFailure(asked, error);
    throw error;
  };
  try {
    const done = stage();
    return isPromise(done) ? (Promise.resolve(done).catch(note) as Done) : done; // A promise of the same.
  } catch (error) {
    return note(error);
  }
}

/** Must be the first of the plugins, so that the others' refusals are told of as well. */
export function useObservation({ newId, sandbox, onAnswered }: ObservationOptions): Plugin<object, object, GatewayContext> {
  let schema: GraphQLSchema | null = null;
  const end = (record: RequestRecord, status: number): void => onAnswered?.(endRecord(record, status));

  /** The record of a request; it is begun unless somebody did before. */
  function recordFor(request: Request): RequestRecord {
    const record = recordOf(request) ?? begin(request, newId);
    keepRecord(request, record);
    return record;
  }

  return {
    instrumentation: {
      async request({ request }, handle) {
        keepStart(request, performance.now());
        try {
          await handle();
        } catch (error) {
          end(recordFor(request), 500);
          throw error;
        }
      },
      requestParse: noting,
      operation: noting,
      parse: noting,
      validate: noting,
      execute: noting,
      resultProcess: noting,
    },
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error }) => noteFailure((context as { request: Request }).request, error)); // Yoga's context has it.
    },
    onSchemaChange({ schema: changed }) {
      schema = changed;
    },
    onRequest({ request, serverContext }) {
      // Told this early, the id stands even in the answer to an error that nobody caught.
      tellId(serverContext, recordFor(request));
    },
    onParse({ context }) {
      return ({ result }) => {
        const record = recordOf(context.request);
        if (record && schema && result && !(result instanceof Error))
          record.operation = operationNameOf(schema, result, context.params.operationName);
      };
    },
    onExecute({ args: { contextValue } }) {
      const { request } = contextValue;
      const record = recordOf(request);
      if (record && 'siteId' in contextValue) Object.assign(record, { site: contextValue.siteId, role: contextValue.role });
      return {
        onExecuteDone({ result }: { readonly result: ExecutionResult }) {
          if (result.errors) for (const error of result.errors) noteFailure(request, error);
        },
      };
    },
    onResultProcess({ request, result }) {
      const record = recordOf(request);
      if (!record || Symbol.asyncIterator in result) return;
      noteResult(record, result);
    },
    onResponse({ request, response, serverContext }) {
      const record = recordFor(request);
      if (!sandbox) Object.assign(record, siteAndRole(request));
      if (!tellId(serverContext, record)) response.headers.set(requestIdHeader, record.requestId);
      end(record, response.status);
    },
  };
}
