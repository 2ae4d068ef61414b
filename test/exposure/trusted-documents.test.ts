// A server with trusted documents carries out those, asked for by id or by text, and no others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClientFolder } from '../../src/exposure/client-folder.ts';
import { sha256 } from '../../src/exposure/document-text.ts';
import { extractDocuments } from '../../src/exposure/extract-documents.ts';
import { trustedDocumentsOf } from '../../src/exposure/trusted-documents.ts';
import { schema } from '../../src/graphql/schema.ts';
import { bearer } from '../support/tokens.ts';
import { codeOf, type Loopback, openLoopback, send } from './loopback.ts';

const operations = join(import.meta.dirname, '../../examples/operations');
const program = 'query Program { program { name ...More } }\n\nfragment More on Program { currencyCode }';
const enrol = 'mutation Enrol($userId: ID!) { enrollMember(input: {userId: $userId}) { userErrors { code } } }';
const answered = { program: { name: 'Plain', currencyCode: 'USD' } };

let server: Loopback;
beforeAll(async () => {
  const extraction = extractDocuments((await readClientFolder(operations)).pieces, schema);
  const extracted = 'documents' in extraction ? extraction.documents : {};
  const read = trustedDocumentsOf({ ...extracted, [sha256(program)]: program, enrol }, schema);
  server = await openLoopback({ sandbox: false, exposure: { trustedDocuments: 'documents' in read ? read.documents : null } });
});
afterAll(() => server.close());

const headers = { ...bearer('admin'), 'content-type': 'application/json' };
const post = (body: object | string) => send(server.url, 'POST', headers, typeof body === 'string' ? body : JSON.stringify(body));
const get = (search: string) => send(`${server.url}?${search}`, 'GET', { ...bearer('admin'), 'x-graphql-yoga-csrf': '1' });
const persisted = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });
const dataOf = ({ text }: { readonly text: string }): unknown => JSON.parse(text).data;

describe('by id', () => {
  test('as Apollo and urql send it, by POST and GET', async () => {
    expect(dataOf(await post({ extensions: persisted(sha256(program)) }))).toEqual(answered);
    expect(dataOf(await get(`extensions=${encodeURIComponent(JSON.stringify(persisted(sha256(program))))}`))).toEqual(answered);
  });

  test('as the specification has it, by POST and GET', async () => {
    expect(dataOf(await post({ documentId: sha256(program) }))).toEqual(answered);
    expect(dataOf(await get(`documentId=${sha256(program)}`))).toEqual(answered);
  });

  test('with variables and the name of the operation', async () => {
    const request = { documentId: 'enrol', operationName: 'Enrol', variables: { userId: 'bea' } };
    expect(dataOf(await post(request))).toEqual({ enrollMember: { userErrors: [] } });
  });

  test('a mutation by GET is refused as ever', async () => {
    expect((await get(`documentId=enrol&variables=${encodeURIComponent('{"userId":"cy"}')}`)).status).toBe(405);
  });

  test('the documents of a generated client, which hashes what it prints', async () => {
    const read = (file: string) => readFileSync(join(operations, file), 'utf8');
    const documentId = sha256(print(parse(read('order-details.graphql'))));
    const { errors, data } = JSON.parse((await post({ documentId, variables: JSON.parse(read('order-details.variables.json')) })).text);
    expect([errors, data]).toEqual([undefined, { orderDetails: expect.anything() }]);
  });

  test('an id that there is not, and words that mean something to JavaScript', async () => {
    for (const id of ['0'.repeat(64), '', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      for (const told of [await post({ extensions: persisted(id) }), await post(`{"documentId":${JSON.stringify(id)}}`)])
        expect([id, told.status, codeOf(told), JSON.parse(told.text).errors[0].message]).toEqual([
          ...[id, 404, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'],
        ]);
    }
  });

  test('no id at all, or one that is no text', async () => {
    for (const body of [{}, { query: null }, { query: '' }, { documentId: 5 }, { documentId: ['enrol'] }, { extensions: persisted({}) }]) {
      const told = await post(body);
      expect([body, told.status, codeOf(told)]).toEqual([body, 400, 'BAD_REQUEST']);
    }
    expect(codeOf(await post('{"extensions":{"__proto__":{"persistedQuery":{"sha256Hash":"enrol"}}}}'))).toBe('BAD_REQUEST');
  });
});

describe('by text', () => {
  const same = {
    'as it is': program,
    'without spacing': 'query Program{program{name...More}}fragment More on Program{currencyCode}',
    'with comments and commas':
      '# A comment.\nquery Program { program { name, ...More } } # "x"\nfragment More on Program { currencyCode }',
    'its definitions in another order': 'fragment More on Program { currencyCode } query Program { program { name ...More } }',
  };
  for (const [how, query] of Object.entries(same)) test(how, async () => expect(dataOf(await post({ query }))).toEqual(answered));

  test('with the __typename that clients add, which is answered', async () => {
    const query = 'query Program { program { name ...More __typename } } fragment More on Program { currencyCode __typename }';
    expect(dataOf(await post({ query, extensions: persisted('what its hash is') }))).toEqual({
      program: { ...answered.program, __typename: 'Program' },
    });
  });

  const others = {
    'a field more': 'query Program { program { name ...More timeZone } } fragment More on Program { currencyCode }',
    'another alias': 'query Program { program { a: name ...More } } fragment More on Program { currencyCode }',
    'an aliased __typename': 'query Program { program { name ...More t: __typename } } fragment More on Program { currencyCode }',
    'a second operation': `${program} query Other { program { timeZone } }`,
    'another fragment of the name': 'query Program { program { name ...More } } fragment More on Program { timeZone }',
    'a value in place of a variable': 'mutation Enrol { enrollMember(input: {userId: "x"}) { userErrors { code } } }',
    introspection: '{ __schema { types { name } } }',
    'a fault': '{ qqqq }',
  };
  for (const [how, query] of Object.entries(others))
    test(`${how} is refused`, async () => {
      // Twice, because the server keeps what it parsed; and with the id of another, which counts for nothing.
      for (const body of [{ query }, { query }, { query, documentId: sha256(program) }, { query, extensions: persisted(sha256(query)) }]) {
        const told = await post(body);
        expect([told.status, codeOf(told)]).toEqual([400, 'OPERATION_NOT_TRUSTED']);
      }
      // Nor is it known by now.
      expect((await post({ extensions: persisted(sha256(query)) })).status).toBe(404);
    });
});

test('nothing of all this was unexpected to the server', () => expect(server.failures).toEqual([]));

describe('the file', () => {
  test('in the shape of Apollo', () => {
    const manifest = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'a', name: 'Program', type: 'query', body: program }],
    };
    const read = trustedDocumentsOf(manifest, schema);
    expect('documents' in read && [...read.documents.byId]).toEqual([['a', program]]);
  });

  test('every fault is named', () => {
    const content = JSON.parse(`{"a": "{", "b": "query B { nothing }", "c": "query C { now: __typename } query D { __typename }",
      "__proto__": "fragment F on Program { name }", "e": ${JSON.stringify(program)}, "f": "subscription S { a }"}`);
    const read = trustedDocumentsOf(content, schema);
    expect('faults' in read && read.faults).toEqual([
      'a: Syntax Error: Expected Name, found <EOF>.',
      'b: query B: Cannot query field "nothing" on type "Query".',
      'c: query C, query D: expected one operation.',
      '__proto__: no operation: expected one operation.',
      'f: subscription S: the schema has no subscriptions.',
    ]);
    const twice = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [
        { id: 'a', body: program },
        { id: 'a', body: enrol },
      ],
    };
    expect(trustedDocumentsOf(twice, schema)).toEqual({ faults: ['a: two documents have this id.'] });
  });

  for (const content of [null, [], 5, 'x', { a: 5 }, { format: 'apollo-persisted-query-manifest', version: 2, operations: [] }])
    test(`${JSON.stringify(content)} is none`, () => {
      const read = trustedDocumentsOf(content, schema);
      expect('faults' in read && read.faults).toEqual([expect.stringMatching(/^expected /)]);
    });

  test('without a document is a fault', () => {
    expect(trustedDocumentsOf({}, schema)).toEqual({ faults: [expect.stringContaining('no documents')] });
  });
});
