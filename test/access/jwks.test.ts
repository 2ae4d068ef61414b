// Tokens of an issuer whose public keys are fetched: which are taken, what confuses nobody, and how keys rotate.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticator, createAuthenticator, fixedKeys } from '../../src/access/authenticator.ts';
import type { JwksSettings, SiteKeySettings } from '../../src/access/keys-file.ts';
import { jwksTimings } from '../../src/access/remote-keys.ts';
import { type JwksServer, makeKey, signByKey, startJwks } from '../support/jwks.ts';
import { openGuardedServer } from '../support/server.ts';
import { secretOf, signToken, tokenFor } from '../support/tokens.ts';

const rsa = makeKey('RS256', 'rsa-1');
const ec = makeKey('ES256', 'ec-1');
const issuer = 'https://login.example/';
const now = Date.parse('2026-11-24T12:00:00Z');
const claims = { iss: issuer, aud: 'orders', sub: 'ann', site_id: 'demo', scope: 'member', exp: now / 1_000 + 3_600 };
const known = { kind: 'KNOWN', actor: { siteId: 'demo', role: 'member', name: 'ann' }, binding: null };
const refused = (reason: string) => ({ kind: 'REFUSED', reason });

let publisher: JwksServer;
let logged: unknown[] = [];
beforeAll(async () => {
  publisher = await startJwks([rsa, ec]);
});
afterEach(() => {
  publisher.answer([rsa, ec]);
  logged = [];
});
afterAll(() => publisher.close());

const settingsOf = (more: Partial<JwksSettings> = {}): JwksSettings => ({
  url: publisher.url,
  issuer,
  audience: 'orders',
  algorithms: ['RS256', 'ES256'],
  ...more,
});
const atOnce = { ...jwksTimings, cooldownMs: 0, retryMs: 0 };

function open(sites: Record<string, SiteKeySettings>, timings = jwksTimings): Authenticator {
  const log = { error: (details: object) => logged.push(details) };
  return createAuthenticator({ keys: fixedKeys(new Map(Object.entries(sites))), clock: () => now, log, timings });
}
const openDemo = (timings = jwksTimings, more: Partial<JwksSettings> = {}): Authenticator =>
  open({ demo: { secrets: [], jwks: settingsOf(more) } }, timings);
const ask = (authenticator: Authenticator, token: string) => authenticator.authenticate(`Bearer ${token}`);

describe('takes', () => {
  it.each([rsa, ec])('a token signed by $algorithm', async (key) => {
    expect(await ask(openDemo(), signByKey(key, claims))).toEqual(known);
  });

  it('a token of several audiences with the pinned one among them', async () => {
    expect(await ask(openDemo(), signByKey(ec, { ...claims, aud: ['shop', 'orders'] }))).toEqual(known);
  });

  it('a token that does not name its key, whichever of several it is', async () => {
    const others = [makeKey('ES256', 'ec-2'), makeKey('ES256', 'ec-3')];
    publisher.answer([...others, ec]);
    expect(await ask(openDemo(), signByKey(ec, claims, { kid: undefined }))).toEqual(known);
    expect(await ask(openDemo(), signByKey(makeKey('ES256', 'ec-4'), claims, { kid: undefined }))).toEqual(refused('TOKEN_INVALID'));
  });

  it('secrets and keys beside each other in one site', async () => {
    const both = open({ demo: { secrets: [secretOf('demo')], jwks: settingsOf() } });
    expect(await ask(both, signByKey(rsa, claims))).toEqual(known);
    expect(await ask(both, tokenFor('member'))).toEqual(known);
  });
});

describe('refuses', () => {
  it.each<[string, object]>([
    ['another issuer', { iss: 'https://login.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'shop' }],
    ['no audience', { aud: undefined }],
    ['another site', { site_id: 'shop' }],
    ['no site', { site_id: undefined }],
    ['no expiry', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['no role', { scope: 'openid' }],
    ['a body to be checked with a secret that is not there', { hmac: 'aaaa' }],
  ])('a token of %s', async (_, more) => {
    expect(await ask(openDemo(), signByKey(rsa, { ...claims, ...more }))).toEqual(refused('TOKEN_INVALID'));
  });

  it('an expired token, as such', async () => {
    expect(await ask(openDemo(), signByKey(rsa, { ...claims, exp: now / 1_000 - 60 }))).toEqual(refused('TOKEN_EXPIRED'));
  });

  it('an algorithm that is not pinned', async () => {
    const pinned = openDemo(jwksTimings, { algorithms: ['ES256'] });
    expect(await ask(pinned, signByKey(rsa, claims))).toEqual(refused('TOKEN_INVALID'));
    expect(await ask(pinned, signByKey(ec, claims))).toEqual(known);
  });

  it('a key under the name of another, and one with an unknown name', async () => {
    expect(await ask(openDemo(), signByKey(makeKey('RS256', 'rsa-1'), claims))).toEqual(refused('TOKEN_INVALID'));
    expect(await ask(openDemo(), signByKey(makeKey('RS256', 'rsa-9'), claims))).toEqual(refused('TOKEN_INVALID'));
    expect(await ask(openDemo(), signByKey(ec, claims, { kid: 'rsa-1' }))).toEqual(refused('TOKEN_INVALID'));
    expect(await ask(openDemo(), signByKey(rsa, claims, { kid: 7 }))).toEqual(refused('TOKEN_INVALID'));
  });

  it('the public key as a secret, in every form in which it is known', async () => {
    const { n = '' } = rsa.publicKey.export({ format: 'jwk' });
    const forms = [
      rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      rsa.publicKey.export({ format: 'pem', type: 'pkcs1' }).toString(),
      rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString().trim(),
      JSON.stringify(rsa.publicKey.export({ format: 'jwk' })),
      n,
      Buffer.from(n, 'base64url').toString('latin1'),
    ];
    const withSecrets = open({ demo: { secrets: [secretOf('demo')], jwks: settingsOf() } });
    for (const authenticator of [openDemo(), withSecrets])
      for (const form of forms)
        for (const header of [
          { alg: 'HS256' },
          { alg: 'HS256', kid: 'rsa-1' },
          { alg: 'RS256', kid: 'rsa-1' },
          { alg: 'ES256', kid: 'ec-1' },
        ])
          expect(await ask(authenticator, signToken(claims, form, header))).toEqual(refused('TOKEN_INVALID'));
  });

  it('a secret for a token that claims a private key, and a private key for one that claims a secret', async () => {
    const both = open({ demo: { secrets: [secretOf('demo')], jwks: settingsOf() } });
    expect(await ask(both, signToken(claims, secretOf('demo'), { alg: 'RS256', kid: 'rsa-1' }))).toEqual(refused('TOKEN_INVALID'));
    expect(await ask(both, signByKey(rsa, claims, { alg: 'HS256' }))).toEqual(refused('TOKEN_INVALID'));
  });

  it('a key of the issuer of another site', async () => {
    const other = await startJwks([makeKey('RS256', 'rsa-1')]);
    const two = open({ demo: { secrets: [], jwks: settingsOf() }, shop: { secrets: [], jwks: settingsOf({ url: other.url }) } });
    expect(await ask(two, signByKey(rsa, claims))).toEqual(known);
    expect(await ask(two, signByKey(rsa, { ...claims, site_id: 'shop' }))).toEqual(refused('TOKEN_INVALID'));
    await other.close();
  });

  it('a token of a site that there is not, as one that is forged', async () => {
    for (const key of [rsa, ec])
      expect(await ask(openDemo(), signByKey(key, { ...claims, site_id: 'x' }))).toEqual(refused('TOKEN_INVALID'));
  });
});

describe('keys', () => {
  it('are fetched when first needed, and once', async () => {
    const before = publisher.asked();
    const authenticator = openDemo();
    await ask(authenticator, signByKey(rsa, { ...claims, site_id: 'x' }));
    expect(publisher.asked() - before).toBe(0);
    await Promise.all(Array.from({ length: 20 }, (_, index) => ask(authenticator, signByKey(ec, { ...claims, jti: index }))));
    expect(publisher.asked() - before).toBe(1);
  });

  it('are not fetched for each token of an unknown key', async () => {
    const authenticator = openDemo();
    await ask(authenticator, signByKey(rsa, claims));
    const before = publisher.asked();
    for (let index = 0; index < 20; index += 1) await ask(authenticator, signByKey(ec, claims, { kid: `unknown-${index}` }));
    expect(publisher.asked() - before).toBe(0);
  });

  it('rotate: a new one is found when it is first used, and one that is gone is refused from then on', async () => {
    const authenticator = openDemo(atOnce);
    const old = signByKey(rsa, claims);
    expect(await ask(authenticator, old)).toEqual(known);
    const next = makeKey('ES256', 'ec-2');
    publisher.answer([rsa, next]);
    expect(await ask(authenticator, signByKey(next, claims))).toEqual(known);
    expect(await ask(authenticator, old)).toEqual(known);
    const last = makeKey('ES256', 'ec-3');
    publisher.answer([last]);
    expect(authenticator.cachedTokens()).toBeGreaterThan(0);
    expect(await ask(authenticator, signByKey(last, claims))).toEqual(known);
    expect(await ask(authenticator, old)).toEqual(refused('TOKEN_INVALID'));
  });

  it('are looked at again when they have their age, for tokens that were verified as well', async () => {
    const authenticator = openDemo({ ...atOnce, maxAgeMs: 0 });
    const token = signByKey(rsa, claims);
    expect(await ask(authenticator, token)).toEqual(known);
    publisher.answer([ec]);
    expect(await ask(authenticator, token)).toEqual(refused('TOKEN_INVALID'));
  });
});

describe('keys that cannot be had', () => {
  it.each<[string, number | string]>([
    ['are an error of the publisher', 500],
    ['are elsewhere', 302],
    ['are no JSON', 'nothing'],
    ['are no list', '{"keys": 7}'],
    ['are nothing', 'null'],
    ['are no keys', '{"keys": [7]}'],
  ])('%s: no fault of the token', async (_, answer) => {
    publisher.answer(answer);
    const authenticator = openDemo(atOnce);
    expect(await ask(authenticator, signByKey(rsa, claims))).toEqual(refused('KEYS_UNAVAILABLE'));
    publisher.answer([rsa]);
    expect(await ask(authenticator, signByKey(rsa, claims))).toEqual(known);
  });

  it('do not come: they are not waited for without end', async () => {
    publisher.answer('silence');
    expect(await ask(openDemo({ ...atOnce, timeoutMs: 50 }), signByKey(rsa, claims))).toEqual(refused('KEYS_UNAVAILABLE'));
  });

  it('are not asked for again at once', async () => {
    publisher.answer(503);
    const before = publisher.asked();
    const authenticator = openDemo();
    for (let index = 0; index < 10; index += 1)
      expect(await ask(authenticator, signByKey(rsa, claims))).toEqual(refused('KEYS_UNAVAILABLE'));
    expect(publisher.asked() - before).toBe(1);
    expect(JSON.stringify(logged)).not.toContain(signByKey(rsa, claims));
  });

  it('do not lock out tokens of other sites, or those signed with a secret', async () => {
    publisher.answer(503);
    const both = open({ demo: { secrets: [secretOf('demo')], jwks: settingsOf() } });
    expect(await ask(both, signByKey(rsa, claims))).toEqual(refused('KEYS_UNAVAILABLE'));
    expect(await ask(both, tokenFor('member'))).toEqual(known);
  });

  it('are answered as a failure of the server that passes', async () => {
    const gone = await startJwks([]);
    await gone.close();
    const keys = fixedKeys(new Map([['demo', { secrets: [], jwks: settingsOf({ url: gone.url }) }]]));
    const server = openGuardedServer({ keys });
    const headers = { authorization: `Bearer ${signByKey(rsa, claims)}`, 'content-type': 'application/json' };
    const request = new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body: '{"query":"{ program { name } }"}' });
    const response = await server.fetch(request);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'KEYS_UNAVAILABLE' } }] });
    await server.close();
  });
});
