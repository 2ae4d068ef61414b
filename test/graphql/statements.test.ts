// Counts SQL statements: an answer costs as many for fifty rows as for five, whatever edges it follows.
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServer, type TestServer } from '../support/server.ts';

const program = {
  siteId: 'demo',
  name: 'Statements',
  currencyCode: 'USD',
  timeZone: 'America/Los_Angeles',
  pointsScale: 0,
  rounding: 'FLOOR',
  pointValue: '0.01',
  purchase: { configured: true, baseRatio: '1', pointsBase: 'UNIT_PRICE', maximumPointsPerOrder: null },
  hold: { type: 'NONE', days: 0 },
  expiryDays: 20,
  debtPolicy: 'ALLOW',
  tiers: { period: 'ROLLING_12_MONTHS', levels: [{ name: 'Bronze', minimumSpend: '0', ratio: '1' }] },
  rules: [],
  campaigns: [],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null },
  secondaryMembers: { earnForPrimary: true },
};

const connection = (content: string) => `edges { cursor node { ${content} } } nodes { id } pageInfo { hasNextPage endCursor } totalCount`;
const entry =
  'id member { userId } order { orderId } lineItem { productId order { orderId } } spendAdjustment { id order { orderId } member { userId } }';
const adjustment = 'id order { orderId } member { userId }';
const member =
  'userId tier { name periodSpend { amount } } points { available expiring(withinDays: [7, 30]) { points nextExpiryAt } } totalSpend { amount } primaryMember { userId tier { name } }';
const household = `${member} secondaryMembers { ${connection(member)} } spendAdjustments { ${connection(adjustment)} }`;

/** Each asks for a page of $first rows; between them they follow every edge that leaves the types below. */
const documents = {
  'orders with their lines, member, secondary members and adjustments': `query Ask($first: Int!) {
    orders(first: $first) { nodes {
      orderId lineItems { ${connection('id order { orderId member { userId } } earning { steps { label } }')} } member { ${household} } creditedTo { ${household} }
    } }
  }`,
  'orders with events, entries and adjustments': `query Ask($first: Int!) {
    orders(first: $first) { nodes {
      orderId events { ${connection(`id lines { quantity lineItem { productId order { orderId } } } pointsEntries { ${entry} }`)} }
      pointsEntries { ${connection(entry)} } spendAdjustments { ${connection(adjustment)} }
    } }
  }`,
  'members with primary, secondaries, orders, entries and adjustments': `query Ask($first: Int!) {
    members(first: $first) { nodes {
      ${household} pointsEntries { ${connection(entry)} } lots { ${connection('id remaining order { orderId member { userId } }')} }
      orders(first: 3, sort: TOTAL_DESC, filter: { statuses: [SHIPPED, PARTIALLY_RETURNED] }) { ${connection('orderId member { userId } lineItems { nodes { id } }')} }
    } }
  }`,
} as const;

let server: TestServer;
const indexes = Array.from({ length: 60 }, (_, index) => String(index).padStart(2, '0'));

async function send(field: string, input: string, value: object): Promise<void> {
  const answer = await server.execute(`mutation Send($input: ${input}!) { ${field}(input: $input) { userErrors { code message path } } }`, {
    input: value,
  });
  expect(answer).toEqual({ data: { [field]: { userErrors: [] } } });
}

beforeAll(async () => {
  server = openServer();
  await server.setProgram(program);
  // Households of five, so that pages of five and of fifty hold whole ones; everybody orders, returns and is adjusted.
  for (const [position, name] of indexes.entries()) {
    const primary = position % 5 > 0 ? { primaryUserId: `user-${indexes[position - (position % 5)]}` } : {};
    await send('enrollMember', 'EnrollMemberInput', { userId: `user-${name}`, ...primary });
    const lineItems = ['a', 'b'].map((productId) => ({ productId, quantity: 2, unitPrice: '10' }));
    await send('createOrder', 'CreateOrderInput', { orderId: `order-${name}`, userId: `user-${name}`, lineItems });
    const returned = { action: 'RETURN', lineItems: [{ lineItem: { productId: 'a' }, quantity: 1 }] };
    await send('updateOrder', 'UpdateOrderInput', { orderId: `order-${name}`, idempotencyKey: `return-${name}`, ...returned });
    const credit = { type: 'CREDIT', amount: '5', reason: 'test', adjustedBy: 'admin' };
    await send('adjustSpend', 'AdjustSpendInput', { orderId: `order-${name}`, idempotencyKey: `adjust-${name}`, ...credit });
  }
});
afterAll(() => server.close());

async function statementsOf(document: string, first: number): Promise<readonly string[]> {
  server.takeStatements();
  const answer = await server.execute(document, { first });
  expect(answer.errors).toBeUndefined();
  const [rows] = Object.values(answer.data as Record<string, { nodes: unknown[] }>); // The documents ask for one list.
  expect(rows?.nodes).toHaveLength(first);
  return server.takeStatements();
}

describe('the number of statements', () => {
  it.each(Object.entries(documents))('is that of five rows for fifty: %s', async (_, document) => {
    const few = await statementsOf(document, 5);
    const many = await statementsOf(document, 50);
    expect(many).toEqual(few);
    expect(many.length).toBeLessThan(40);
  });

  it('is counted where there are lots that expire', async () => {
    const { data } = await server.execute(documents['members with primary, secondaries, orders, entries and adjustments'], { first: 5 });
    const { members } = data as { members: { nodes: { points: { expiring: unknown }; lots: { totalCount: number } }[] } }; // As the document asks.
    const primary = members.nodes[0];
    expect(primary?.lots.totalCount).toBe(10);
    expect(primary?.points.expiring).toMatchObject([{ points: 0, nextExpiryAt: null }, { points: 175 }]);
  });

  it('is asked of every edge', () => {
    const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
    const values = ['Money', 'MemberTier', 'PointsBalance', 'Earning'];
    const edges = ['Order', 'LineItem', 'Member', 'PointsEntry', 'SpendAdjustment', 'OrderEvent', 'OrderEventLine', 'PointsLot'].flatMap(
      (name) => {
        const type = schema.getType(name);
        const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
        const isEdge = (named: ReturnType<typeof getNamedType>) => isObjectType(named) && !values.includes(named.name);
        return fields.filter((field) => isEdge(getNamedType(field.type))).map((field) => `${name}.${field.name}`);
      },
    );
    const followed = new Set<string>();
    for (const document of Object.values(documents)) {
      const types = new TypeInfo(schema);
      visit(
        parse(document),
        visitWithTypeInfo(types, { Field: ({ name }) => void followed.add(`${types.getParentType()?.name}.${name.value}`) }),
      );
    }
    expect(edges.length).toBeGreaterThan(15);
    expect(edges.filter((edge) => !followed.has(edge))).toEqual([]);
  });
});
