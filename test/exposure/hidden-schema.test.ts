// With introspection off, nobody learns a name of the schema by guessing near it; with it on, the same guesses find most of it.
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { bearer } from '../support/tokens.ts';
import { type Loopback, openLoopback, send } from './loopback.ts';
import { type Probe, probesOf, spellings } from './probes.ts';
import { namesOf, recovered } from './schema-names.ts';

const names = namesOf(schema);
const probes = probesOf(names);
const token = bearer('admin');

let hidden: Loopback;
let shown: Loopback;
beforeAll(async () => {
  hidden = await openLoopback({ sandbox: false });
  shown = await openLoopback({ sandbox: false, exposure: { introspection: true } });
});
afterAll(() => Promise.all([hidden.close(), shown.close()]));

const post = ({ url }: Loopback, probe: Probe) =>
  send(url, 'POST', { ...token, 'content-type': 'application/json' }, JSON.stringify(probe));

function get({ url }: Loopback, { query, variables }: Probe) {
  const search = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
  return send(`${url}?${search}`, 'GET', { ...token, 'x-graphql-yoga-csrf': '1' });
}

/** The words that are said of requests that name nothing of the schema, to whoever sends them. */
async function baseline(server: Loopback): Promise<ReadonlySet<string>> {
  const answers = await Promise.all([
    post(server, { query: '{ __typename }' }),
    post(server, { query: '{ qqqqqqqqqq }' }),
    post(server, { query: 'query ($v: Boolean!) { __typename @include(if: $v) }', variables: { v: 'qqqqqqqqqq' } }),
    post(server, { query: '{ ...F } fragment F on Q { ...F }' }),
    get(server, { query: 'mutation { qqqqqqqqqq }' }),
  ]);
  return new Set(answers.flatMap(({ text }) => text.match(/[A-Za-z_]+/g) ?? []));
}

/** All names that the probes find, and all that errors said. */
async function probe(server: Loopback, ask: typeof post, sent: readonly Probe[] = probes) {
  const known = await baseline(server);
  const found = new Set<string>();
  const messages = new Set<string>();
  const statuses = new Set<number>();
  for (const each of sent) {
    const { status, text } = await ask(server, each);
    for (const name of recovered(names.all, JSON.stringify(each), text, known)) found.add(name);
    for (const { message, ...rest } of JSON.parse(text).errors ?? []) {
      messages.add(message);
      expect(Object.keys(rest.extensions)).toEqual(['code']);
    }
    statuses.add(status);
  }
  return { found, messages, statuses };
}

const generic = [
  'The document is not valid for this API. It does not show its schema, so it cannot say more.',
  'A value of the request is not of the type that this API takes. It does not show its schema, so it cannot say more.',
];

describe('with introspection off, recovered names of the schema: 0', () => {
  for (const [method, ask, sent] of [
    ['POST', post, probes],
    // What is said does not depend on how it was asked: a part of the probes shows that.
    ['GET', get, probes.filter((_, index) => index % 5 === 0)],
  ] as const)
    test(`by ${method}`, async () => {
      const { found, messages, statuses } = await probe(hidden, ask, sent);
      expect([...found]).toEqual([]);
      // Besides the two, only what is said before the schema is looked at.
      const others = [...messages].filter((message) => !generic.includes(message));
      const early = /^(Could not determine what operation|Can only perform a mutation|The fragment "F" spreads itself)/;
      expect(others.filter((message) => !early.test(message))).toEqual([]);
      expect([...statuses].filter((status) => ![200, 400, 405].includes(status))).toEqual([]);
    });

  test('introspection is refused in every spelling, as any other fault', async () => {
    for (const each of spellings.filter(({ query }) => /__schema|__type\b/.test(query))) {
      const { errors, data } = JSON.parse((await post(hidden, each)).text);
      expect([each.query, data, errors.map((error: { message: string }) => error.message)]).toEqual([each.query, undefined, [generic[0]]]);
    }
  });

  test('__typename is answered, and faults say where they are', async () => {
    expect(JSON.parse((await post(hidden, { query: '{ __typename }' })).text)).toMatchObject({ data: { __typename: 'Query' } });
    expect(JSON.parse((await post(hidden, { query: '{ program { name }\n nothing }' })).text).errors).toEqual([
      { message: generic[0], locations: [{ line: 2, column: 2 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(
      JSON.parse((await post(hidden, { query: 'query A($v: Boolean!) { __typename @include(if: $v) }', variables: { v: 'x' } })).text)
        .errors,
    ).toEqual([{ message: generic[1], locations: [{ line: 1, column: 9 }], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('refusals of our own keep their words', async () => {
    const { text } = await post(hidden, { query: '{ orders(first: 1000) { totalCount } }' });
    expect(JSON.parse(text).errors[0]).toMatchObject({ message: expect.stringContaining('100'), extensions: { code: 'INVALID_INPUT' } });
  });

  test('nothing of all this was unexpected to the server', () => expect(hidden.failures).toEqual([]));
});

describe('with introspection on, so that the probes are seen to work', () => {
  test('they find most of the schema', async () => {
    const { found } = await probe(shown, post);
    console.log(`${probes.length} probes found ${found.size} of ${names.all.size} names with suggestions on.`);
    expect(found.size).toBeGreaterThan(names.all.size * 0.8);
  });

  test('the schema is told', async () => {
    const { text } = await post(shown, { query: getIntrospectionQuery() });
    const answer: { data: IntrospectionQuery } = JSON.parse(text);
    expect(buildClientSchema(answer.data).getType('Order')).toBeDefined();
  });
});
