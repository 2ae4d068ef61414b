// Pages of other origins: none may read answers or write, but those of origins that are named.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOrigin } from '../../src/exposure/origins.ts';
import { type Loopback, openLoopback, type SentHeaders, send, type Told } from '../exposure/loopback.ts';
import { openWorld } from '../support/world.ts';

const shop = 'https://shop.example';
const json = { 'content-type': 'application/json' };
const query = '{"query":"{ program { name } }"}';
const preflight: SentHeaders = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
};

/** The headers of an answer that speak of other origins, and what caches are told. */
const leave = ({ headers }: Told): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-') || name === 'vary'));

let closed: Loopback;
let opened: Loopback;
let several: Loopback;
beforeAll(async () => {
  closed = await openLoopback({ sandbox: true });
  opened = await openLoopback({ sandbox: false, exposure: { origins: [shop] } });
  several = await openLoopback({ sandbox: true, exposure: { origins: [shop, 'http://127.0.0.1:3000'] } });
});
afterAll(() => Promise.all([closed, opened, several].map(({ close }) => close())));

describe('closed, as it is unless origins are named', () => {
  test('no answer gives leave to read it', async () => {
    for (const [method, headers] of [
      ['POST', json],
      ['OPTIONS', preflight],
      ['GET', {}],
    ] as const)
      expect(leave(await send(closed.url, method, { ...headers, origin: shop }, method === 'POST' ? query : null))).toEqual({});
  });
});

describe('open to one origin', () => {
  test('its pages may ask whether they may, without a token, and are told what they may send', async () => {
    const told = await send(opened.url, 'OPTIONS', { ...preflight, origin: shop });
    expect([told.status, told.text]).toEqual([204, '']);
    expect(leave(told)).toEqual({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, x-site-id, x-graphql-yoga-csrf, x-request-id',
      'access-control-expose-headers': 'x-request-id, retry-after',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  test('its pages may read answers, refusals included, without credentials of the browser', async () => {
    const told = await send(opened.url, 'POST', { ...json, origin: shop }, query);
    expect(told.status).toBe(401);
    expect(leave(told)).toMatchObject({ 'access-control-allow-origin': shop, vary: 'Origin' });
    expect(leave(told)).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('open to several origins', () => {
  for (const origin of ['https://elsewhere.example', 'null', `${shop}.elsewhere.example`, 'http://shop.example', `${shop}:8443`, ''])
    test(`a page of "${origin}" is given no leave`, async () => {
      expect(leave(await send(several.url, 'POST', { ...json, origin }, query))).toEqual({ vary: 'Origin' });
      expect(leave(await send(several.url, 'OPTIONS', { ...preflight, origin }))).toEqual({ vary: 'Origin' });
    });

  test('each is answered by its own name', async () => {
    for (const origin of [shop, 'http://127.0.0.1:3000'])
      expect(leave(await send(several.url, 'POST', { ...json, origin }, query))).toMatchObject({ 'access-control-allow-origin': origin });
  });

  test('what was asked by nobody in particular is not kept for pages', async () => {
    expect(leave(await send(several.url, 'POST', json, query))).toEqual({ vary: 'Origin' });
  });
});

test('an origin is named exactly', () => {
  for (const origin of [shop, 'http://127.0.0.1:3000', 'http://[::1]:4000']) expect(readOrigin(origin)).toBe(origin);
  for (const text of [
    '*',
    'null',
    '',
    'shop.example',
    `${shop}/`,
    `${shop}:443`,
    'https://*.shop.example/x',
    'https://SHOP.example',
    'file:///x',
  ])
    expect([text, readOrigin(text)]).toEqual([text, null]);
});

test('a form of another page writes nothing', async () => {
  const world = await openWorld();
  const before = await world.stored();
  const mutation = 'mutation { enrollMember(input: { userId: "drive-by" }) { member { userId } } }';
  const response = await world.server.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://elsewhere.example' },
      body: `query=${encodeURIComponent(mutation)}`,
    }),
  );
  expect(response.status).toBe(403);
  expect(await world.stored()).toEqual(before);
  await world.close();
});
