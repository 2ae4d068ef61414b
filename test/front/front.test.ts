// The front answers as Yoga alone does: the same bytes, the same notes, the same charges, for whatever is sent.
import { afterEach, expect, it } from 'vitest';
import { bearer } from '../support/tokens.ts';
import { type Outcome, openBothWays, type Sent, type Setup } from './both-ways.ts';

let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  await close?.();
  close = null;
});

async function openBoth(setup: Setup) {
  const both = await openBothWays(setup);
  close = both.close;
  return both;
}

const body = (query: unknown, more: object = {}): string => JSON.stringify({ query, ...more });

const typename = '{ __typename }';
const page =
  'query Page($first: Int, $more: Boolean = false) { orders(first: $first) { nodes { orderId status @include(if: $more) } totalCount @skip(if: $more) } }';
const one = '{ order(by: { orderId: "first" }) { id orderId status lineItems(first: 5) { nodes { productId quantity } } } }';
const two = 'query One { viewer: __typename } query Two($id: ID!) { order(by: { orderId: $id }) { orderId } }';
const enroll = 'mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { member { userId } userErrors { code } } }';
const create = `mutation($input: CreateOrderInput!) { createOrder(input: $input) { order { id orderId version total { amount } lineItems { nodes { productId pointsAwarded } } }
  member { userId points { available } } replayed userErrors { code message path } } }`;
const order = (orderId: string) => ({
  input: { orderId, userId: 'ann', lineItems: [{ productId: 'p', quantity: 2, unitPrice: '10.00' }] },
});

const setUp: readonly Sent[] = [
  { body: body(enroll, { variables: { input: { userId: 'ann' } } }) },
  { body: body(create, { variables: order('first') }) },
];

const good: readonly Sent[] = [
  { body: body(typename) },
  { body: body(typename, { variables: null, operationName: null, extensions: null }) },
  { body: body(typename, { variables: {} }), headers: { accept: '*/*' } },
  { body: body(typename), headers: { accept: 'application/json' } },
  { body: body(typename), headers: { accept: 'application/graphql-response+json' } },
  { body: body(typename), headers: { accept: 'application/json, text/plain, */*' } },
  { body: body(typename), headers: { accept: 'application/json, */*' } },
  { body: body(typename), headers: { accept: 'application/graphql-response+json, application/json' } },
  { body: body(typename), headers: { accept: 'application/graphql-response+json,application/json' } },
  { body: body(typename), headers: { accept: 'application/graphql-response+json,application/json;q=0.9' } },
  { body: body(typename), headers: { accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8' } },
  { body: body(typename), headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'mine-1' } },
  { body: body(typename), headers: { 'x-request-id': 'not harmless' } },
  { body: body(one) },
  { body: body(page, { variables: { first: 2 } }) },
  { body: body(page, { variables: { first: null, more: true } }) },
  { body: body(page) },
  { body: body(page, { variables: { first: 3, unknown: { deep: [1] } } }) },
  { body: body(two, { operationName: 'One' }) },
  { body: body(two, { operationName: 'Two', variables: { id: 'first' } }) },
  { body: body(two, { operationName: 'Two', variables: { id: 7 } }) },
  { body: body('{ é: __typename } # ütf-8 of a comment') },
  { body: ` ${body(typename)}\n` },
  { body: `{"query":"{ wrong }","query":${JSON.stringify(typename)}}` },
  { body: body(create, { variables: order('first') }) },
  { body: body(create, { variables: { input: { ...order('x').input, lineItems: [] } } }) },
  { body: body('{ order(by: { orderId: "none" }) { orderId } }') },
  { body: body('{ a: orders { totalCount } b: __typename }') },
  { body: body('{ __schema { queryType { name } } }') },
];

/** What is refused, by whatever, or goes wrong. */
const bad: readonly Sent[] = [
  { body: '' },
  { body: 'null' },
  { body: '7' },
  { body: '"text"' },
  { body: '[]' },
  { body: `[${body(typename)}]` },
  { body: '{}' },
  { body: '{"query":null}' },
  { body: '{"query":7}' },
  { body: body(['{', '}']) },
  { body: body('') },
  { body: body(typename).slice(0, -1) },
  { body: `\u{feff}${body(typename)}` },
  { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
  { body: Buffer.concat([Buffer.from('{"query":"{ __typename } # '), Buffer.from([0xff]), Buffer.from('"}')]) },
  { body: Buffer.from(body(typename), 'utf16le') },
  { body: `{"query":${JSON.stringify(typename)},"__proto__":{"variables":{}}}` },
  { body: `{"query":${JSON.stringify(typename)},"variables":{"__proto__":{"first":1}}}` },
  { body: `{"query":${JSON.stringify(page)},"variables":{"first":1e999}}` },
  { body: `{"query":${JSON.stringify(page)},"variables":{"first":123456789012345678901234567890}}` },
  { body: body(typename, { variables: [] }) },
  { body: body(typename, { variables: 'text' }) },
  { body: body(typename, { operationName: 7 }) },
  { body: body(typename, { operationName: '' }) },
  { body: body(typename, { operationName: 'Unknown' }) },
  { body: body(typename, { operationName: '__proto__' }) },
  { body: body(two) },
  { body: body(two, { operationName: null }) },
  { body: body(two, { operationName: 'Two' }) },
  { body: body(two, { operationName: 'Two', variables: { id: null } }) },
  { body: body(two, { operationName: 'Two', variables: { id: { a: 1 } } }) },
  { body: body(typename, { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }) },
  { body: body(typename, { extensions: [] }) },
  { body: body(typename, { documentId: 'a' }) },
  { body: body(typename, { unknown: null }) },
  { body: body(typename, { unknown: 1 }) },
  { body: body(page, { variables: { first: 'two' } }) },
  { body: body(page, { variables: { first: 101 } }) },
  { body: body(page, { variables: { more: null } }) },
  { body: body('{ wrong }') },
  { body: body('{ orders(first: ') },
  { body: body('subscription { a }') },
  { body: body(create, { variables: { input: { orderId: 'x' } } }) },
  {
    body: body(
      'mutation { adjustSpend(input: { orderId: "first", type: CREDIT, amount: "1.00", idempotencyKey: "k" }) { userErrors { code } } }',
    ),
  },
  {
    body: body(
      `query { ${Array.from({ length: 30 }, (_, index) => `a${index}: orders(first: 100) { nodes { orderId lineItems { nodes { id } } } }`).join(' ')} }`,
    ),
  },
  { body: body('{ node(id: "bm8=") { id } }') },
  { body: body(typename, { variables: { deep: JSON.parse(`${'['.repeat(250)}${']'.repeat(250)}`), long: 'x'.repeat(20_000) } }) },
  { body: body(typename), headers: { 'content-type': 'text/plain' } },
  { body: body(typename), headers: { 'content-type': 'application/json; charset=latin1' } },
  { body: body(typename), headers: { 'content-type': 'Application/JSON' } },
  { body: body(typename), headers: { accept: 'text/html' } },
  { body: body(typename), headers: { 'content-encoding': 'gzip' } },
  { body: body(typename), headers: { origin: 'https://shop.example' } },
  { body: body(typename), headers: { origin: 'https://evil.example' } },
  { body: body(typename), headers: { 'x-site-id': 'other' } },
  { body: body(typename), headers: { 'x-site-id': ' ' } },
  { body: body(typename), headers: { authorization: 'Bearer none' } },
  { body: body(typename), target: 'POST /graphql/' },
  { body: body(typename), target: 'POST /graphql?query=%7Ba%7D' },
  { body: body(typename), target: 'PUT /graphql' },
  { body: body(typename), target: 'POST /elsewhere' },
];

/** Of a query, plans need other statements than the ordinary way does. Names of headers mean the same in small letters. All else is the same. */
const compared = ({ answer, noted, failures }: Outcome, reads: boolean) => ({
  answer: answer.replace(/^[\w-]+:/gm, (name) => name.toLowerCase()),
  failures,
  noted: reads ? noted.map((each) => each && { ...each, statements: 0 }) : noted,
});

const setups: readonly (Setup & { readonly name: string; readonly headers: Readonly<Record<string, string>> })[] = [
  { name: 'a sandbox', sandbox: true, headers: {} },
  { name: 'a back end', sandbox: false, headers: bearer('service') },
  { name: 'an administrator', sandbox: false, headers: bearer('admin') },
  { name: 'a member', sandbox: false, headers: bearer('member') },
  { name: 'pages of an origin', sandbox: true, headers: {}, exposure: { origins: ['https://shop.example'], introspection: false } },
  { name: 'a small budget', sandbox: true, headers: {}, limits: { costPerMinute: 400, cost: 300 } },
];

/** Where they first differ, and how. */
function difference(one: unknown, other: unknown): string | null {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  if (first === second) return null;
  const at = Math.max(0, [...first].findIndex((letter, index) => letter !== second[index]) - 80);
  return `${first.slice(at, at + 300)} <> ${second.slice(at, at + 300)}`;
}

it.each(setups)('answers, notes and charges alike: $name', async ({ name, headers, ...setup }) => {
  const both = await openBoth(setup);
  const differing: object[] = [];
  let taken = 0;
  for (const sent of [...setUp, ...good, ...good, ...bad, ...good]) {
    const { front, ordinary, ways } = await both.ask({ ...sent, headers: { ...headers, ...sent.headers } });
    taken += ways.length;
    const [ours, theirs] = [front, ordinary].map((outcome) => compared(outcome, ways.length > 0 && !sent.body.includes('mutation')));
    expect(front.noted).toHaveLength(1);
    const found = difference(ours, theirs);
    if (found !== null) differing.push({ sent, ways, found });
  }
  expect(differing).toEqual([]);
  // All that is good is taken from its second time on; of a small budget, as long as it lasts.
  expect(taken).toBeGreaterThanOrEqual(name === 'a small budget' ? 10 : good.length * 2 - 4);
});

it('takes what is good from its second time on, by a plan where staff reads, and leaves all else', async () => {
  const both = await openBoth({ sandbox: false });
  const ask = async (query: string, headers: Readonly<Record<string, string>>, more: object = {}) =>
    (await both.ask({ body: body(query, more), headers })).ways;
  const [staff, member] = [bearer('service'), bearer('member')];
  expect(await ask(typename, staff)).toEqual([]);
  expect(await ask(one, staff)).toEqual([]);
  expect(await ask(one, staff)).toEqual(['PLAN']);
  // A token is known from its second time on as well; what one of them asked for is known for all.
  expect(await ask(typename, member)).toEqual([]);
  expect(await ask(one, member)).toEqual(['EXECUTION']);
  expect(await ask(enroll, staff, { variables: { input: { userId: 'ann' } } })).toEqual([]);
  expect(await ask(enroll, staff, { variables: { input: { userId: 'ann' } } })).toEqual(['EXECUTION']);
  expect(await ask('{ wrong }', staff)).toEqual([]);
  expect(await ask('{ wrong }', staff)).toEqual([]);
});
