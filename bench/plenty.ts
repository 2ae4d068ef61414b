// Plenty of rows: orders with many lines, of many members.
import type { Server } from '../src/server.ts';

const linesPerOrder = 60;
const members = 100;

const mutation = (name: string, input: string, of: string) => `mutation($input: ${input}!) { ${name}(input: $input) { ${of} } }`;

async function send(server: Pick<Server, 'fetch'>, query: string, input: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await server.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await response.text();
  if (!response.ok || text.includes('"errors"')) throw new Error(text.slice(0, 500));
}

/** Enrolls 100 members, "plenty-0" and so on, and spreads so many orders with 60 lines each over them. */
export async function createOrders(server: Pick<Server, 'fetch'>, count: number): Promise<void> {
  for (let member = 0; member < members; member += 1)
    await send(server, mutation('enrollMember', 'EnrollMemberInput', 'member { id }'), { userId: `plenty-${member}` });
  for (let done = 0; done < count; done += 50)
    await send(server, mutation('bulkCreateOrders', 'BulkCreateOrdersInput', 'created'), {
      orders: Array.from({ length: Math.min(50, count - done) }, (_, index) => ({
        orderId: `plenty-${done + index}`,
        userId: `plenty-${(done + index) % members}`,
        lineItems: Array.from({ length: linesPerOrder }, (__, line) => ({ productId: `p${line}`, quantity: 1, unitPrice: '10.00' })),
      })),
    });
}
