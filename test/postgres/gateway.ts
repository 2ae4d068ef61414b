// A gateway on a database of PostgreSQL, which tells what it logged and what it began anew.
import { v7 } from 'uuid';
import { setProgram } from '../../src/domain/program-change.ts';
import { createServer } from '../../src/server.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type PostgresOptions, postgresDriver } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/store.ts';
import type { Command } from '../support/oracle/command.ts';
import type { Answer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

export type Sendable = Exclude<Command, { readonly kind: 'unlinkSecondaryMember' | 'cartPoints' }>;

/** What a repeat answers as the first time did, and little else: what is tested here is the writing. */
const answered: Readonly<Record<Sendable['kind'], string>> = {
  createOrder: 'replayed order { orderId member { userId } }',
  updateOrder: 'replayed pointsRemoved order { orderId }',
  addToOrder: 'replayed pointsAwarded order { orderId }',
  correctOrder: 'replayed pointsAwarded pointsRemoved order { orderId }',
  adjustSpend: 'replayed spendAdjustment { id points amount { amount } }',
  bulkCreateOrders: 'rows { status order { orderId } }',
  bulkUpdateOrders: 'rows { status order { orderId } }',
  enrollMember: 'member { userId }',
  updateMember: 'member { userId }',
  linkSecondaryMember: 'member { userId }',
};

export const documentOf = ({ kind }: Sendable): string =>
  `mutation Send($input: ${kind[0]?.toUpperCase()}${kind.slice(1)}Input!) { payload: ${kind}(input: $input) { ${answered[kind]} userErrors { code } } }`;

export type Gateway = {
  readonly store: Store;
  readonly execute: (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Answer>;
  readonly send: (command: Sendable) => Promise<Answer>;
  /** The status of an answer. */
  readonly statusOf: (query: string) => Promise<number>;
  /** The status of /ready. */
  readonly readiness: () => Promise<number>;
  /** Why transactions and reads were begun anew. */
  readonly retries: readonly string[];
  /** What was logged as an error. */
  readonly failures: readonly unknown[];
  readonly close: () => Promise<void>;
};

/** Opens a gateway on a migrated database. */
export function openGateway(options: PostgresOptions): Gateway {
  const retries: string[] = [];
  const failures: unknown[] = [];
  const store = createStore(postgresDriver({ ...options, onRetry: (reason) => retries.push(reason) }));
  const log = { error: (details: object) => failures.push(details) };
  const server = createServer({
    store,
    clock: Date.now,
    newId: v7,
    log,
    sandbox: true,
    limits: { turnMs: 60_000, operationTimeoutMs: 60_000 },
  });
  const post = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<Response> => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) };
    return server.fetch('http://127.0.0.1/graphql', request);
  };
  const execute: Gateway['execute'] = async (query, variables = {}) => JSON.parse(await (await post(query, variables)).text());
  return {
    store,
    execute,
    send: (command) => execute(documentOf(command), { input: command.input }),
    statusOf: async (query) => (await post(query, {})).status,
    readiness: async () => (await server.fetch('http://127.0.0.1/ready')).status,
    retries,
    failures,
    close: () => store.close(),
  };
}

/** Sets the plain program, changed as said, of the site "demo". */
export async function setPlainProgram({ store }: Gateway, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const file = { ...plainProgram, ...changes };
  const decision = await store.commitProgram('demo', (state) =>
    setProgram(state, { siteId: 'demo', file, from: null, at: Date.now(), actor: 'test' }),
  );
  return decision.kind;
}

export const enrolment = (userId: string): Sendable => ({ kind: 'enrollMember', input: { userId } });
/** An order of so many pieces at 10 a piece, shipped: with the plain program 10 points each. */
export const orderOf = (orderId: string, userId: string, quantity = 1, more: { readonly redeemPoints?: number } = {}): Sendable => ({
  kind: 'createOrder',
  input: { orderId, userId, status: 'SHIPPED', lineItems: [{ productId: 'p', quantity, unitPrice: '10' }], ...more },
});
export const returnOf = (orderId: string, quantity: number, idempotencyKey: string): Sendable => ({
  kind: 'updateOrder',
  input: { orderId, action: 'RETURN', lineItems: [{ lineItem: { productId: 'p' }, quantity }], idempotencyKey },
});
export const adjustmentOf = (orderId: string, amount: string, idempotencyKey: string): Sendable => ({
  kind: 'adjustSpend',
  input: { orderId, type: 'CREDIT', amount, reason: 'goodwill', adjustedBy: 'admin', idempotencyKey },
});

type Payload = { readonly replayed?: boolean; readonly userErrors: readonly { readonly code: string }[] };
/** What came of a command in a word: DONE, REPLAYED, the code of a refusal, or that of an error. */
export function outcomeOf({ data, errors }: Answer): string {
  if (errors) return String(errors[0]?.extensions?.['code']);
  const { payload } = data as { readonly payload: Payload }; // Every document names its field so.
  return payload.userErrors[0]?.code ?? (payload.replayed ? 'REPLAYED' : 'DONE');
}

/** How often each outcome was met. */
export function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[outcomeOf(answer)] = (counts[outcomeOf(answer)] ?? 0) + 1;
  return counts;
}

/** What a member has, by the gateway. */
export async function accountOf({ execute }: Gateway, userId: string): Promise<unknown> {
  const { data } = await execute(`{ member(by: { userId: "${userId}" }) { points { available used } orders { totalCount } } }`);
  return (data as { readonly member: unknown }).member; // The query asks for it.
}
