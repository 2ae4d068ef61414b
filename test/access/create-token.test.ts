// `token create` as it is typed, and what a process that serves says to its tokens.
import { createHmac } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createToken, type TokenRequest } from '../../src/access/create-token.ts';
import { runMain, startGuardedServer } from '../support/process.ts';
import { secretOf, signToken } from '../support/tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'create-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
  return file;
}

const jwks = { url: 'https://login.example/keys', issuer: 'https://login.example/', audience: 'orders', algorithms: ['RS256'] } as const;
const settings = new Map([
  ['demo', { secrets: [secretOf('first'), secretOf('second')] }],
  ['shop', { secrets: [], jwks }],
]);

describe('a token', () => {
  const at = Date.parse('2026-11-24T12:00:00Z');
  const iat = at / 1_000;

  it.each([
    [undefined, 3_600],
    ['45s', 45],
    ['30m', 1_800],
    ['2h', 7_200],
    ['366d', 31_622_400],
  ])('that expires in %s says so and is signed with the first secret', async (expires, seconds) => {
    const token = await createToken({ site: ' demo ', role: 'service', subject: 'till', expires }, settings, at);
    const expected = signToken({ site_id: 'demo', scope: 'service', sub: 'till', iat, exp: iat + seconds }, secretOf('first'));
    expect(token).toBe(expected);
  });

  it.each<[TokenRequest, string[]]>([
    [{}, ['--site', '--role', '--subject']],
    [{ site: 'nowhere', role: 'admin', subject: 'ann' }, ['--site']],
    [{ site: 'shop', role: 'admin', subject: 'ann' }, ['--site']],
    [{ site: 'demo', role: 'owner', subject: ' ' }, ['--role', '--subject']],
    ...['', '1', '0s', '1w', '-1h', '367d', '1.5h', '9999999999s'].map((expires): [TokenRequest, string[]] => [
      { site: 'demo', role: 'admin', subject: 'ann', expires },
      ['--expires'],
    ]),
  ])('of %j is refused by every flag at fault: %j', async (request, flags) => {
    const answer = await createToken(request, settings, at);
    if (typeof answer === 'string') throw new Error('It was created.');
    expect(answer.faults.map((fault) => fault.split(':')[0])).toEqual(flags);
  });
});

describe('on the command line', () => {
  it('needs a keys file that is right', async () => {
    const flags = ['token', 'create', '--site', 'demo', '--role', 'admin', '--subject', 'ann'];
    expect(await runMain(...flags)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--keys') });
    const faulty = write('faulty.json', { sites: { demo: { secrets: ['short and hidden'] } } });
    const served = await runMain('serve', '--port', '0', '--keys', faulty, '--database', ':memory:');
    expect(served).toEqual({
      code: 2,
      stdout: '',
      stderr: `${faulty} is no keys file:\n  sites.demo.secrets.0: Expected at least 32 bytes, from a random source.\n`,
    });
  });

  it('prints what a server takes, until its secret is taken out of the file', async () => {
    const file = write('keys.json', { sites: { demo: { secrets: [secretOf('first')] } } });
    const program = write('program.json', {
      siteId: 'demo',
      name: 'Plain points',
      currencyCode: 'USD',
      timeZone: 'UTC',
      purchase: { baseRatio: '1' },
    });
    const server = await startGuardedServer('--keys', file, '--program', program, '--database', ':memory:');
    onTestFinished(async () => {
      await server.end('SIGKILL');
    });
    const { code, stdout, stderr } = await runMain(
      ...['token', 'create', '--site', 'demo', '--role', 'member', '--subject', 'ann', '--expires', '5m', '--keys', file],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);

    const query = '{ program { name } }';
    const answered = { data: { program: { name: 'Plain points' } } };
    const created = { authorization: `Bearer ${stdout.trim()}` };
    expect(await server.execute(query)).toMatchObject({ errors: [{ extensions: { reason: 'TOKEN_MISSING' } }] });
    expect(await server.execute(query, {}, created)).toMatchObject(answered);

    const bound = (body: string, secret: string) => {
      const hmac = createHmac('sha256', secret).update(Buffer.from(body).toString('base64')).digest('base64');
      const claims = { sub: 'till', site_id: 'demo', scope: 'service', exp: 4_102_444_800, hmac };
      return { authorization: `Bearer ${signToken(claims, secret)}` };
    };
    const body = JSON.stringify({ query, variables: {} });
    expect(await server.execute(query, {}, bound(body, secretOf('first')))).toMatchObject(answered);
    expect(await server.execute(`${query} `, {}, bound(body, secretOf('first')))).toMatchObject({
      errors: [{ extensions: { reason: 'BODY_MISMATCH' } }],
    });

    write('keys.json', { sites: { demo: { secrets: [secretOf('second')] } } });
    await expect
      .poll(() => server.execute(query, {}, created), { timeout: 20_000 })
      .toMatchObject({ errors: [{ extensions: { reason: 'TOKEN_INVALID' } }] });
    expect(await server.execute(query, {}, bound(body, secretOf('second')))).toMatchObject(answered);
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
