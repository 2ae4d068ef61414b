// What any page could make a browser send: refused without the header, whatever is written into its content type.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type Loopback, openLoopback, type SentHeaders, send, type Told } from './loopback.ts';

let server: Loopback;
beforeAll(async () => {
  server = await openLoopback({ sandbox: true });
});
afterAll(() => server.close());

const json = '{"query":"{ program { name } }"}';
const form = `query=${encodeURIComponent('{ program { name } }')}`;
const boundary = '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{ program { name } }\r\n--x--\r\n';
const answered = { program: { name: 'Plain' } };
const dataOf = ({ text }: Told): unknown => JSON.parse(text).data;
const csrf = { 'x-graphql-yoga-csrf': '1' };

const post = (headers: SentHeaders, body: string) => send(server.url, 'POST', headers, body);
const get = (search: string, headers: SentHeaders = {}, method = 'GET') => send(`${server.url}${search}`, method, headers);

describe('a body as JSON needs no header', () => {
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;Charset="UTF-8"',
    'application/json ; charset=utf-8',
    'application/json; note=text/plain',
    'application/graphql+json',
  ])
    test(type, async () => {
      const told = await post({ 'content-type': type }, json);
      expect([told.status, dataOf(told)]).toEqual([200, answered]);
    });
});

/** Content type, body, and the status when the header is there. */
const forgeable: readonly (readonly [type: SentHeaders[string] | null, body: string, withHeader: number])[] = [
  [null, json, 415],
  ['text/plain', json, 415],
  ['Text/Plain;charset=UTF-8', json, 415],
  ['text/plain; application/json', json, 415],
  ['text/plain;boundary=application/json', json, 415],
  ['application/json, text/plain', json, 415],
  ['text/plain, application/json', json, 415],
  ['application/json application/json', json, 415],
  ['application', json, 415],
  [['text/plain', 'application/json'], json, 415],
  ['application/x-www-form-urlencoded', form, 200],
  ['APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8', form, 200],
  ['multipart/form-data; boundary=x', boundary, 415],
  ['application/graphql', '{ program { name } }', 200],
];

describe('any other body that a browser sends unasked needs it', () => {
  for (const [type, body, withHeader] of forgeable)
    test(`${type}`, async () => {
      const headers: SentHeaders = type === null ? {} : { 'content-type': type };
      const refused = await post(headers, body);
      expect([refused.status, codeOf(refused)]).toEqual([403, 'CSRF_HEADER_REQUIRED']);
      expect(refused.text).toContain('x-graphql-yoga-csrf');
      const read = await post({ ...headers, ...csrf }, body);
      expect(read.status).toBe(withHeader);
      expect(withHeader === 200 ? dataOf(read) : codeOf(read)).toEqual(withHeader === 200 ? answered : 'BAD_REQUEST');
    });
});

describe('GET', () => {
  const query = '?query={program{name}}';
  test('needs the header', async () => {
    const refused = await get(query);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'CSRF_HEADER_REQUIRED']);
    // A content type on a request without a body changes nothing.
    expect((await get(query, { 'content-type': 'application/json' })).status).toBe(403);
    const read = await get(query, csrf);
    expect([read.status, dataOf(read)]).toEqual([200, answered]);
  });

  test('carries out no mutation, with the header or without', async () => {
    const mutation = '?query=mutation{enrollMember(input:{userId:"drive-by"}){member{userId}}}';
    expect((await get(mutation)).status).toBe(403);
    expect((await get(mutation, csrf)).status).toBe(405);
    const { text } = await post(
      { 'content-type': 'application/json' },
      '{"query":"{ members(filter: { userIds: [\\"drive-by\\"] }) { totalCount } }"}',
    );
    expect(JSON.parse(text).data).toEqual({ members: { totalCount: 0 } });
  });

  test('as HEAD is refused', async () => {
    expect((await get(query, {}, 'HEAD')).status).toBe(403);
    expect((await get(query, csrf, 'HEAD')).status).toBe(405);
  });

  test('with variables that are not JSON is a fault of the client', async () => {
    const told = await get(`${query}&variables={`, csrf);
    expect([told.status, codeOf(told)]).toEqual([400, 'BAD_REQUEST']);
    expect((await post({ 'content-type': 'application/x-www-form-urlencoded', ...csrf }, `${form}&extensions=x`)).status).toBe(400);
  });

  test('of the page and of the checks of health needs no header', async () => {
    const page = await get('', { accept: 'text/html' });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const { origin } = new URL(server.url);
    expect((await send(`${origin}/health`, 'GET', {})).status).toBe(200);
    expect((await send(`${origin}/ready`, 'GET', {})).status).toBe(200);
  });
});

describe('what cannot be read is told in GraphQL words', () => {
  test('a type that no browser sends unasked', async () => {
    const told = await post({ 'content-type': 'text/xml', accept: 'application/graphql-response+json' }, json);
    expect([told.status, codeOf(told)]).toEqual([415, 'BAD_REQUEST']);
    expect(told.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8');
  });

  test('JSON in another charset than UTF-8', async () => {
    const told = await post({ 'content-type': 'application/json; charset=utf-16' }, json);
    expect([told.status, codeOf(told)]).toEqual([415, 'BAD_REQUEST']);
  });

  test('another address', async () => {
    for (const path of ['/', '/graphql/x', '/x/graphql', '/graphqlx', '/%2e%2e/graphql2']) {
      const told = await send(new URL(path, server.url).href, 'POST', { 'content-type': 'application/json' }, json);
      expect([path, told.status, codeOf(told)]).toEqual([path, 404, 'NOT_FOUND']);
    }
  });

  test('several operations in one request', async () => {
    const told = await post({ 'content-type': 'application/json' }, `[${json},${json}]`);
    expect([told.status, codeOf(told)]).toEqual([400, 'BAD_REQUEST']);
  });
});

test('nothing of all this was unexpected to the server', () => {
  expect(server.failures).toEqual([]);
});

test('a command whose answer nobody would take is not carried out', async () => {
  const enroll = JSON.stringify({ query: 'mutation { enrollMember(input: { userId: "unseen" }) { userErrors { code } } }' });
  const told = await post({ 'content-type': 'application/json', accept: 'image/png' }, enroll);
  expect(told.status).toBe(406);
  const asked = JSON.stringify({ query: '{ member(by: { userId: "unseen" }) { userId } }' });
  expect(dataOf(await post({ 'content-type': 'application/json', accept: 'text/html, */*;q=0.1' }, asked))).toEqual({ member: null });
});
