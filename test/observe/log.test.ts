// What the log tells of requests, and that nothing of what a client sent or a store threw ever stands in it.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { createLog, type Log, logRequest } from '../../src/observe/log.ts';
import { seedDemo } from '../../src/seed/seed.ts';
import { createServer } from '../../src/server.ts';
import { countStatement } from '../../src/store/asker.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testKeys, tokenFor } from '../support/tokens.ts';

// Each stands somewhere in a request, and must not stand in the log.
const secrets = {
  email: 'ann.secret@mail.example',
  userId: 'user-secret-77',
  text: 'a secret sentence',
  word: 'secretWord',
  cookie: 'session=secret-cookie',
};
const token = tokenFor('service', secrets.userId);
const forbidden = [...Object.values(secrets), token, ...token.split('.')];

/** The lines in which something stands that must not. */
const leaksIn = (lines: readonly string[]): readonly string[] => lines.filter((line) => forbidden.some((secret) => line.includes(secret)));

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const database = join(folder, 'orders.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Served = { readonly port: number; readonly lines: string[]; readonly http: HttpServer; readonly store: Store };

/** A store whose members cannot be read: what it throws quotes what was asked for. */
function failing(store: Store): Store {
  const quoted = ['', `\n    at ${secrets.email} (${secrets.word}:1:1)`];
  let index = 0;
  return {
    ...store,
    // What a plan stumbles over is found by the ordinary way as well, and told there.
    look() {
      throw new Error(secrets.email);
    },
    reads: {
      ...store.reads,
      async membersByUserId(_siteId, ids) {
        const error = new Error(`No ${ids.join()} of ${secrets.email}${quoted[index % quoted.length]}`, {
          cause: new AggregateError([new SyntaxError(secrets.text)], secrets.email),
        });
        error.name = `Fault of ${secrets.email}`;
        index += 1;
        throw index % 3 === 0 ? `${secrets.email} was thrown` : Object.assign(error, { code: secrets.email });
      },
    },
  };
}

async function serve(sandbox: boolean, store: Store, logTo: (lines: string[]) => Log): Promise<Served> {
  const lines: string[] = [];
  const log = logTo(lines);
  const authenticator = createAuthenticator({ keys: testKeys, clock: Date.now, log });
  const onAnswered = (request: Parameters<typeof logRequest>[1]): void => logRequest(log, request);
  const http = createHttpServer(createServer({ store, clock: Date.now, newId: v7, log, sandbox, authenticator, onAnswered }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // A TCP server has an address with a port.
  return { port, lines, http, store };
}

const strict = (lines: string[]): Log => createLog({ logLevel: 'trace' }, { write: (line) => lines.push(line) });
/** A log as it comes, which tells errors with their messages. */
const careless = (lines: string[]): Log => pino({ serializers: { error: pino.stdSerializers.err } }, { write: (line) => lines.push(line) });

type Sent = { readonly method?: string; readonly path?: string; readonly headers?: Record<string, string>; readonly body?: string };
type Answer = { readonly status: number; readonly requestId: string; readonly body: string };

function send({ port }: Served, { method = 'POST', path = '/graphql', headers = {}, body = '' }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port, host: '127.0.0.1', method, path, headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, requestId: String(answer.headers['x-request-id']), body: text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(method === 'GET' || method === 'HEAD' ? undefined : body);
  });
}

const ask = (query: string, more: object = {}): string => JSON.stringify({ query, ...more });

const byUser = ask(`query ${secrets.word}($user: ID!) { ${secrets.word}: member(by: { userId: $user }) { userId email } }`, {
  variables: { user: secrets.userId },
  operationName: secrets.word,
});
const enroll = ask(
  `mutation { enrollMember(input: { userId: "${secrets.userId}", email: "${secrets.email}" }) { member { userId } userErrors { code } } }`,
);

/** Requests with something secret in every place where a client can put it. */
const hostile: readonly Sent[] = [
  { body: enroll },
  { body: byUser },
  { body: byUser, headers: { cookie: secrets.cookie, referer: `http://x/${secrets.email}`, 'user-agent': secrets.text } },
  { body: byUser, headers: { 'x-request-id': secrets.email } },
  { body: byUser, headers: { 'x-request-id': token } },
  { body: byUser, headers: { 'x-site-id': secrets.email } },
  { body: byUser, headers: { authorization: `Bearer ${token}${secrets.word}` } },
  { body: byUser, headers: { authorization: secrets.text } },
  { body: ask('query($user: Int!) { a: orders(first: $user) { totalCount } }', { variables: { user: secrets.email } }) },
  { body: ask(`{ ${secrets.word} { ${secrets.word} } }`) },
  { body: ask(`{ member(by: { ${secrets.word}: "${secrets.userId}" }) { userId } }`) },
  { body: ask(`{ orders(${secrets.word}: "${secrets.text}`) },
  { body: ask('{ __typename }', { operationName: secrets.email, extensions: { [secrets.word]: secrets.text } }) },
  { body: `{"query": "{ __typename }", "${secrets.email}` },
  { body: `[${secrets.text}]` },
  { body: `query=${secrets.email}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { body: secrets.email, headers: { 'content-type': `text/${secrets.word}` } },
  { method: 'GET', path: `/graphql?query=%7B__typename%7D&${secrets.word}=${secrets.userId}` },
  { method: 'GET', path: `/${secrets.userId}?access_token=${token}` },
  { method: 'GET', path: `/health?user=${secrets.userId}` },
  { method: 'PUT', path: '/graphql', body: secrets.text },
  { method: 'OPTIONS', path: '/graphql', headers: { origin: `http://${secrets.word}.example` } },
];

let store: Store;
beforeAll(async () => {
  store = openSqlite({ database, onStatement: countStatement });
  await seedDemo(store, { now: Date.now(), newId: v7 });
});
afterAll(() => store.close());

describe.each([
  { server: 'a sandbox', sandbox: true, headers: {} },
  { server: 'a guarded server', sandbox: false, headers: { authorization: `Bearer ${token}` } },
])('$server', ({ sandbox, headers }) => {
  it('logs a line for each request, with the id that it answers, and nothing that a client sent', async () => {
    const served = await serve(sandbox, store, strict);
    for (const sent of hostile) {
      const before = served.lines.length;
      const { status, requestId } = await send(served, { ...sent, headers: { ...headers, ...sent.headers } });
      const lines = served.lines.slice(before).map((line) => JSON.parse(line));
      expect(lines, JSON.stringify(sent)).toEqual([expect.objectContaining({ msg: 'Request', requestId, status })]);
    }
    expect(leaksIn(served.lines)).toEqual([]);
    served.http.closeAllConnections();
    served.http.close();
  });

  it('logs unexpected errors by trace id, request id and cause, without their words', async () => {
    const served = await serve(sandbox, failing(store), strict);
    const loud = await serve(sandbox, failing(store), careless);
    for (let round = 0; round < 3; round += 1) {
      const { requestId, body } = await send(served, { body: byUser, headers });
      const [failure, request] = served.lines.splice(-2).map((line) => JSON.parse(line));
      const { traceId } = JSON.parse(body).errors[0].extensions;
      expect(failure).toMatchObject({ level: 'error', requestId, traceId, error: { name: 'Error' } });
      expect(request).toMatchObject({ level: 'info', requestId, operation: 'member', outcome: 'failed', codes: ['INTERNAL_ERROR'] });
      expect(leaksIn([JSON.stringify(failure), JSON.stringify(request)])).toEqual([]);
      // Where it was thrown is told, also when the message looks like it. A thrown string, as in the last round, has no such place.
      if (round < 2) {
        expect(failure.error.frames[0]).toMatch(/^at (Object\.)?membersByUserId .*log\.test\.ts:\d+:\d+\)$/);
        expect(failure.error.cause).toMatchObject({ name: 'AggregateError', errors: [{ name: 'SyntaxError' }] });
      }
      await send(loud, { body: byUser, headers });
    }
    // The same requests leave their secrets in a log that takes no care, so that the search for them is known to find some.
    expect(leaksIn(loud.lines).length).toBeGreaterThanOrEqual(3);
    for (const { http } of [served, loud]) {
      http.closeAllConnections();
      http.close();
    }
  });
});

it('tells of the database which constraint or table it was, without the values', async () => {
  const served = await serve(true, store, strict);
  const other = new Database(database);
  other.exec('alter table spend_adjustments rename to gone');
  try {
    const id = Buffer.from(`SpendAdjustment:${secrets.userId}`).toString('base64');
    await send(served, { body: ask('query($id: ID!) { node(id: $id) { id } }', { variables: { id } }) });
    await send(served, { body: byUser });
    const failure = served.lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error');
    expect(JSON.stringify(failure)).toContain('"name":"SqliteError","code":"SQLITE_ERROR"');
    expect(JSON.stringify(failure)).toContain('spend_adjustments');
    expect(leaksIn(served.lines)).toEqual([]);
  } finally {
    other.exec('alter table gone rename to spend_adjustments');
    other.close();
    served.http.closeAllConnections();
    served.http.close();
  }
});

it('logs site, role, operation, outcome, statements and duration', async () => {
  const served = await serve(false, store, strict);
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'trace-1.2_3:4' };
  expect(await send(served, { body: ask('{ orders(first: 2) { nodes { id } } }'), headers })).toMatchObject({ requestId: 'trace-1.2_3:4' });
  await send(served, { body: ask('{ a: orders(first: 2) { totalCount } b: now: orderDetails { nope } }'), headers });
  await send(served, { body: ask('{ orders(first: 2) { totalCount } members(first: 1) { totalCount } }'), headers });
  await send(served, { body: ask('{ __typename }') });
  const lines = served.lines.map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    requestId: 'trace-1.2_3:4',
    method: 'POST',
    path: '/graphql',
    site: 'demo',
    role: 'service',
    operation: 'orders',
    outcome: 'ok',
    status: 200,
    durationMs: expect.any(Number),
    cost: expect.any(Number),
    statements: expect.any(Number),
    msg: 'Request',
  });
  expect(lines[0].statements).toBeGreaterThan(0);
  expect(lines[1]).toMatchObject({ operation: 'none', outcome: 'invalid', site: 'demo', role: 'service', statements: 0 });
  expect(lines[2]).toMatchObject({ operation: 'several' });
  expect(lines[3]).toMatchObject({ operation: 'none', outcome: 'unauthenticated', status: 401 });
  expect(lines[3]).not.toHaveProperty('site');
  served.http.closeAllConnections();
  served.http.close();
});
