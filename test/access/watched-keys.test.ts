// The keys file of a running server: however it is changed, the new keys count; what is faulty changes nothing.
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, createAuthenticator } from '../../src/access/authenticator.ts';
import { type WatchedKeys, watchKeys } from '../../src/access/watched-keys.ts';
import { secretOf, signToken } from '../support/tokens.ts';

const secrets = { first: secretOf('first'), second: secretOf('second') };
const contentOf = (...given: string[]): string => JSON.stringify({ sites: { demo: { secrets: given } } });
const tokenBy = (secret: string): string =>
  `Bearer ${signToken({ sub: 'ann', site_id: 'demo', scope: 'member', exp: 4_102_444_800 }, secret)}`;

const patiently = { timeout: 20_000 };

let folder: string;
let file: string;
let keys: WatchedKeys;
let authenticator: Authenticator;
let logged: { readonly level: string; readonly details: object; readonly message: string }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(folder, 'keys.json');
  logged = [];
  writeFileSync(file, contentOf(secrets.first));
});
afterEach(() => {
  keys?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function watch(): void {
  const at = (level: string) => (details: object, message: string) => {
    logged.push({ level, details, message });
  };
  const log = { info: at('info'), error: at('error') };
  keys = watchKeys({ file, log, everyMs: 10 });
  authenticator = createAuthenticator({ keys, clock: Date.now, log });
}

/** Which secrets are in force, by tokens that were verified before and are kept. */
const inForce = async (): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const [name, secret] of Object.entries(secrets))
    if ((await authenticator.authenticate(tokenBy(secret))).kind === 'KNOWN') names.push(name);
  return names;
};
const errors = (): number => logged.filter(({ level }) => level === 'error').length;

describe('a file that changes', () => {
  it('counts when it is written in place', async () => {
    watch();
    expect(await inForce()).toEqual(['first']);
    writeFileSync(file, contentOf(secrets.first, secrets.second));
    await expect.poll(inForce, patiently).toEqual(['first', 'second']);
    writeFileSync(file, contentOf(secrets.second));
    await expect.poll(inForce, patiently).toEqual(['second']);
    expect(errors()).toBe(0);
  });

  it('counts when another file takes its name, time and again', async () => {
    watch();
    for (const name of ['second', 'first', 'second'] as const) {
      writeFileSync(`${file}.new`, contentOf(secrets[name]));
      renameSync(`${file}.new`, file);
      await expect.poll(inForce, patiently).toEqual([name]);
    }
    expect(errors()).toBe(0);
  });

  it('counts when a link is turned to another file', async () => {
    writeFileSync(join(folder, 'other.json'), contentOf(secrets.second));
    symlinkSync(file, join(folder, 'link'));
    file = join(folder, 'link');
    watch();
    expect(await inForce()).toEqual(['first']);
    symlinkSync(join(folder, 'other.json'), join(folder, 'link.new'));
    renameSync(join(folder, 'link.new'), file);
    await expect.poll(inForce, patiently).toEqual(['second']);
  });
});

describe('a file that is no longer right', () => {
  it.each([
    ['cut off', contentOf(secrets.second).slice(0, -20)],
    ['empty', ''],
    ['without secrets', '{"sites": {"demo": {}}}'],
    ['with a short secret', contentOf(secrets.second, 'short and hidden')],
  ])('%s: the keys before stay in force, and it is told once, without its content', async (_, content) => {
    watch();
    expect(await inForce()).toEqual(['first']);
    writeFileSync(file, content);
    await expect.poll(errors, patiently).toBe(1);
    expect(await inForce()).toEqual(['first']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(errors()).toBe(1);
    expect(JSON.stringify(logged)).not.toMatch(/second|hidden/);
    writeFileSync(file, contentOf(secrets.second));
    await expect.poll(inForce, patiently).toEqual(['second']);
  });

  it('gone: the keys before stay in force until it is there again', async () => {
    watch();
    rmSync(file);
    await expect.poll(errors, patiently).toBe(1);
    expect(await inForce()).toEqual(['first']);
    writeFileSync(file, contentOf(secrets.second));
    await expect.poll(inForce, patiently).toEqual(['second']);
    expect(errors()).toBe(1);
  });
});

describe('a file that is not right from the start', () => {
  it('names every fault', () => {
    writeFileSync(file, JSON.stringify({ sites: { demo: { secrets: ['short'] }, shop: {} } }));
    expect(watch).toThrow(/is no keys file:\n {2}sites\.demo\.secrets\.0: .*\n {2}sites\.shop: .*$/);
  });

  it('names a file that is not there', () => {
    file = join(folder, 'none.json');
    expect(watch).toThrow('none.json');
  });
});
