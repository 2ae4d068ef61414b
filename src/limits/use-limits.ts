// Holds every request to its limits: its document, its variables, its cost, its client's minute and its time.
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Actor } from '../access/actor.ts';
import { knownActor } from '../access/use-authentication.ts';
import type { GatewayContext } from '../graphql/context.ts';
import { recordOf } from '../observe/request-record.ts';
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

/** What stands for a request: the same object from its beginning to its end. */
type Asked = object;

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

/** Creates the plugin, the store as requests may use it, and the same limits for requests that do not come by the plugin. */
export function useLimits({ limits, store, clock }: LimitOptions) {
  const budget = createBudget({ perMinute: limits.costPerMinute, clients: limits.clients, clock });
  const clients = new WeakMap<Asked, Client>();
  const turns = new WeakMap<Asked, Turn>();

  /** Takes a request in, once it is known whose it is. Throws when its client's minute is spent. */
  function admit(request: Request, context: ServerContext): void {
    const actor = clients.has(request) ? null : knownActor(request);
    if (actor === null) return;
    const client = clientOf(actor, context);
    const cost = entryCost(announcedLength(request));
    const refusal = refusalOf(client, cost);
    if (refusal) throw refusal;
    budget.draw(client, cost);
    clients.set(request, client);
  }

  /** The length that is announced; a body that comes in pieces may be as long as the limit. */
  const announcedLength = ({ headers }: Request): number =>
    Number(headers.get('content-length') ?? (headers.has('transfer-encoding') ? limits.bodyBytes : 0));

  /** What a request costs before anything of it is looked at. */
  const entryCost = (length: number): number => requestCost + Math.max(0, Math.min(length, limits.bodyBytes) - ordinaryBody) * byteCost;

  /** What a client is told that cannot pay now; null when it can. */
  function refusalOf(client: Client, cost: number) {
    const seconds = budget.secondsUntil(client, cost);
    return seconds > 0 ? rateLimited(seconds, limits.costPerMinute * client.share) : null;
  }

  function turnOf(request: Asked): Turn {
    const turn = turns.get(request) ?? beginTurn(store, limits, recordOf(request) ?? null);
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
      endTurn(request);
    },
  };

  const endTurn = (request: Asked): void => turns.get(request)?.end();

  function told(requested: number, remaining: number, { extensions }: Pick<ExecutionResult, 'extensions'> = {}) {
    const left = limits.costPerMinute === unbounded ? null : remaining;
    return { extensions: { ...extensions, cost: { requested, maximum: limits.cost, remaining: left } } };
  }

  return {
    plugin,
    storeOf: (request: Asked): Store => turnOf(request).store,
    endTurn,
    /** Takes in a request of somebody with a body of so many bytes; answers false, and draws nothing, when their minute is spent. */
    admitKnown(request: Asked, actor: Actor, context: ServerContext, bytes: number): boolean {
      const client = clientOf(actor, context);
      const cost = entryCost(bytes);
      if (budget.secondsUntil(client, cost) > 0) return false;
      budget.draw(client, cost);
      clients.set(request, client);
      return true;
    },
    /** Has whoever was taken in for one request taken in for another that stands for the same. */
    admitAgain(request: Asked, before: Asked): void {
      const client = clients.get(before);
      if (client) clients.set(request, client);
    },
    /**
     * Draws what a request with a body of so many bytes and an operation of that cost take. Answers what is told of it, and how to
     * give it back; null, and draws nothing, when it would be refused.
     */
    pay(actor: Actor, context: ServerContext, bytes: number, requested: number) {
      if (limits.cost < requested) return null;
      const client = clientOf(actor, context);
      const entry = entryCost(bytes);
      const remaining = budget.drawBoth(client, entry, requested);
      return remaining === null ? null : { ...told(requested, remaining), refund: () => void budget.draw(client, -entry - requested) };
    },
  };
}
