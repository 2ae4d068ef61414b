// A seed DSL: a server with a program and members, and commands that read like sentences.
import { testDatabase } from './engine.ts';
import { type Answer, openServer, withoutCost } from './server.ts';
import {
  type AccountView,
  accountDocument,
  type BucketView,
  type BulkPayload,
  type CartPayload,
  cartDocument,
  type EntryView,
  type LotView,
  type MemberView,
  type MutationName,
  memberDocument,
  memberMutation,
  mutationDocument,
  type OrderPayload,
  type OrderView,
  orderDocument,
  type UserErrorView,
  unlinkDocument,
} from './world-documents.ts';

type Fields = Readonly<Record<string, unknown>>;
/** [productId, quantity, unitPrice, whatever else the line says]. */
export type Line = readonly [productId: string, quantity: number, unitPrice: string | number, more?: Fields];
type Taken = 'all' | readonly (readonly [productId: string, quantity: number])[];
type MemberPayload = { readonly member: MemberView | null; readonly userErrors: readonly UserErrorView[] };

/** Dollars, whole points rounded down, one point a dollar, no hold. */
export const plainProgram = {
  siteId: 'demo',
  name: 'Plain',
  currencyCode: 'USD',
  timeZone: 'America/Los_Angeles',
  pointsScale: 0,
  rounding: 'FLOOR',
  pointValue: '0.01',
  purchase: { configured: true, baseRatio: '1', pointsBase: 'UNIT_PRICE', maximumPointsPerOrder: null },
  tiers: { period: 'LIFETIME', levels: [] as readonly Fields[] },
  rules: [] as readonly Fields[],
  campaigns: [] as readonly Fields[],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null as boolean | null },
  secondaryMembers: { earnForPrimary: false },
};

const lineOf = ([productId, quantity, unitPrice, more]: Line): Fields => ({ productId, quantity, unitPrice, ...more });
const takenLines = (taken: Taken): Fields =>
  taken === 'all' ? { allLineItems: true } : { lineItems: taken.map(([productId, quantity]) => ({ lineItem: { productId }, quantity })) };

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Opens a server on a fresh database with the plain program, changed as said, and one member, "ann". */
export async function openWorld(program: Fields = {}, at = '2026-11-24T12:00:00Z') {
  const database = testDatabase();
  let now = Date.parse(at);
  let server = openServer(now, database);
  let keys = 0;
  const key = (): string => `key-${++keys}`;

  const ask = async <Result>(document: string, variables: Fields): Promise<Result> => {
    const answer: Answer = await server.execute(document, variables);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data as Result; // The document and its shape stand side by side in world-documents.ts.
  };
  const send = async <Result = OrderPayload>(name: MutationName, input: Fields, dryRun = false): Promise<Result> =>
    (await ask<{ payload: Result }>(mutationDocument(name), { input, dryRun })).payload;
  const update =
    (action: string) =>
    (orderId: string, taken: Taken, more: Fields = {}): Promise<OrderPayload> =>
      send('updateOrder', { orderId, action, ...takenLines(taken), idempotencyKey: key(), ...more });
  const memberCommand = async (name: string, input: string, values: Fields): Promise<MemberPayload> =>
    (await ask<{ payload: MemberPayload }>(memberMutation(name, input), { input: values })).payload;

  const account = async (userId: string, withinDays: readonly number[] = []): Promise<AccountView> => {
    const { member } = await ask<{ member: AccountView | null }>(accountDocument, { userId, withinDays });
    if (!member) throw new Error(`There is no member ${userId}.`);
    return member;
  };

  const world = {
    get server() {
      return server;
    },
    send,
    /** Posts as a stranger would: the status and the text of the answer, whatever they are. */
    async post(query: string, variables: Fields | string = {}): Promise<{ status: number; text: string; answer: Answer }> {
      const given = typeof variables === 'string' ? variables : JSON.stringify(variables);
      const body = `{"query":${JSON.stringify(query)},"variables":${given}}`;
      const headers = { 'content-type': 'application/json' };
      const response = await server.fetch(new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body }));
      const text = await response.text();
      return { status: response.status, text, answer: withoutCost(JSON.parse(text)) };
    },
    setProgram: (changes: Fields, from: string | null = null) => server.setProgram({ ...plainProgram, ...changes }, from),
    setClock(instant: string): void {
      now = Date.parse(instant);
      server.setClock(now);
    },
    /** The sweep, at the clock's present time. */
    settle: () => server.settle(),
    /** Closes the server and opens another on the same database. */
    async restart(): Promise<void> {
      await server.close();
      server = openServer(now, database);
    },
    member: (userId: string, more: Fields = {}) => memberCommand('enrollMember', 'EnrollMemberInput', { userId, ...more }),
    changeMember: (userId: string, more: Fields) => memberCommand('updateMember', 'UpdateMemberInput', { userId, ...more }),
    unlink: async (secondaryUserId: string) => (await ask<{ payload: MemberPayload }>(unlinkDocument, { secondaryUserId })).payload,
    order: (orderId: string, lines: readonly Line[], more: Fields = {}) =>
      send('createOrder', { orderId, userId: 'ann', lineItems: lines.map(lineOf), ...more }),
    ship: update('SHIP'),
    return: update('RETURN'),
    cancel: update('CANCEL'),
    add: (orderId: string, lines: readonly Line[], more: Fields = {}) =>
      send('addToOrder', { orderId, lineItems: lines.map(lineOf), idempotencyKey: key(), ...more }),
    correct: (orderId: string, productId: string, values: Fields) =>
      send('correctOrder', { orderId, lineItems: [{ lineItem: { productId }, ...values }], idempotencyKey: key() }),
    adjust: (orderId: string, type: 'CREDIT' | 'DEBIT', amount: string, more: Fields = {}) =>
      send('adjustSpend', { orderId, type, amount, reason: 'goodwill', adjustedBy: 'admin-1', idempotencyKey: key(), ...more }),
    bulkCreate: (orders: readonly Fields[], errorPolicy?: string, dryRun = false) =>
      send<BulkPayload>('bulkCreateOrders', { orders, ...(errorPolicy && { errorPolicy }) }, dryRun),
    bulkUpdate: (updates: readonly Fields[], errorPolicy?: string, dryRun = false) =>
      send<BulkPayload>('bulkUpdateOrders', { updates, ...(errorPolicy && { errorPolicy }) }, dryRun),
    cart: async (lines: readonly Line[], more: Fields = {}) =>
      (await ask<{ payload: CartPayload }>(cartDocument, { input: { userId: 'ann', lineItems: lines.map(lineOf), ...more } })).payload,
    readOrder: async (orderId: string) => (await ask<{ order: OrderView | null }>(orderDocument, { orderId })).order,
    readMember: async (userId = 'ann') => (await ask<{ member: MemberView | null }>(memberDocument, { userId })).member,
    balances: async (userId = 'ann') => (await account(userId)).points,
    /** The member's entries, oldest first. */
    entries: async (userId = 'ann'): Promise<readonly EntryView[]> => (await account(userId)).pointsEntries.nodes.toReversed(),
    lots: async (userId = 'ann'): Promise<readonly LotView[]> => (await account(userId)).lots.nodes,
    expiring: async (withinDays: readonly number[], userId = 'ann'): Promise<readonly BucketView[]> =>
      (await account(userId, withinDays)).points.expiring,
    /** The number of rows and a digest of all of them, for "nothing was written". */
    stored: () => database.digest(),
    /** Runs SQL beside the server. */
    query: (sql: string) => database.query(sql),
    async close() {
      await server.close();
      await database.remove();
    },
  };
  await world.setProgram(program);
  await world.member('ann');
  return world;
}
