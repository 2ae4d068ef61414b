// Verified tokens that are kept: how many, how long, and that none outlives its keys.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, createAuthenticator, type KeySource } from '../../src/access/authenticator.ts';
import type { KeySettings } from '../../src/access/keys-file.ts';
import { createTokenCache } from '../../src/access/token-cache.ts';
import { secretOf, signToken, tokenFor } from '../support/tokens.ts';

const start = Date.parse('2026-11-24T12:00:00Z');
const next = 'the next secret of the tests, long enough';
const rotated = (...secrets: string[]): KeySettings => new Map([['demo', { secrets }]]);

let now: number;
let settings: KeySettings;
let listeners: (() => void)[];
let authenticator: Authenticator;

const keys: KeySource = { settings: () => settings, onChange: (listener) => listeners.push(listener) };
const open = (maximumCachedTokens: number): Authenticator =>
  createAuthenticator({ keys, clock: () => now, log: { error: () => {} }, maximumCachedTokens });

beforeEach(() => {
  now = start;
  settings = rotated(secretOf('demo'));
  listeners = [];
  authenticator = open(3);
});

function change(to: KeySettings): void {
  settings = to;
  for (const listener of listeners) listener();
}

async function ask(token: string): Promise<string> {
  const answer = await authenticator.authenticate(`Bearer ${token}`);
  return answer.kind === 'KNOWN' ? answer.actor.name : answer.reason;
}

const signedBy = (secret: string, more: object = {}): string =>
  signToken({ sub: 'ann', site_id: 'demo', scope: 'member', exp: start / 1_000 + 60, ...more }, secret);

describe('kept', () => {
  it('is one token once, and never more than the bound', async () => {
    for (let time = 0; time < 3; time += 1) expect(await ask(tokenFor('member'))).toBe('ann');
    expect(authenticator.cachedTokens()).toBe(1);
    for (let member = 0; member < 10; member += 1) expect(await ask(tokenFor('member', `m-${member}`))).toBe(`m-${member}`);
    expect(authenticator.cachedTokens()).toBe(3);
  });

  it('is nothing that was refused', async () => {
    const wrong = [signedBy('another'), signedBy(secretOf('demo'), { exp: 1 }), signedBy(secretOf('demo'), { scope: '' }), 'a.b.c', ''];
    for (const token of wrong) await ask(token);
    expect(authenticator.cachedTokens()).toBe(0);
  });

  it('is the whole token: what differs by a letter is verified for itself', async () => {
    const token = tokenFor('member');
    expect(await ask(token)).toBe('ann');
    const at = token.length - 5;
    expect(await ask(`${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`)).toBe('TOKEN_INVALID');
  });

  it('is a token until it expires, by the clock of the server', async () => {
    const token = signedBy(secretOf('demo'));
    expect(await ask(token)).toBe('ann');
    now = start + 64_999;
    expect(await ask(token)).toBe('ann');
    expect(authenticator.cachedTokens()).toBe(1);
    now = start + 65_000;
    expect(await ask(token)).toBe('TOKEN_EXPIRED');
  });
});

describe('when secrets rotate', () => {
  it('both are taken for a time, then the old one is refused at once, also where it was kept', async () => {
    const [old, young] = [signedBy(secretOf('demo')), signedBy(next)];
    expect([await ask(old), await ask(young)]).toEqual(['ann', 'TOKEN_INVALID']);
    change(rotated(next, secretOf('demo')));
    expect(authenticator.cachedTokens()).toBe(0);
    expect([await ask(old), await ask(young)]).toEqual(['ann', 'ann']);
    expect(authenticator.cachedTokens()).toBe(2);
    change(rotated(next));
    expect(authenticator.cachedTokens()).toBe(0);
    expect([await ask(old), await ask(young)]).toEqual(['TOKEN_INVALID', 'ann']);
  });

  it('a token of a site that is gone is refused', async () => {
    expect(await ask(tokenFor('member'))).toBe('ann');
    change(new Map([['other', { secrets: [next] }]]));
    expect(await ask(tokenFor('member'))).toBe('TOKEN_INVALID');
  });

  it('a token that is being verified meanwhile is not kept', async () => {
    const verifying = ask(tokenFor('member'));
    change(rotated(next));
    await verifying;
    expect(authenticator.cachedTokens()).toBe(0);
    expect(await ask(tokenFor('member'))).toBe('TOKEN_INVALID');
  });
});

it('makes room for the newest with what was not used for longest', async () => {
  const cache = createTokenCache(2);
  const verified = { actor: { siteId: 'demo', role: 'member', name: 'ann' }, expiresAt: 0, binding: null, isFresh: () => true } as const;
  cache.keep('a', verified);
  cache.keep('b', verified);
  expect(cache.find('a')).toBe(verified);
  cache.keep('c', verified);
  expect(['a', 'b', 'c'].map((token) => cache.find(token) !== null)).toEqual([true, false, true]);
});
