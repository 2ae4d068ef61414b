// Traces: the same random commands, questions and clock moves sent to two servers, whose answers must not differ in a byte.

import { orderActions, orderStatuses } from '../../src/domain/line-item.ts';
import { sandboxSchema } from '../../src/graphql/sandbox.ts';
import { orderSorts } from '../../src/store/store.ts';
import { lineIdsOf } from './histories/compare.ts';
import { requestOf } from './histories/documents.ts';
import { drawPause, drawStep, type Past, remember } from './histories/generate.ts';
import { type Random, seededRandom } from './histories/random.ts';
import { startMs } from './histories/run-history.ts';
import type { Command } from './oracle/command.ts';
import { decide } from './oracle/decide.ts';
import { settled } from './oracle/posting.ts';
import type { ProgramFile } from './oracle/program.ts';
import { emptyWorld, type World, withProgram } from './oracle/world.ts';
import { randomOperation } from './random-operation.ts';
import type { TestServer } from './server.ts';

type Variables = Readonly<Record<string, unknown>>;
/** Asks both servers, and answers what both said. */
type Ask = (query: string, variables: Variables) => Promise<string>;

/** Texts whose order depends on who compares, and whose bytes on who stores them. */
const oddTexts = [
  'Z',
  'a',
  'A',
  'é',
  'É',
  'ß',
  '😀',
  '\uffff',
  "it's",
  '"',
  '\\',
  '%',
  '_',
  '',
  ' ',
  'İstanbul',
  'i',
  'x'.repeat(100),
  'null',
  '{}',
];

const day = 86_400_000;
const instant = (random: Random, now: number): string => new Date(now + random.int(-40, 2) * day + random.int(0, day)).toISOString();
const some = <T>(random: Random, values: readonly T[]): readonly T[] => Array.from({ length: random.int(0, 3) }, () => random.pick(values));

const bounds = <T>(random: Random, names: readonly [string, string], value: () => T): Variables => {
  const [first, second] = names;
  return { ...(random.chance(0.7) && { [first]: value() }), ...(random.chance(0.5) && { [second]: value() }) };
};

/** A filter of orders: each condition seldom, so that two or three come together. */
function orderFilter(random: Random, world: World, now: number): Variables {
  const seldom = (part: () => Variables): Variables => (random.chance(0.17) ? part() : {});
  return {
    ...seldom(() => ({ orderIds: some(random, [...world.orders.keys(), 'none']) })),
    ...seldom(() => ({ userIds: some(random, [...world.members.keys(), 'none']) })),
    ...seldom(() => ({ productIds: some(random, ['p1', 'p2', 'p3', 'mug', 'none']) })),
    ...seldom(() => ({ storeIds: some(random, ['store-1', 'store-2', 'none']) })),
    ...seldom(() => ({ sources: some(random, ['web', ...oddTexts]) })),
    ...seldom(() => ({ statuses: some(random, orderStatuses) })),
    ...seldom(() => ({ allowedActions: some(random, orderActions) })),
    ...seldom(() => ({ hasHeldPoints: random.chance(0.5) })),
    ...seldom(() => ({ orderDate: bounds(random, ['from', 'before'], () => instant(random, now)) })),
    ...seldom(() => ({ updatedAt: bounds(random, ['from', 'before'], () => instant(random, now)) })),
    ...seldom(() => ({ total: bounds(random, ['min', 'max'], () => String(random.int(0, 400))) })),
  };
}

function memberFilter(random: Random, world: World): Variables {
  const seldom = (part: () => Variables): Variables => (random.chance(0.25) ? part() : {});
  return {
    ...seldom(() => ({ userIds: some(random, [...world.members.keys(), 'none']) })),
    ...seldom(() => ({ email: random.pick(oddTexts) })),
    ...seldom(() => ({ namePrefix: random.pick(oddTexts).slice(0, 1) })),
    ...seldom(() => ({ statuses: some(random, ['ACTIVE', 'BLOCKED']) })),
    ...seldom(() => ({ tiers: some(random, ['Bronze', 'Silver', 'Gold', 'Base', 'none']) })),
  };
}

const page = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const statement =
  'pointsEntries(first: 7) { totalCount edges { cursor node { id type points available availableAfter occurredAt order { orderId } } } }';
const documents = {
  orders: `query ($filter: OrderFilter, $sort: OrderSort, $first: Int, $after: String) {
    list: orders(filter: $filter, sort: $sort, first: $first, after: $after) { ${page} edges { cursor node {
      id orderId orderDate updatedAt source storeId status total { amount } member { userId } lineItems(first: 2) { totalCount nodes { id name } } } } } }`,
  members: `query ($filter: MemberFilter, $first: Int, $after: String) {
    list: members(filter: $filter, first: $first, after: $after) { ${page} edges { cursor node {
      id userId email firstName lastName tier { name periodSpend { amount } } secondaryMembers(first: 2) { totalCount nodes { userId } } ${statement}
      lots(first: 3) { totalCount nodes { id remaining expiresAt } } points { available held expiring(withinDays: [3, 30]) { points nextExpiryAt } } } } } }`,
  ofMember: `query ($userId: ID!, $sort: OrderSort, $first: Int, $after: String) {
    member(by: { userId: $userId }) { ${statement} list: orders(sort: $sort, first: $first, after: $after) { ${page} nodes { orderId total { amount } } } } }`,
  versions: `query ($first: Int, $after: String) {
    list: programVersions(first: $first, after: $after) { ${page} nodes { version effectiveFrom } } }`,
  rename: `mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id email firstName lastName } userErrors { code } } }`,
};

/** Asks for a list from its begin, and for the pages after it, up to three. */
async function walk(ask: Ask, query: string, variables: Variables): Promise<void> {
  let after: string | null = null;
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await ask(query, { ...variables, after });
    after = /"hasNextPage":true[^}]*"endCursor":"([^"]+)"/.exec(answer)?.[1] ?? null;
    if (after === null) return;
  }
}

/** Asks something at random of what there is. */
async function question(ask: Ask, random: Random, world: World, now: number): Promise<void> {
  const [sort, first] = [random.pick(orderSorts), random.pick([1, 2, 3, 7, 20])];
  const userId = random.pick([...world.members.keys()]);
  const kind = random.weighted([[6, 'orders'], [3, 'members'], [3, 'ofMember'], [0.5, 'versions'], [1.5, 'rename'], [2, 'anything']] as const); // biome-ignore format: one choice a bracket
  switch (kind) {
    case 'orders':
      return walk(ask, documents.orders, { filter: orderFilter(random, world, now), sort, first });
    case 'members':
      return walk(ask, documents.members, { filter: memberFilter(random, world), first });
    case 'ofMember':
      return walk(ask, documents.ofMember, { userId, sort, first });
    case 'versions':
      return walk(ask, documents.versions, { first: random.pick([1, 2, 5]) });
    case 'rename': {
      const names = { email: random.pick(oddTexts), firstName: random.pick(oddTexts), lastName: random.pick([...oddTexts, null]) };
      await ask(documents.rename, { input: { userId, ...names } });
      return;
    }
    case 'anything': {
      const { query, variables } = randomOperation(sandboxSchema(), (below) => (below > 0 ? random.int(0, below - 1) : 0), known(world));
      await ask(query, variables);
    }
  }
}

/** What required arguments are given, out of what there is. */
function known(world: World) {
  const [orders, members] = [[...world.orders.keys()], [...world.members.keys()]];
  const quoted = (values: readonly string[]) => values.slice(-5).map((value) => JSON.stringify(value));
  const nodes = [...world.lineIds.keys()];
  return {
    'Query.node': quoted(nodes).map((id) => `id: ${id}`),
    'Query.nodes': [`ids: [${quoted(nodes).join(', ')}]`],
    'Query.order': quoted([...orders, 'none']).map((id) => `by: { orderId: ${id} }`),
    'Query.member': quoted(members).map((id) => `by: { userId: ${id} }`),
    'Query.orderDetails': quoted(members).map((id) => `userId: ${id}`),
    'Query.secondaryMemberOrders': quoted(members).map((id) => `userId: ${id}`),
    'PointsBalance.expiring': ['withinDays: [1, 30, 400]'],
  };
}

/** Learns the ids of lines out of an answer, for commands that name a line by its id. */
function learnLines(world: World, answer: string): void {
  const { data } = JSON.parse(answer) as { readonly data?: { readonly payload?: { readonly order?: Variables | null } } }; // An answer of GraphQL.
  const order = data?.payload?.order;
  if (!order?.['lineItems']) return;
  for (const [position, id] of lineIdsOf(order).entries()) world.lineIds.set(id, { orderId: String(order['orderId']), position });
}

const dressed = (random: Random, command: Command): Command =>
  command.kind === 'createOrder' && random.chance(0.4)
    ? { ...command, input: { ...command.input, source: random.pick(oddTexts) } }
    : command;

export type Trace = { readonly program: ProgramFile; readonly seed: number; readonly steps: number };
/** Told of each pair of answers, and what was asked. */
type Compare = (asked: string, one: string, other: string) => void;

async function textOf(server: TestServer, query: string, variables: Variables): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return (await server.fetch(request)).text();
}

/** Sends a trace to two empty servers. Each command is drawn from the state that the oracle expects. */
export async function playTrace(
  servers: readonly [TestServer, TestServer],
  { program, seed, steps }: Trace,
  compare: Compare,
): Promise<void> {
  const random = seededRandom(seed);
  const past: Past = { accepted: [], freeKeys: [] };
  let now = startMs;
  let world = withProgram(emptyWorld(), program, now);
  const ask: Ask = async (query, variables) => {
    const [one, other] = [await textOf(servers[0], query, variables), await textOf(servers[1], query, variables)];
    compare(`${query} ${JSON.stringify(variables)}`, one, other);
    return one;
  };
  const command = async (given: Command): Promise<void> => {
    const decision = decide(world, given, now);
    const { document, variables } = requestOf(given);
    const answer = await ask(document, variables);
    remember(past, given, decision);
    world = decision.world;
    if (!decision.dryRun) learnLines(world, answer);
  };
  for (const server of servers) {
    server.setClock(now);
    await server.setProgram(program);
  }
  for (const userId of ['m1', 'm2', 'Z', 'a', 'é', '😀', 'm3', "m'4"]) await command({ kind: 'enrollMember', input: { userId } });
  for (let index = 0; index < steps; index += 1) {
    now += drawPause(random);
    const isSwept = random.chance(0.3);
    for (const server of servers) {
      server.setClock(now);
      if (isSwept) await server.settle();
    }
    world = settled(world, now);
    const step = drawStep(random.int(0, 2 ** 31 - 1), { world, now, past });
    if (step.kind === 'command') await command(dressed(random, step.command));
    if (step.kind === 'program') {
      for (const server of servers) await server.setProgram(step.file, step.from);
      world = withProgram(world, step.file, step.from === null ? now : Date.parse(step.from));
    }
    if (random.chance(0.5)) await question(ask, random, world, now);
  }
}
