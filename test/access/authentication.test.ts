// At the door of a server outside a sandbox: who is let in, who is turned away, and what they are told.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { bearer, secretOf, signToken, testKeys, tokenFor } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

const now = Date.parse('2026-11-24T12:00:00Z') / 1_000;
let server: TestServer;
beforeAll(async () => {
  server = openGuardedServer();
  await server.setProgram(plainProgram);
  const other = { ...plainProgram, siteId: 'other', name: 'Other' };
  await server.setProgram(other);
});
afterAll(() => server.close());

const query = '{ program { name } }';
/** Says that no other page made the request, which is asked of a GET. */
const sameOrigin = { 'x-graphql-yoga-csrf': '1' };
const inDemo = { data: { program: { name: 'Plain' } } };

function ask(headers: Readonly<Record<string, string>>, path = '', init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ query });
  const request = { method: 'POST', body, ...init, headers: { ...sameOrigin, 'content-type': 'application/json', ...headers } };
  return server.fetch(new Request(`http://127.0.0.1/graphql${path}`, request));
}

const withToken = (token: string): Promise<Response> => ask({ authorization: `Bearer ${token}` });

/** The reason class of a response that turns away. Everything else in it is checked to be the same for all. */
async function reasonOf(answered: Promise<Response>): Promise<unknown> {
  const response = await answered;
  const answer = await response.json();
  const reason = answer.errors?.[0]?.extensions?.reason;
  expect(answer).toEqual({ errors: [{ message: 'This needs a valid token.', extensions: { code: 'UNAUTHENTICATED', reason } }] });
  expect(response.status).toBe(401);
  const challenge = 'Bearer realm="loyalty orders"';
  expect(response.headers.get('www-authenticate')).toBe(reason === 'TOKEN_MISSING' ? challenge : `${challenge}, error="invalid_token"`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return reason;
}

describe('let in', () => {
  it.each(['member', 'service', 'admin'] as const)('is a token of a %s', async (role) => {
    expect(await (await withToken(tokenFor(role))).json()).toMatchObject(inDemo);
  });

  it.each([
    ['whose scope has other words around the role', { scope: 'openid member profile' }],
    ['that is in force since now', { nbf: now }],
    ['within the tolerance of clocks', { nbf: now + 5, exp: now - 4 }],
    ['with fields that mean nothing here', { iss: 'https://elsewhere.example', aud: 'anything', jti: '1' }],
  ])('is a token %s', async (_, claims) => {
    expect(await (await withToken(tokenFor('member', 'ann', 'demo', claims))).json()).toMatchObject(inDemo);
  });

  it.each([
    ['in small letters', (token: string) => `bearer ${token}`],
    ['in capitals', (token: string) => `BEARER ${token}`],
    ['with spaces', (token: string) => `Bearer   ${token}  `],
  ])('is a scheme %s', async (_, header) => {
    expect((await ask({ authorization: header(tokenFor('member')) })).status).toBe(200);
  });

  it('is somebody on a GET', async () => {
    const response = await ask(bearer('member'), `?query=${encodeURIComponent(query)}`, { method: 'GET', body: null });
    expect(await response.json()).toMatchObject(inDemo);
  });

  it('is everybody to the site of their token alone', async () => {
    const response = await withToken(tokenFor('admin', 'ann', 'other'));
    expect(await response.json()).toMatchObject({ data: { program: { name: 'Other' } } });
  });
});

describe('the actor', () => {
  const authenticator = createAuthenticator({ keys: testKeys, clock: () => now * 1_000, log: { error: () => {} } });

  it.each([
    ['member', 'member'],
    ['service', 'service'],
    ['admin', 'admin'],
    ['admin member', 'admin'],
    ['member service admin', 'admin'],
    ['openid service  member', 'service'],
  ])('of the scope "%s" is a %s', async (scope, role) => {
    const signed = signToken({ sub: ' till 7 ', site_id: ' demo ', scope, exp: now + 60 }, secretOf('demo'));
    expect(await authenticator.authenticate(`Bearer ${signed}`)).toEqual({
      kind: 'KNOWN',
      actor: { siteId: 'demo', role, name: 'till 7' },
      binding: null,
    });
  });
});

describe('turned away', () => {
  it.each([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
  ])('is a request with %s, as without a token', async (_, headers) => {
    expect(await reasonOf(ask(headers))).toBe('TOKEN_MISSING');
  });

  it('is a request without a token before its body is parsed, on GET as well, and at every path', async () => {
    expect(await reasonOf(ask({}, '', { body: '{"query":' }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({ 'content-type': 'text/plain' }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({}, `?query=${encodeURIComponent(query)}`, { method: 'GET', body: null }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({}, '?query=%7B', { method: 'GET', body: null }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({}, '/', { body: '[]' }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({}, '', { method: 'PUT' }))).toBe('TOKEN_MISSING');
    expect(await reasonOf(ask({}, `?access_token=${tokenFor('admin')}`))).toBe('TOKEN_MISSING');
  });

  const token = tokenFor('admin');
  const [header, claims, signature] = token.split('.');
  it.each([
    ['another scheme', `Basic ${Buffer.from('ann:secret').toString('base64')}`],
    ['a scheme without a token', 'Bearer'],
    ['a token without a scheme', token],
    ['two tokens', `Bearer ${token}, Bearer ${token}`],
    ['two tokens, by a space', `Bearer ${token} ${token}`],
    ['a word', 'Bearer token'],
    ['a token without a signature', `Bearer ${header}.${claims}`],
    ['a token with a fourth part', `Bearer ${token}.${signature}`],
    ['an encrypted token', `Bearer ${header}.a.b.c.${signature}`],
    ['a header that is no JSON', `Bearer aaaa.${claims}.${signature}`],
    ['claims that are no JSON', `Bearer ${header}.aaaa.${signature}`],
    ['claims that are a list', `Bearer ${header}.${Buffer.from('[]').toString('base64url')}.${signature}`],
    ['a token of 9 KB', `Bearer ${tokenFor('admin', 'ann', 'demo', { more: 'x'.repeat(7_000) })}`],
    ['a token of 1 MB', `Bearer ${'a'.repeat(1_000_000)}`],
  ])('is %s, as malformed', async (_, authorization) => {
    expect(await reasonOf(ask({ authorization }))).toBe('TOKEN_MALFORMED');
  });

  it.each([
    ['has expired', { exp: now - 5 }],
    ['has expired long ago', { exp: 0 }],
  ])('is a token that %s, as expired', async (_, more) => {
    expect(await reasonOf(withToken(tokenFor('admin', 'ann', 'demo', more)))).toBe('TOKEN_EXPIRED');
  });

  it.each<[string, object]>([
    ['that is not yet in force', { nbf: now + 6 }],
    ['without an expiry', { exp: undefined }],
    ['whose expiry is a text', { exp: '4102444800' }],
    ['without a subject', { sub: undefined }],
    ['of an empty subject', { sub: ' ' }],
    ['whose subject is a number', { sub: 7 }],
    ['whose subject is too long', { sub: 'a'.repeat(129) }],
    ['whose subject holds NUL', { sub: 'a\u0000' }],
    ['without a site', { site_id: undefined }],
    ['whose site is a list', { site_id: ['demo'] }],
    ['without a scope', { scope: undefined }],
    ['whose scope has no role', { scope: 'openid profile' }],
    ['whose scope has a role in a word', { scope: 'administrator admins member:read ADMIN' }],
    ['whose scope is a list', { scope: ['admin'] }],
    ['whose hmac is no text', { hmac: null }],
  ])('is a token %s', async (_, more) => {
    expect(await reasonOf(withToken(tokenFor('admin', 'ann', 'demo', more)))).toBe('TOKEN_INVALID');
  });

  const good = { sub: 'ann', site_id: 'demo', scope: 'admin', exp: now + 60 };
  it.each<[string, string]>([
    ['signed with another secret', signToken(good, `${secretOf('demo')}!`)],
    ['signed with the secret of another site', signToken(good, secretOf('other'))],
    ['of another site, signed with its own secret', signToken({ ...good, site_id: 'other' }, secretOf('demo'))],
    ['of a site that there is not', signToken({ ...good, site_id: 'nowhere' }, secretOf('demo'))],
    ['of a site that is a name of every object', signToken({ ...good, site_id: '__proto__' }, secretOf('demo'))],
    ['of a site that is a method of every object', signToken({ ...good, site_id: 'constructor' }, secretOf('demo'))],
    ['whose claims were changed', `${header}.${Buffer.from(JSON.stringify({ ...good, sub: 'bob' })).toString('base64url')}.${signature}`],
    ['without algorithm and signature', `${signToken(good, '', { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['of no algorithm, with a signature', signToken(good, secretOf('demo'), { alg: 'none' })],
    ['whose algorithm is spelt otherwise', signToken(good, secretOf('demo'), { alg: 'hs256' })],
    ['whose algorithm is another HMAC', signToken(good, secretOf('demo'), { alg: 'HS512' })],
    ['that claims to be signed by a private key, of a site without a JWKS', signToken(good, secretOf('demo'), { alg: 'RS256', kid: '1' })],
    [
      'that brings its own key',
      signToken(good, 'mine', { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } }),
    ],
    ['that names its own keys', signToken(good, 'mine', { alg: 'RS256', jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/c' })],
    ['with a critical extension', signToken(good, secretOf('demo'), { alg: 'HS256', crit: ['exp'], exp: 1 })],
    ['with unencoded claims', signToken(good, secretOf('demo'), { alg: 'HS256', crit: ['b64'], b64: false })],
    ['that has expired and is signed with another secret', signToken({ ...good, exp: 0 }, 'another')],
    ['that has expired, of a site that there is not', signToken({ ...good, exp: 0, site_id: 'nowhere' }, 'another')],
  ])('is a token %s', async (_, forged) => {
    expect(await reasonOf(withToken(forged))).toBe('TOKEN_INVALID');
  });

  it('is told in the media type that was asked for', async () => {
    const response = await ask({ accept: 'application/graphql-response+json' });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect((await ask({})).headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

describe('anything else in the header', () => {
  const authenticator = createAuthenticator({ keys: testKeys, clock: () => now * 1_000, log: { error: () => {} } });

  it('is nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary-ascii' }), fc.base64String()), async (given) => {
        for (const header of [given, `Bearer ${given}`, `Bearer ${given}.${given}.${given}`])
          expect((await authenticator.authenticate(header)).kind).toBe('REFUSED');
      }),
      { numRuns: 100 },
    );
  });

  it('is nobody when it is a good token with a character changed or left out', async () => {
    const good = tokenFor('admin');
    // The last character of each part has bits that mean nothing.
    const places = [...good].flatMap((letter, at) => (letter === '.' || [undefined, '.'].includes(good[at + 1]) ? [] : [at]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom('', ...'AZaz09-_.= '), async (at, letter) => {
        fc.pre(good[at] !== letter);
        const answer = await authenticator.authenticate(`Bearer ${good.slice(0, at)}${letter}${good.slice(at + 1)}`);
        expect(answer.kind).toBe('REFUSED');
      }),
      { numRuns: 300 },
    );
  });
});

describe('X-Site-Id', () => {
  it('may repeat the site of the token', async () => {
    expect((await ask({ ...bearer('service'), 'x-site-id': ' demo ' })).status).toBe(200);
  });

  it.each(['other', 'nowhere', '', 'DEMO', 'demo, other'])('must not be "%s" with a token of another site', async (site) => {
    const response = await ask({ ...bearer('admin'), 'x-site-id': site });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('tells nothing to whom nobody knows', async () => {
    expect(await reasonOf(ask({ 'x-site-id': 'other' }))).toBe('TOKEN_MISSING');
  });
});

describe('without a token', () => {
  it.each(['/health', '/ready'])('%s is answered', async (path) => {
    expect((await server.fetch(new Request(`http://127.0.0.1${path}`))).status).toBe(200);
  });

  it('a browser may ask whether a page may call, and no operation runs by that', async () => {
    const response = await ask({}, '', { method: 'OPTIONS' });
    expect(response.status).toBe(405);
    expect(await response.text()).not.toContain('Plain');
  });
});
