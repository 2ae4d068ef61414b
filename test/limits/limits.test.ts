// What a client sees of the limits: the cost in each answer, the refusals, and that what is refused does nothing.
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/limits/limits.ts';
import { createServer } from '../../src/server.ts';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { bearer } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type Setup = NonNullable<Parameters<typeof openGuardedServer>[0]>;

async function open(setup: Setup): Promise<TestServer> {
  const server = openGuardedServer({ sandbox: true, ...setup });
  servers.push(server);
  await server.setProgram(plainProgram);
  return server;
}

type Sent = { readonly query: string; readonly variables?: object; readonly headers?: Readonly<Record<string, string>> };

async function send(server: TestServer, { query, variables = {}, headers = {} }: Sent) {
  const response = await server.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body: JSON.stringify({ query, variables }),
    }),
  );
  const answer = JSON.parse(await response.text());
  const codes: readonly unknown[] = (answer.errors ?? []).map((error: { extensions?: { code?: string } }) => error.extensions?.code);
  return { status: response.status, answer, codes, cost: answer.extensions?.cost, headers: response.headers };
}

const enroll = (userId: string): Sent => ({
  query: 'mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { member { id } userErrors { code } } }',
  variables: { input: { userId } },
});
const orders = (first: number): Sent => ({ query: 'query($first: Int) { orders(first: $first) { nodes { id } } }', variables: { first } });

describe('the cost', () => {
  test('stands in every answer that was executed, and is drawn from the minute', async () => {
    const server = await open({ limits: { cost: 1_000, costPerMinute: 5_000 } });
    const first = await send(server, orders(10));
    expect(first).toMatchObject({ status: 200, cost: { requested: 23, maximum: 1_000 } });
    const second = await send(server, orders(10));
    expect(second.cost.remaining).toBe(first.cost.remaining - 23 - 1);
  });

  test('is the same by literal, variable and default', async () => {
    const server = await open({});
    const costs = [
      await send(server, { query: '{ orders(first: 50) { nodes { id } } }' }),
      await send(server, orders(50)),
      await send(server, { query: 'query($first: Int = 50) { orders(first: $first) { nodes { id } } }' }),
    ].map(({ cost }) => cost.requested);
    expect(new Set(costs)).toEqual(new Set([69]));
  });

  test('beyond the maximum it is refused with what it is, and nothing is written', async () => {
    const server = await open({ limits: { cost: 20 } });
    const { status, answer, codes, cost } = await send(server, enroll('ann'));
    expect({ status, codes }).toEqual({ status: 400, codes: ['COST_EXCEEDED'] });
    expect(cost).toMatchObject({ requested: 24, maximum: 20 });
    expect(answer.errors[0].message).toContain('first');
    expect(await server.store.reads.membersByUserId('demo', ['ann'])).toEqual([]);
  });

  test('of clients that know no other type it is refused with the status 200', async () => {
    const server = await open({ limits: { cost: 20 } });
    expect(await send(server, { ...enroll('ann'), headers: { accept: 'application/json' } })).toMatchObject({
      status: 200,
      codes: ['COST_EXCEEDED'],
    });
  });

  test('of a bulk call of 1,000 rows with twenty lines each is within the defaults', async () => {
    const server = await open({ limits: { ...defaultLimits, operationTimeoutMs: 600_000 } });
    const lineItems = Array.from({ length: 20 }, (_, line) => ({ productId: `p${line}`, quantity: 0, unitPrice: '1' }));
    const variables = { input: { orders: Array.from({ length: 1_000 }, (_, row) => ({ orderId: `o${row}`, userId: 'x', lineItems })) } };
    const query =
      'mutation($input: BulkCreateOrdersInput!) { bulkCreateOrders(input: $input) { created failed rows { index orderId status order { id version } userErrors { code path message } } } }';
    const { codes, answer } = await send(server, { query, variables });
    expect({ codes, failed: answer.data?.bulkCreateOrders.failed }).toEqual({ codes: [], failed: 1_000 });
  });
});

describe('the budget of a minute', () => {
  test('turns away whom it is spent for, says when to come again, and does nothing', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const server = await open({ at: now, limits: { costPerMinute: 60 } });
    expect((await send(server, enroll('ann'))).codes).toEqual([]);
    const refused = await send(server, enroll('bob'));
    expect(refused).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] });
    expect(await server.store.reads.membersByUserId('demo', ['bob'])).toEqual([]);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(refused.answer.errors[0].extensions.retryAfterSeconds).toBe(seconds);
    now += seconds * 1_000;
    server.setClock(now);
    // What was refused drew for being read, and the request now does; both are paid for by another few seconds.
    server.setClock(now + 15_000);
    expect((await send(server, enroll('bob'))).codes).toEqual([]);
  });

  test('is drawn from by what cannot be executed', async () => {
    const server = await open({ limits: { costPerMinute: 200 } });
    const garbage = (index: number): Sent => ({ query: `{ nope${index} ${'x '.repeat(200)}` });
    const codes: unknown[] = [];
    for (let index = 0; index < 10; index += 1) codes.push(...(await send(server, garbage(index))).codes);
    expect(codes[0]).toBe('GRAPHQL_PARSE_FAILED');
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });

  test('is drawn from by bodies that are no JSON', async () => {
    const server = await open({ limits: { costPerMinute: 10 } });
    const post = () =>
      server.fetch(
        new Request('http://127.0.0.1/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":' }),
      );
    const statuses: number[] = [];
    for (let index = 0; index < 11; index += 1) statuses.push((await post()).status);
    expect(statuses[0]).toBe(400);
    expect(statuses.at(-1)).toBe(429);
  });

  test('is drawn from by long bodies, also when they come in pieces', async () => {
    const remaining = async (headers: Record<string, string>): Promise<number> => {
      const server = await open({ limits: { costPerMinute: 100_000, bodyBytes: 516_384 } });
      const { cost } = await send(server, { query: '{ __typename }', headers });
      return cost.remaining;
    };
    const ordinary = await remaining({});
    expect(await remaining({ 'content-length': '16384' })).toBe(ordinary);
    expect(await remaining({ 'content-length': '116384' })).toBe(ordinary - 1_000);
    expect(await remaining({ 'transfer-encoding': 'chunked' })).toBe(ordinary - 5_000);
  });

  test('is each client’s own', async () => {
    const server = openGuardedServer({ limits: { costPerMinute: 60 } });
    servers.push(server);
    await server.setProgram(plainProgram);
    const as = (name: string) => ({ ...orders(30), headers: bearer('member', name) });
    expect((await send(server, as('one'))).codes).toEqual([]);
    expect((await send(server, as('one'))).codes).toEqual(['RATE_LIMITED']);
    expect((await send(server, as('two'))).codes).toEqual([]);
  });

  test('is ten times as large for a back end, which asks for many', async () => {
    const server = openGuardedServer({ limits: { costPerMinute: 60 } });
    servers.push(server);
    await server.setProgram(plainProgram);
    const asked = { ...orders(30), headers: bearer('service', 'till') };
    const codes: unknown[] = [];
    for (let index = 0; index < 30; index += 1) codes.push(...(await send(server, asked)).codes);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.length).toBeLessThan(27);
    expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']));
  });
});

describe('what one variable is given to many fields', () => {
  const shared = (count: number) =>
    `query($a: JSON) { ${Array.from({ length: count }, (_, index) => `c${index}: cartPoints(input: { userId: "x", lineItems: [], attributes: $a }) { userErrors { code } }`).join(' ')} }`;

  test('is counted for each of them, empty lists as well', async () => {
    const server = await open({ limits: { cost: 1_000_000 } });
    const a = Array.from({ length: 10_000 }, () => []);
    const cost = async (fields: number) => (await send(server, { query: shared(fields), variables: { a } })).cost.requested;
    const one = await cost(1);
    expect(one).toBeGreaterThan(200);
    expect(await cost(10)).toBeGreaterThan(9 * one);
  });
});

describe('time', () => {
  test('that is over ends an operation before its next statement, with what to do', async () => {
    const server = await open({ limits: { operationTimeoutMs: 0 } });
    const refused = await send(server, enroll('ann'));
    expect(refused).toMatchObject({ status: 503, codes: ['OPERATION_TIMEOUT'] });
    expect(refused.answer.errors[0].message).toContain('same key');
    expect(await server.store.reads.membersByUserId('demo', ['ann'])).toEqual([]);
  });

  test('that is shared lets others in, and answers the same', async () => {
    const server = await open({ limits: { turnMs: 0 } });
    await send(server, enroll('ann'));
    expect((await send(server, { query: '{ members(first: 1) { nodes { userId orders { nodes { id } } } } }' })).answer.data).toEqual({
      members: { nodes: [{ userId: 'ann', orders: { nodes: [] } }] },
    });
  });
});

describe('a body', () => {
  const serve = async (store: TestServer['store']) => {
    const log = { error: (details: object) => console.error(details) };
    const http = createHttpServer(createServer({ store, clock: Date.now, newId: v7, log, sandbox: true, limits: { bodyBytes: 10_000 } }));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo; // A TCP server has an address of a port.
    return { http, port };
  };
  const post = (port: number, headers: Record<string, string>, parts: readonly string[]) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = httpRequest(
        { port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        (response) => {
          let text = '';
          response.on('data', (part) => {
            text += part;
          });
          response.on('end', () => resolve({ status: response.statusCode, text }));
        },
      );
      sent.on('error', reject);
      for (const part of parts) sent.write(part);
      sent.end();
    });

  test('that is too long is refused, with its length or in pieces, and the next one is answered', async () => {
    const server = await open({});
    const { http, port } = await serve(server.store);
    try {
      const long = JSON.stringify({ query: `{ now } #${'x'.repeat(20_000)}` });
      const short = JSON.stringify({ query: '{ __typename }' });
      const refused = await post(port, { 'content-length': String(long.length) }, [long]);
      expect({ status: refused.status, code: JSON.parse(refused.text).errors[0].extensions.code }).toEqual({
        status: 413,
        code: 'REQUEST_ENTITY_TOO_LARGE',
      });
      const inPieces = await post(port, { 'transfer-encoding': 'chunked' }, [long.slice(0, 9_000), long.slice(9_000)]);
      expect({ status: inPieces.status, code: JSON.parse(inPieces.text).errors[0].extensions.code }).toEqual({
        status: 413,
        code: 'REQUEST_ENTITY_TOO_LARGE',
      });
      expect((await post(port, { 'content-length': String(short.length) }, [short])).status).toBe(200);
      // Nothing is decompressed, so nothing small becomes large.
      expect((await post(port, { 'content-encoding': 'gzip' }, ['not read as what it says'])).status).toBe(400);
    } finally {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    }
  });

  test('that is a list of operations is refused', async () => {
    const server = await open({});
    const response = await server.fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '[{"query":"{ now }"},{"query":"{ now }"}]',
      }),
    );
    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text()).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});
