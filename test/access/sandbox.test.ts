// A sandbox: without a token everybody may do everything; who sends a token is who it says, or nobody.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../../src/server.ts';
import { openGuardedServer, openServer, type TestServer } from '../support/server.ts';
import { bearer, secretOf, signToken, testKeys, tokenFor } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

let withKeys: TestServer;
let withoutKeys: TestServer;
beforeAll(async () => {
  withKeys = openGuardedServer({ sandbox: true });
  withoutKeys = openServer();
  for (const server of [withKeys, withoutKeys]) {
    await server.setProgram(plainProgram);
    const other = { ...plainProgram, siteId: 'other', name: 'Other' };
    await server.setProgram(other);
  }
});
afterAll(async () => {
  await withKeys.close();
  await withoutKeys.close();
});

const query = '{ program { name } }';
const plain = { data: { program: { name: 'Plain' } } };
const adjust = `mutation { adjustSpend(input: { orderId: "none", type: CREDIT, amount: "1", reason: "r", adjustedBy: "a", idempotencyKey: "k" }) {
  userErrors { code } } }`;

describe('without a token', () => {
  it('is the site of the header, "demo" without one', async () => {
    for (const server of [withKeys, withoutKeys]) {
      expect(await server.execute(query)).toMatchObject(plain);
      expect(await server.execute(query, {}, { 'x-site-id': 'other' })).toMatchObject({ data: { program: { name: 'Other' } } });
    }
  });

  it('is an administrator', async () => {
    for (const server of [withKeys, withoutKeys])
      expect(await server.execute(adjust)).toMatchObject({ data: { adjustSpend: { userErrors: [{ code: 'ORDER_NOT_FOUND' }] } } });
  });

  it.each(['', ' ', 'a'.repeat(129)])('refuses a header that is no id: "%s"', async (site) => {
    const headers = { 'content-type': 'application/json', 'x-site-id': site };
    const request = new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
    const response = await withoutKeys.fetch(request);
    const extensions = { code: 'INVALID_INPUT', path: [] };
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ errors: [{ message: 'X-Site-Id is no id of a site.', extensions }] });
  });
});

describe('with a token and keys', () => {
  it('is who the token says, of its site', async () => {
    expect(await withKeys.execute(query, {}, bearer('member'))).toMatchObject(plain);
    expect(await withKeys.execute(query, {}, bearer('member', 'ann', 'other'))).toMatchObject({ data: { program: { name: 'Other' } } });
  });

  it('may do what its role may do', async () => {
    expect(await withKeys.execute(adjust, {}, bearer('member'))).toMatchObject({
      data: { adjustSpend: { userErrors: [{ code: 'FORBIDDEN' }] } },
    });
    expect(await withKeys.execute(adjust, {}, bearer('admin'))).toMatchObject({
      data: { adjustSpend: { userErrors: [{ code: 'ORDER_NOT_FOUND' }] } },
    });
  });

  it('is the site of the token: another one by the header is refused', async () => {
    const headers = { ...bearer('admin'), 'x-site-id': 'other' };
    expect(await withKeys.execute(query, {}, headers)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it.each([
    ['TOKEN_MALFORMED', 'Basic YTpi'],
    ['TOKEN_MISSING', ''],
    ['TOKEN_EXPIRED', `Bearer ${tokenFor('admin', 'ann', 'demo', { exp: 1 })}`],
    ['TOKEN_INVALID', `Bearer ${signToken({ sub: 'ann', site_id: 'demo', scope: 'admin', exp: 4_102_444_800 }, `${secretOf('demo')}?`)}`],
  ])('refuses a bad one, as outside: %s', async (reason, authorization) => {
    const answer = await withKeys.execute(query, {}, { authorization });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', reason } }] });
    expect(answer.data).toBeUndefined();
  });
});

describe('with a token and no keys', () => {
  it.each([`Bearer ${tokenFor('admin')}`, 'Basic YTpi', ''])('refuses it and says what to do: %s', async (authorization) => {
    const answer = await withoutKeys.execute(query, {}, { authorization });
    expect(answer).toMatchObject({
      errors: [{ message: expect.stringContaining('--keys'), extensions: { code: 'UNAUTHENTICATED', reason: 'KEYS_NOT_CONFIGURED' } }],
    });
    expect(answer.data).toBeUndefined();
  });
});

describe('outside a sandbox', () => {
  it('there is no server without an authenticator', () => {
    const parts = { store: withKeys.store, clock: Date.now, newId: () => 'id', log: { error: () => {} } };
    expect(() => createServer({ ...parts, sandbox: false })).toThrow('authenticator');
  });

  it('the header alone is nobody', async () => {
    const server = openGuardedServer({ keys: testKeys });
    onTestFinished(() => server.close());
    expect(await server.execute(query, {}, { 'x-site-id': 'demo' })).toMatchObject({
      errors: [{ extensions: { reason: 'TOKEN_MISSING' } }],
    });
  });
});
