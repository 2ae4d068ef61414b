// The bench's database and documents, as far as they go without the packages that only the bench installs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { benchDatabase } from '../bench/build-database.ts';
import { buyerOf, lineOf, linesPerOrder, madeMembers, madeOrders, orderIdOf, userIdOf } from '../bench/figures.ts';
import { comparedOperations, operations } from '../bench/operations.ts';
import { diagnose } from '../src/doctor.ts';
import { defaultLimits } from '../src/limits/limits.ts';
import { openGuardedServer, type TestServer } from './support/server.ts';
import { bearer } from './support/tokens.ts';

const copies = 2;
const folder = mkdtempSync(join(tmpdir(), 'orders-bench-'));
let file: string;
let server: TestServer;

beforeAll(async () => {
  file = await benchDatabase(folder, copies);
  // The clock stands, so that the budget of a minute would not be filled again.
  const limits = { ...defaultLimits, costPerMinute: 1e9 };
  server = openGuardedServer({ database: file, headers: bearer('service'), limits });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('copies of what commands made are as right as what they made', async () => {
  expect(await diagnose(file)).toEqual([]);
  const count = 'query { orders { totalCount } members { totalCount } }';
  expect(await server.execute(count)).toEqual({
    data: { orders: { totalCount: madeOrders * copies }, members: { totalCount: madeMembers * copies } },
  });
});

test('an order and its member are found in every copy by the ids that their numbers say', async () => {
  for (const copy of [0, 1]) {
    const { data } = await server.execute(operations.Q1.document, { orderId: orderIdOf(17, copy) });
    const lines = Array.from({ length: linesPerOrder }, (_, index) => lineOf(17, index + 1));
    expect(data).toMatchObject({
      order: {
        orderId: orderIdOf(17, copy),
        member: { userId: userIdOf(buyerOf(17), copy) },
        lineItems: { nodes: lines.map(({ productId, name, quantity }) => ({ productId, name, quantity })) },
      },
    });
  }
});

test.each(comparedOperations)('%s is answered within the limits, without errors or refusals', async (name) => {
  const { document, variables } = operations[name];
  for (let index = 0; index < (name === 'B1' ? 1 : 3); index += 1) {
    const answer = await server.execute(document, variables(index, copies));
    expect(answer.errors).toBeUndefined();
    expect(JSON.stringify(answer.data)).not.toContain('"userErrors":[{');
    expect(JSON.stringify(answer.data)).not.toContain('null');
  }
});
