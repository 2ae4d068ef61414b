// Holds every request to its limits: its document, its variables, its cost, its client's minute and its time.
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../graphql/context.ts';
import type { Store } from '../store/store.ts';
import { createBudget } from './budget.ts';
import { type Client, clientOf, type ServerContext } from './client.ts';
import { executeWithin } from './execute-within.ts';
import { costExceeded, listExceeded, rateLimited } from './limit-error.ts';
import { type Limits, unbounded } from './limits.ts';
import { meterLists, setMeter } from './list-meter.ts';
import { costOfExecution } from './operation-cost.ts';
import { parseWithin } from './parse-within.ts';
import { beginTurn, type Turn } from './turn.ts';

type LimitOptions = { readonly limits: Limits; readonly store: Store; readonly clock: () => number };
type LimitPlugin = Plugin<object, ServerContext, GatewayContext>;

/** What was executed: nothing here answers a stream. */
type Executed = { readonly result: ExecutionResult; readonly setResult: (result: ExecutionResult) => void };

/** Whoever was not taken in: they share a budget. */
const nobody: Client = { name: '', share: 1 };

/** What every request costs, whatever becomes of it. */
const requestCost = 1;
/** What a body costs beyond an ordinary one, by the byte: reading it as JSON. */
const byteCost = 0.01;
const ordinaryBody = 16_384;

/** What a document costs that was not seen lately, by characters: parsing and validating it. */
const characterCost = 0.1;

/** Creates the plugin, and the store as requests may use it: it does nothing for one that was given up. */
export function useLimits({ limits, store, clock }: LimitOptions) {
  const budget = createBudget({ perMinute: limits.costPerMinute, clients: limits.clients, clock });
  const clients = new WeakMap<Request, Client>();
  const turns = new WeakMap<Request, Turn>();

  /** Takes a request in, once it is known whose it is. Throws when its client's minute is spent. */
  function admit(request: Request, context: ServerContext): void {
    const client = clients.has(request) ? null : clientOf(request, context);
    if (client === null) return;
    const cost = requestCost + bodyCost(request);
    const refusal = refusalOf(client, cost);
    if (refusal) throw refusal;
    budget.draw(client, cost);
    clients.set(request, client);
  }

  /** By the length that is announced; a body that comes in pieces may be as long as the limit. */
  function bodyCost({ headers }: Request): number {
    const length = headers.get('content-length') ?? (headers.has('transfer-encoding') ? limits.bodyBytes : 0);
    return Math.max(0, Math.min(Number(length), limits.bodyBytes) - ordinaryBody) * byteCost;
  }

  /** What a client is told that cannot pay now; null when it can. */
  function refusalOf(client: Client, cost: number) {
    const seconds = budget.secondsUntil(client, cost);
    return seconds > 0 ? rateLimited(seconds, limits.costPerMinute * client.share) : null;
  }

  function turnOf(request: Request): Turn {
    const turn = turns.get(request) ?? beginTurn(store, limits);
    turns.set(request, turn);
    return turn;
  }

  const plugin: LimitPlugin = {
    onSchemaChange: ({ schema }) => meterLists(schema),
    onRequestParse: ({ request, serverContext }) => admit(request, serverContext),
    // Whose a request is may only be known when its body was read.
    onParams: ({ request, context }) => admit(request, context),
    onParse({ context, params, parseFn, setParseFn }) {
      const client = clients.get(context.request);
      // Documents that were parsed and validated lately are kept by the server, and do not come here.
      setParseFn((...given) => {
        if (client !== undefined) budget.draw(client, String(params.source).length * characterCost);
        return parseWithin(parseFn, limits)(...given);
      });
    },
    onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const { request } = args.contextValue;
      const client = clients.get(request) ?? nobody;
      const cost = costOfExecution(args);
      // Without an operation, or with variables that do not do, the execution answers what is wrong and resolves nothing.
      if (!cost) return;
      const { requested, itemCost } = cost;
      const refusal = requested > limits.cost ? costExceeded(requested, limits.cost) : refusalOf(client, requested);
      if (refusal) return setResultAndStopExecution({ errors: [refusal], ...told(requested, budget.draw(client, 0)) });
      const remaining = budget.draw(client, requested);
      let used = requested;
      setMeter(request, {
        itemCost,
        add(more) {
          used += more;
          if (used > limits.cost) throw listExceeded(limits.cost);
        },
      });
      setExecuteFn((given: ExecutionArgs) => executeWithin(turnOf(request), request, given, executeFn));
      return {
        onExecuteDone({ result, setResult }: Executed) {
          const rest = used > requested ? budget.draw(client, used - requested) : remaining;
          setResult({ ...result, ...told(Math.ceil(used), rest, result) });
        },
      };
    },
    onResponse({ request }) {
      turns.get(request)?.end();
    },
  };

  function told(requested: number, remaining: number, { extensions }: Pick<ExecutionResult, 'extensions'> = {}) {
    const left = limits.costPerMinute === unbounded ? null : remaining;
    return { extensions: { ...extensions, cost: { requested, maximum: limits.cost, remaining: left } } };
  }

  return { plugin, storeOf: (request: Request): Store => turnOf(request).store };
}
