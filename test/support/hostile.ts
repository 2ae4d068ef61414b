// Hostile requests: mutated from real operations, and from the known lists of attacks. The same seed makes the same requests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type HostileRequest = {
  readonly kind: string;
  readonly method: 'GET' | 'POST';
  /** What follows the path, with its question mark. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

type Random = (below: number) => number;

/** Numbers from a seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const folder = join(import.meta.dirname, '../../examples/operations');
const operations = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => ({
    query: readFileSync(join(folder, name), 'utf8'),
    variables: readFileSync(join(folder, name.replace('.graphql', '.variables.json')), 'utf8'),
  }));

const json = { 'content-type': 'application/json' };
const many = (count: number, part: (index: number) => string): string => Array.from({ length: count }, (_, index) => part(index)).join(' ');
const nested = (count: number, open: string, middle: string, close: string): string =>
  `${open.repeat(count)}${middle}${close.repeat(count)}`;

const post = (kind: string, body: string, headers: Readonly<Record<string, string>> = json): HostileRequest => ({
  kind,
  method: 'POST',
  search: '',
  headers,
  body,
});
const document = (kind: string, query: string, variables: unknown = {}): HostileRequest => post(kind, JSON.stringify({ query, variables }));
const get = (kind: string, query: string): HostileRequest => ({
  kind,
  method: 'GET',
  search: `?query=${encodeURIComponent(query)}`,
  headers: {},
  body: null,
});

/** A command that would write if it were carried out. */
const write = (id: number): string => `mutation { enrollMember(input: { userId: "hostile-${id}" }) { member { id } } }`;

type Attack = (random: Random, id: number) => HostileRequest;

const attacks: readonly Attack[] = [
  (random) => document('aliases', `{ ${many(20 + random(2_000), (index) => `a${index}: orders(first: 100) { nodes { id } }`)} }`),
  (random) => document('directives', `{ program { name ${many(20 + random(2_000), () => '@include(if: true)')} } }`),
  (random) => document('unknown directives', `{ program { name ${many(20 + random(500), (index) => `@a${index}`)} } }`),
  (random) => document('deep', `{ member(by: { userId: "x" }) ${nested(5 + random(2_000), '{ primaryMember ', '{ id }', '}')} }`),
  (random) => document('deep lists', `{ orders ${nested(1 + random(8), '{ nodes { member { orders ', '{ totalCount }', '} } }')} }`),
  (random) =>
    document('wide', `{ orders(first: 100) { nodes { ${many(10 + random(1_000), (index) => `f${index}: total { amount }`)} } } }`),
  (random) => document('brackets', ['[', '{', '('][random(3)]?.repeat(50_000) ?? ''),
  (random) => document('brackets in a value', `{ node(id: ${nested(100 + random(50_000), '[', '', ']')}) { id } }`),
  (random) => document('braces', nested(1_000 + random(20_000), '{a', '', '}')),
  (random) => document('fragments in place', `{ ${nested(100 + random(3_000), '... {', '__typename', '}')} }`),
  (random) => document('overlapping', `{ ${many(10 + random(300), () => `orders { ${many(10, () => 'nodes { id id }')} }`)} }`),
  (random) => {
    const count = 2 + random(60);
    const spread = (from: number) => many(5, (index) => `primaryMember { ...F${(from + index + 1) % count} }`);
    return document(
      'circular',
      `{ member(by: { userId: "x" }) { ...F0 } } ${many(count, (index) => `fragment F${index} on Member { ${spread(index)} }`)}`,
    );
  },
  (random) => {
    const count = 2 + random(30);
    const next = (index: number) => many(8, (each) => `a${each}: primaryMember { ...F${index + 1} }`);
    return document(
      'spreading',
      `{ member(by: { userId: "x" }) { ...F0 } } ${many(count, (index) => `fragment F${index} on Member { ${next(index)} }`)} fragment F${count} on Member { id }`,
    );
  },
  (random) =>
    document(
      'pages',
      `query($n: Int = 100) { orders(first: $n) { nodes { lineItems(first: ${random(2 ** 31)}) { nodes { order { lineItems(first: $n) { nodes { id } } } } } } } }`,
    ),
  (random) => document('numbers', `{ orders(first: ${'9'.repeat(1 + random(5_000))}) { totalCount } }`),
  (random) =>
    document('numbers in variables', 'query($n: Int) { orders(first: $n) { totalCount } }', {
      n: [-1, 1e308, 2 ** 53, -0, 0.5][random(5)],
    }),
  (random) => document('ids', 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(100 + random(20_000)).fill('x') }),
  (random) =>
    document(
      'buckets',
      `{ member(by: { userId: "x" }) { points { expiring(withinDays: [${many(random(1_000), () => '7')}]) { points } } } }`,
    ),
  (random) => document('introspection', `{ __schema { types { ${nested(1 + random(20), 'fields { type { ', 'name', '} }')} } } }`),
  (random) =>
    document(
      'introspection by aliases',
      `{ ${many(1 + random(60), (index) => `a${index}: __schema { types { fields { args { type { name } } } } }`)} }`,
    ),
  (random) => post('deep JSON', `{"query":"{ __typename }","variables":{"a":${nested(1_000 + random(200_000), '[', '', ']')}}}`),
  (random) =>
    post(
      'deep attributes',
      `{"query":"mutation($a: JSON) { createOrder(input: { orderId: \\"h\\", userId: \\"nobody\\", lineItems: [], attributes: $a }) { replayed } }","variables":{"a":${nested(1_000 + random(200_000), '{"a":', '1', '}')}}}`,
    ),
  (random) =>
    post(
      'keys',
      `{"query":"{ __typename }","variables":{"__proto__":{"a":1},"constructor":{"prototype":{"a":${random(9)}}}},"__proto__":{"query":"x"}}`,
    ),
  (_, id) =>
    post(
      'keys in inputs',
      `{"query":"mutation($i: EnrollMemberInput!) { enrollMember(input: $i) { member { id } } }","variables":{"i":{"userId":"h${id}","__proto__":{"a":1}}}}`,
    ),
  (random, id) => post('batch', JSON.stringify(Array.from({ length: 1 + random(100) }, () => ({ query: write(id) })))),
  (_, id) => get('mutation by GET', write(id)),
  (_, id) => ({ ...get('mutation by GET with the header', write(id)), headers: { 'x-graphql-yoga-csrf': '1' } }),
  (_, id) => post('text/plain', JSON.stringify({ query: write(id) }), { 'content-type': 'text/plain' }),
  (_, id) => post('a form', `query=${encodeURIComponent(write(id))}`, { 'content-type': 'application/x-www-form-urlencoded' }),
  (_, id) =>
    post(
      'a multipart form',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: write(id) })}\r\n--x--`,
      { 'content-type': 'multipart/form-data; boundary=x' },
    ),
  (random, id) =>
    post('content types', JSON.stringify({ query: write(id) }), {
      'content-type':
        ['', 'application/xml', 'application/jsonx', 'text/html', '*/*', ';', 'application/csp-report', 'image/png'][random(8)] ?? '',
    }),
  (random, id) =>
    post('charsets', JSON.stringify({ query: write(id) }), {
      'content-type': `application/json; charset=${['utf-16', 'utf-7', 'iso-8859-1', 'x', 'utf-16le'][random(5)]}`,
    }),
  (random) => ({
    ...document('accept', '{ __typename }'),
    headers: { ...json, accept: ['text/html', 'image/*', 'text/event-stream', 'multipart/mixed', 'x', ''][random(6)] ?? '' },
  }),
  (random) => post('truncated', JSON.stringify(operations[random(operations.length)]).slice(0, 1 + random(400))),
  (random) => post('bytes', String.fromCharCode(...Array.from({ length: 1 + random(500) }, () => random(256)))),
  (random) =>
    post(
      'no object',
      ['null', '1', '"x"', '[]', '{}', 'true', '{"query":1}', '{"query":{}}', '{"query":"{ __typename }","variables":"x"}'][random(9)] ??
        '',
    ),
  (random) => document('names', `{ ${'a'.repeat(10_000 + random(20_000))} }`),
  (random) => document('unknown fields', `{ ${many(10 + random(400), (index) => `ordrs${index}`)} }`),
  (random) =>
    document(
      'many operations',
      many(2 + random(200), (index) => `query Q${index} { now }`),
    ),
  (random) => document('many variables', `query(${many(10 + random(1_000), (index) => `$v${index}: Int`)}) { now }`),
  (random) => document('a comment', `{ __typename } #${'x'.repeat(random(900_000))}`),
  (random) => document('a long body', `{ __typename } #${'x'.repeat(1_100_000 + random(1_000))}`),
  (random) => document('a string', `{ node(id: "${'\\u0000'.repeat(random(10_000))}") { id } }`),
  (random) => document('characters', `{ node(id: "${String.fromCharCode(0xd800 + random(2_048))}") { id } }`),
  (random) =>
    document('filters', 'query($f: OrderFilter) { orders(filter: $f) { totalCount } }', {
      f: { productIds: Array(random(3_000)).fill('p'), orderIds: Array(random(3_000)).fill('x') },
    }),
  (random) =>
    document('rows', 'mutation($i: BulkCreateOrdersInput!) { bulkCreateOrders(input: $i) { failed } }', {
      i: { orders: Array(1_001 + random(3_000)).fill({ orderId: 'x', userId: 'nobody', lineItems: [] }) },
    }),
  (random) => get('a long address', `{ node(id: "${'x'.repeat(random(8_000))}") { id } }`),
];

/** A real operation, spoiled: some characters of it are gone, doubled, or others. Where it would still write, it names nobody. */
function mutated(random: Random): HostileRequest {
  const { query, variables } = operations[random(operations.length)] ?? { query: '', variables: '{}' };
  const signs = [
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '$',
    '@',
    '!',
    '...',
    '"',
    '"""',
    '#',
    ':',
    '\u0000',
    '\ufeff',
    '\ud800',
    '-1',
    'null',
    '1e999',
  ];
  const spoil = (text: string): string => {
    const [from, length] = [random(text.length + 1), random(12)];
    const piece = [text.slice(from, from + length).repeat(2 + random(20)), '', signs[random(signs.length)] ?? ''][random(3)] ?? '';
    return text.slice(0, from) + piece + text.slice(from + length);
  };
  const unknown = variables.replaceAll(
    /"(?:userId|orderId|secondaryUserId|primaryUserId)": "[^"]*"/g,
    (pair) => `${pair.slice(0, -1)}-nobody"`,
  );
  if (random(2) === 0) return post('mutated', `{"query":${JSON.stringify(spoil(query))},"variables":${unknown}}`);
  return post('mutated variables', `{"query":${JSON.stringify(query)},"variables":${spoil(unknown)}}`);
}

/** So many hostile requests from a seed; half are attacks, each in its turn, and half real operations, spoiled. */
export function* hostileRequests(seed: number, count: number): Generator<HostileRequest> {
  const random = randomOf(seed);
  for (let index = 0; index < count; index += 1) {
    const attack = index % 2 === 0 ? attacks[(index / 2) % attacks.length] : undefined;
    yield attack ? attack(random, index) : mutated(random);
  }
}
