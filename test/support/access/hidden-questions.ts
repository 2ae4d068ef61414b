// Pairs of questions: one about what a viewer may not see, and the same one about what there is not.

import { encodeId } from './ids.ts';
import type { Model } from './model.ts';
import type { Variables } from './routes.ts';
import { nodeTypes, type StoredNode } from './rows.ts';
import type { Viewer } from './viewers.ts';

export type HiddenQuestion = {
  readonly label: string;
  readonly document: string;
  readonly hidden: Variables;
  readonly missing: Variables;
};

const absent = '00000000-0000-7000-8000-000000000000';
/** The same kind of identity, of what there is not. */
const absentIdentity = (identity: string): string => identity.replace(/^[0-9a-f-]{36}/, absent);

const list = '{ totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';
const nodeDocument = 'query Ask($id: ID!) { node(id: $id) { __typename id } }';
const nodesDocument = 'query Ask($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

/** An object of each type that the viewer may not see: the first of their own site, and the first of the other. */
function hiddenNodes(model: Model, viewer: Viewer): readonly StoredNode[] {
  return nodeTypes.flatMap((typename) => {
    const unseen = model.rows.nodes.filter((node) => node.typename === typename && !model.sees(viewer, typename, node.identity));
    return [unseen.find(({ siteId }) => siteId === viewer.siteId), unseen.find(({ siteId }) => siteId !== viewer.siteId)].flatMap(
      (node) => node ?? [],
    );
  });
}

function nodeQuestions(model: Model, viewer: Viewer): readonly HiddenQuestion[] {
  const seen = model.rows.nodes.find((node) => model.sees(viewer, node.typename, node.identity))?.id;
  return hiddenNodes(model, viewer).flatMap(({ siteId, typename, identity, id }) => {
    const none = encodeId(typename, absentIdentity(identity));
    return [
      { label: `node of ${siteId}, ${typename}`, document: nodeDocument, hidden: { id }, missing: { id: none } },
      {
        label: `nodes of ${siteId}, ${typename}`,
        document: nodesDocument,
        hidden: { ids: [...(seen ? [seen] : []), id, id] },
        missing: { ids: [...(seen ? [seen] : []), none, none] },
      },
      ...byIdQuestions(siteId, typename, id, none),
    ];
  });
}

function byIdQuestions(siteId: string, typename: string, id: string, none: string): readonly HiddenQuestion[] {
  if (typename !== 'Order' && typename !== 'Member') return [];
  const document = `query Ask($id: ID!) { ${typename.toLowerCase()}(by: { id: $id }) { id } }`;
  return [{ label: `${typename} of ${siteId} by id`, document, hidden: { id }, missing: { id: none } }];
}

/** A row beside what else is asked for: what was read already must not tell that it is there. */
export function besideQuestions(model: Model, viewer: Viewer): readonly HiddenQuestion[] {
  const adjustment = hiddenNodes(model, viewer).find(({ typename }) => typename === 'SpendAdjustment');
  const order = model.rows.adjustments.find(({ id }) => id === adjustment?.identity)?.orderId ?? '';
  const none = encodeId('SpendAdjustment', absent);
  const beside = (label: string, hidden: string, missing: string): HiddenQuestion => ({
    ...{ label, document: nodesDocument },
    ...{ hidden: { ids: [hidden, adjustment?.id] }, missing: { ids: [missing, none] } },
  });
  return [
    beside('an adjustment beside what is no id', 'no id', 'no id'),
    beside('an adjustment beside its order', encodeId('Order', order), encodeId('Order', absent)),
  ];
}

/** Questions with one variable, each by the part of a query that it stands in. */
const namedDocuments: Readonly<Record<'order' | 'user' | 'product' | 'store' | 'source' | 'email' | 'name', readonly string[]>> = {
  order: [
    '($name: ID!) { order(by: { orderId: $name }) { id } }',
    `($name: ID!) { orders(filter: { orderIds: [$name] }) ${list} }`,
    `($name: ID!) { orders(filter: { orderIds: [$name] }, sort: TOTAL_ASC, first: 1) ${list} }`,
    `($name: ID!) { orderDetails(orderId: $name) ${list} }`,
    `($name: ID!, $own: ID!) { orderDetails(orderId: $name, userId: $own) ${list} }`,
    `($name: ID!, $own: ID!) { secondaryMemberOrders(userId: $own, orderId: $name) ${list} }`,
    `($name: ID!, $own: ID!) { member(by: { userId: $own }) { orders(filter: { orderIds: [$name] }) ${list} } }`,
  ],
  user: [
    '($name: ID!) { member(by: { userId: $name }) { id } }',
    `($name: ID!) { members(filter: { userIds: [$name] }) ${list} }`,
    `($name: ID!) { orders(filter: { userIds: [$name] }) ${list} }`,
    `($name: ID!, $own: ID!) { orders(filter: { userIds: [$own, $name] }) ${list} }`,
    `($name: ID!) { orderDetails(userId: $name) ${list} }`,
    `($name: ID!) { secondaryMemberOrders(userId: $name) ${list} }`,
    `($name: ID!, $own: ID!) { secondaryMemberOrders(userId: $own, secondaryUserId: $name) ${list} }`,
    `($name: ID!, $own: ID!) { secondaryMemberOrders(userId: $name, secondaryUserId: $own) ${list} }`,
    `($name: ID!) { cartPoints(input: { userId: $name, redeemPoints: 5, lineItems: [{ productId: "p", quantity: 1, unitPrice: 10 }] }) {
      cart { points } userErrors { __typename code message path } } }`,
  ],
  product: [`($name: ID!) { orders(filter: { productIds: [$name] }) ${list} }`],
  store: [`($name: ID!) { orders(filter: { storeIds: [$name] }) ${list} }`],
  source: [`($name: String!) { orders(filter: { sources: [$name] }) ${list} }`],
  email: [`($name: String!) { members(filter: { email: $name }) ${list} }`],
  name: [`($name: String!) { members(filter: { namePrefix: $name }) ${list} }`],
};

function namedQuestions(model: Model, viewer: Viewer): readonly HiddenQuestion[] {
  const { siteId, subject: own } = viewer;
  const orders = model.told.orders.filter((order) => order.siteId === siteId && !model.seesOrder(viewer, order));
  const users = model.told.members.filter((member) => member.siteId === siteId && !model.seesMember(viewer, member));
  const [order, user] = [orders[0]?.orderId ?? '', users[0]?.userId ?? ''];
  const hidden = {
    ...{ order, user },
    product: `mark~${siteId}~order~${order}~product-1~`,
    store: `mark~${siteId}~order~${order}~store~`,
    source: `mark~${siteId}~order~${order}~source~`,
    email: `mark~${siteId}~email~${user}~address~@post.example`,
    name: `mark~${siteId}~name~${user}`,
  };
  return Object.entries(namedDocuments).flatMap(([kind, documents]) =>
    documents.map((rest) => ({
      label: `${kind}: ${rest}`,
      document: `query Ask${rest}`,
      hidden: { name: hidden[kind as keyof typeof hidden], ...(rest.includes('$own') && { own }) }, // The kinds are those of the documents.
      missing: { name: 'there-is-none', ...(rest.includes('$own') && { own }) },
    })),
  );
}

/** A page after a place that a hidden row takes, and after one that none does. */
function cursorQuestions(model: Model, viewer: Viewer): readonly HiddenQuestion[] {
  const cursor = (name: string, value: string | number, id: string): string =>
    Buffer.from(JSON.stringify([name, value, id])).toString('base64url');
  const place = Date.parse('2026-02-10T12:00:00Z');
  const order = hiddenNodes(model, viewer).find(({ typename }) => typename === 'Order')?.identity ?? '';
  const beside = order.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const document = `query Ask($after: String!) { orders(after: $after) ${list} }`;
  const [hidden, missing] = [order, beside].map((id) => ({ after: cursor('ORDER_DATE_DESC', place, id) }));
  return [{ label: 'a cursor of an order', document, hidden: hidden ?? {}, missing: missing ?? {} }];
}

export const hiddenQuestions = (model: Model, viewer: Viewer): readonly HiddenQuestion[] => [
  ...nodeQuestions(model, viewer),
  ...namedQuestions(model, viewer),
  ...cursorQuestions(model, viewer),
];
