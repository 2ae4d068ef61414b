// Tells a site's history through the server as an administrator, and keeps who bought, who was whose primary member and who earned.
import type { TestServer } from '../server.ts';
import { bearer } from '../tokens.ts';
import { plainProgram } from '../world.ts';
import { markOf } from './marks.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Who is concerned by an order, by user ids; fixed when it is created. */
export type ToldOrder = {
  readonly siteId: string;
  readonly orderId: string;
  readonly buyer: string;
  readonly primary: string | null;
  readonly credited: string;
};
/** A link that there is or was. */
type ToldLink = { readonly siteId: string; readonly primary: string; readonly secondary: string };
export type Told = {
  readonly members: readonly { readonly siteId: string; readonly userId: string }[];
  readonly links: readonly ToldLink[];
  /** Links that are not ended. */
  readonly linksNow: readonly ToldLink[];
  readonly orders: readonly ToldOrder[];
};

export type Teller = Awaited<ReturnType<typeof createTeller>>;

const inputOf = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}Input`;

/** A teller of one site. Prices differ between sites, so that the same order ids stand for different orders. */
export function createTeller(server: TestServer, siteId: string, dollars: number) {
  const headers = bearer('admin', `office of ${siteId}`, siteId);
  const members: { siteId: string; userId: string }[] = [];
  const links: ToldLink[] = [];
  const orders: ToldOrder[] = [];
  const primaryNow = new Map<string, string>();
  let pooling = false;
  let keys = 0;

  async function send(document: string, variables: Fields): Promise<void> {
    const { data, errors } = await server.execute(document, variables, headers);
    const { payload } = (data ?? {}) as { payload?: { userErrors: readonly object[] } }; // Every document here asks so.
    if (errors || !payload || payload.userErrors.length > 0)
      throw new Error(`The story stops: ${JSON.stringify({ variables, errors, payload })}`);
  }
  const command = (name: string, input: Fields): Promise<void> =>
    send(`mutation Tell($input: ${inputOf(name)}!) { payload: ${name}(input: $input) { userErrors { code message path } } }`, { input });

  function link(primary: string, secondary: string): void {
    primaryNow.set(secondary, primary);
    links.push({ siteId, primary, secondary });
  }
  const mark = (orderId: string, what: string): string => markOf({ siteId, kind: 'order', subject: orderId }, what);
  /** Lines of [product, quantity, price]. */
  const lines = (orderId: string, from: number, list: readonly (readonly [number, number])[]): readonly Fields[] =>
    list.map(([quantity, price], index) => ({
      productId: mark(orderId, `product-${from + index}`),
      lineKey: mark(orderId, `line-${from + index}`),
      quantity,
      unitPrice: String(price * dollars),
      discount: String(index),
      ...Object.fromEntries(
        ['categoryId', 'categoryName', 'name', 'description', 'url', 'imageUrl', 'coupon'].map((field) => [field, mark(orderId, field)]),
      ),
      estimatedShipDate: '2026-12-24T00:00:00Z',
    }));

  return {
    told: (): Told => ({
      ...{ members, links, orders },
      linksNow: [...primaryNow].map(([secondary, primary]) => ({ siteId, primary, secondary })),
    }),
    program: (changes: Fields): Promise<void> => {
      pooling = changes['secondaryMembers'] !== undefined;
      const file = { ...plainProgram, ...changes, siteId, name: `Program of ${siteId}` };
      return server.setProgram(file);
    },
    async enroll(userId: string, primaryUserId: string | null = null): Promise<void> {
      const named = { siteId, kind: 'name', subject: userId } as const;
      const names = { firstName: markOf(named, 'first'), lastName: markOf(named, 'last') };
      const email = `${markOf({ siteId, kind: 'email', subject: userId }, 'address')}@post.example`;
      await command('enrollMember', { userId, primaryUserId, ...names, email });
      members.push({ siteId, userId });
      if (primaryUserId !== null) link(primaryUserId, userId);
    },
    async leave(secondaryUserId: string): Promise<void> {
      const document =
        'mutation Tell($id: ID!) { payload: unlinkSecondaryMember(secondaryUserId: $id) { userErrors { code message path } } }';
      await send(document, { id: secondaryUserId });
      primaryNow.delete(secondaryUserId);
    },
    async join(primaryUserId: string, secondaryUserId: string): Promise<void> {
      await command('linkSecondaryMember', { primaryUserId, secondaryUserId });
      link(primaryUserId, secondaryUserId);
    },
    async order(orderId: string, buyer: string, list: readonly (readonly [number, number])[], more: Fields = {}): Promise<void> {
      const texts = { source: mark(orderId, 'source'), storeId: mark(orderId, 'store'), coupons: [mark(orderId, 'coupons')] };
      const attributes = { note: mark(orderId, 'attributes') };
      await command('createOrder', { orderId, userId: buyer, ...texts, attributes, lineItems: lines(orderId, 1, list), ...more });
      const primary = primaryNow.get(buyer) ?? null;
      orders.push({ siteId, orderId, buyer, primary, credited: pooling && primary !== null ? primary : buyer });
    },
    update: (orderId: string, action: 'SHIP' | 'RETURN' | 'CANCEL', line: number, quantity: number): Promise<void> =>
      command('updateOrder', {
        ...{ orderId, action, idempotencyKey: `key-${++keys}`, reason: mark(orderId, 'reason') },
        lineItems: [{ lineItem: { lineKey: mark(orderId, `line-${line}`) }, quantity }],
      }),
    add: (orderId: string, from: number): Promise<void> =>
      command('addToOrder', { orderId, idempotencyKey: `key-${++keys}`, lineItems: lines(orderId, from, [[1, 15]]) }),
    correct: (orderId: string, line: number, price: number): Promise<void> =>
      command('correctOrder', {
        ...{ orderId, idempotencyKey: `key-${++keys}`, reason: mark(orderId, 'reason') },
        lineItems: [{ lineItem: { lineKey: mark(orderId, `line-${line}`) }, unitPrice: String(price * dollars) }],
      }),
    adjust: (orderId: string, type: 'CREDIT' | 'DEBIT', amount: number): Promise<void> =>
      command('adjustSpend', {
        ...{ orderId, type, amount: String(amount), idempotencyKey: `key-${++keys}` },
        ...{ reason: mark(orderId, 'adjustment'), adjustedBy: mark(orderId, 'adjuster') },
      }),
  };
}
