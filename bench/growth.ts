// What must not cost more as there is more, of the gateway alone: a page deep in a list, an order of many times as many.
import { orderedAt } from './figures.ts';
import { type Course, loadOnce, median } from './measure.ts';
import type { OperationName } from './operations.ts';
import type { Server } from './servers.ts';

/** Microseconds of the processor a request, of one against the other. */
export type Comparison = { readonly title: string; readonly microseconds: readonly [number, number]; readonly ratio: number };

type Side = { readonly server: Server; readonly copies: number; readonly operation: OperationName; readonly variables?: object };

/** Measures both sides in turns. The first round of each warms up. */
async function compare(course: Course, title: string, sides: readonly [Side, Side]): Promise<Comparison> {
  const measured: [number[], number[]] = [[], []];
  for (let round = 0; round <= course.rounds; round += 1)
    for (const [place, { server, copies, ...asked }] of sides.entries()) {
      const loading = { ...asked, connections: 10, from: round * 1_000, milliseconds: course.milliseconds };
      const { cpuMicroseconds } = await loadOnce({ ...course, copies }, server, loading);
      if (round > 0) measured[place === 0 ? 0 : 1].push(cpuMicroseconds);
    }
  const ratios = measured[1].map((microseconds, index) => microseconds / (measured[0][index] ?? Number.NaN));
  return { title, microseconds: [median(measured[0]), median(measured[1])], ratio: median(ratios) };
}

/** The cursor of an order in the middle of the list of all. */
async function middleCursor(server: Server, token: string, order: number): Promise<string> {
  const query = 'query ($before: DateTime!) { orders(first: 1, filter: { orderDate: { before: $before } }) { pageInfo { endCursor } } }';
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { before: new Date(orderedAt(order)).toISOString() } }),
  });
  const { data } = await response.json();
  return data.orders.pageInfo.endCursor;
}

/** A page of 50 in the middle of all orders against the first one. */
export async function compareDepth(course: Course, server: Server, madeOrders: number): Promise<Comparison> {
  const cursor = await middleCursor(server, course.token, madeOrders / 2);
  const page = { server, copies: course.copies, operation: 'PAGE' } as const;
  return compare(course, `50 of all orders: from the middle of ${(madeOrders * course.copies).toLocaleString('en')} against the first`, [
    { ...page, variables: {} },
    { ...page, variables: { after: cursor } },
  ]);
}

/** Q1 on a large database against the same on a small one. */
export function compareSize(
  course: Course,
  small: readonly [Server, number],
  large: readonly [Server, number],
  orders: readonly [number, number],
) {
  const [few, many] = orders.map((count) => count.toLocaleString('en'));
  return compare(course, `Q1 of ${many} orders against ${few}`, [
    { server: small[0], copies: small[1], operation: 'Q1' },
    { server: large[0], copies: large[1], operation: 'Q1' },
  ]);
}
