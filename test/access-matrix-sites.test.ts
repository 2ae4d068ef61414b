// Lists end where what may be seen ends, page by page; and commands of staff reach the orders of their own site alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLeakScan } from './support/access/leaks.ts';
import { administratorOf, memberOf, type Viewer, viewers } from './support/access/viewers.ts';
import { type AccessWorld, openAccessWorld } from './support/access/world.ts';

let world: AccessWorld;
beforeAll(async () => {
  world = await openAccessWorld();
});
afterAll(() => world.close());

async function ask<Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await world.server.execute(document, variables, { ...viewer.headers });
  expect(answer.errors).toBeUndefined();
  expect(createLeakScan(world.model)(viewer, JSON.stringify(answer))).toEqual([]);
  return answer.data as Data; // As the document asks.
}

type Page = {
  readonly nodes: readonly { readonly name: string }[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

describe('pages', () => {
  it.each(viewers)('lead $name through all that they may see, and nothing else', async (viewer) => {
    const orders = world.model.told.orders.filter((order) => world.model.seesOrder(viewer, order)).map(({ orderId }) => orderId);
    const members = world.model.told.members.filter((member) => world.model.seesMember(viewer, member)).map(({ userId }) => userId);
    for (const [list, expected] of [
      ['orders(sort: TOTAL_DESC, first: 2, after: $after) { nodes { name: orderId }', orders],
      ['orders(first: 3, after: $after) { nodes { name: orderId }', orders],
      ['members(first: 1, after: $after) { nodes { name: userId }', members],
    ] as const) {
      const document = `query Ask($after: String) { page: ${list} totalCount pageInfo { hasNextPage endCursor } } }`;
      const found: string[] = [];
      for (let after: string | null = null, more = true; more && found.length <= expected.length; ) {
        const { page }: { page: Page } = await ask(viewer, document, { after });
        expect(page.totalCount).toBe(expected.length);
        found.push(...page.nodes.map(({ name }) => name));
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(found.toSorted()).toEqual(expected.toSorted());
    }
  });
});

describe('commands of an administrator', () => {
  const document = `mutation Return($input: UpdateOrderInput!) { updateOrder(input: $input, dryRun: true) {
    order { orderId siteId source member { userId email } lineItems { nodes { name } } } userErrors { code } } }`;
  type Returned = {
    readonly updateOrder: { readonly order: { readonly siteId: string } | null; readonly userErrors: readonly { readonly code: string }[] };
  };
  const lineOf = (siteId: string): string => {
    const order = world.model.rows.orders.find((one) => one.siteId === siteId && one.orderId === 'primary-1');
    return world.model.rows.nodes.find(({ typename, identity }) => typename === 'LineItem' && identity === `${order?.id}:1`)?.id ?? '';
  };

  it.each(['demo', 'other'])('of %s reach its own order under an id that both sites have', async (siteId) => {
    const input = {
      orderId: 'primary-1',
      action: 'RETURN',
      idempotencyKey: 'same-on-both',
      lineItems: [{ lineItem: { id: lineOf(siteId) }, quantity: 1 }],
    };
    const { updateOrder } = await ask<Returned>(administratorOf(siteId), document, { input });
    expect(updateOrder).toMatchObject({ order: { siteId }, userErrors: [] });
    const foreign = { ...input, lineItems: [{ lineItem: { id: lineOf(siteId === 'demo' ? 'other' : 'demo') }, quantity: 1 }] };
    const refused = await ask<Returned>(administratorOf(siteId), document, { input: foreign });
    expect(refused.updateOrder).toEqual({ order: null, userErrors: [{ code: 'LINE_NOT_FOUND' }] });
  });

  it('are no business of a token for the other site', async () => {
    const [mine, theirs] = [memberOf('demo', 'pat'), memberOf('other', 'pat')];
    const own = '{ member(by: { userId: "pat" }) { id email points { available } } }';
    expect(await ask(mine, own)).not.toEqual(await ask(theirs, own));
    const response = await world.server.fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...mine.headers, 'x-site-id': 'other' },
        body: JSON.stringify({ query: own }),
      }),
    );
    expect(response.status).toBe(403);
  });
});
