// What is built: it serves from a folder of its own, with the compiled code of a start, and tells mistakes as the sources do.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'built-'));
const out = join(folder, 'dist');
const main = join(out, 'main.js');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { readonly code: number; readonly printed: string; readonly mistakes: string };

/** Runs Node to its end, in the folder that was built. */
const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: { NODE_ENV: 'production' } }, (error, printed, mistakes) =>
      resolve({ code: Number(error?.code ?? 0), printed, mistakes }),
    );
  });

beforeAll(async () => {
  // What lies beside dist/ where the package is installed.
  for (const name of ['node_modules', 'drizzle', 'examples']) symlinkSync(join(root, name), join(folder, name));
  const built = await run('--import', join(root, 'node_modules/tsx/dist/loader.mjs'), join(root, 'build/build.ts'), '--out', out);
  expect(built).toEqual({ code: 0, printed: '', mistakes: '' });
}, 60_000);

it('has its compiled code, which the Node that built it takes', async () => {
  const script = `
    const { readFileSync } = require('node:fs');
    const [cachedData, text] = [readFileSync('dist/gateway.cache'), readFileSync('dist/gateway.js', 'latin1')];
    const wrapped = '(function (require, module, exports, __filename, __dirname) {' + text + '\\n})';
    console.log(new (require('node:vm').Script)(wrapped, { filename: 'dist/gateway.js', cachedData }).cachedDataRejected);`;
  expect(await run('-e', script)).toMatchObject({ code: 0, printed: 'false\n' });
});

it.each([
  ['as it is built', []],
  ['with stacks in lines of the sources', ['--enable-source-maps']],
])('serves, %s', async (_, flags) => {
  const server = spawn(process.execPath, [...flags, main, 'serve', '--sandbox', '--seed', '--database', ':memory:', '--port', '0'], {
    cwd: folder,
  });
  try {
    let printed = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk) => {
        printed += chunk;
      });
    await expect.poll(() => printed, { timeout: 30_000 }).toMatch(/Data /);
    const url = /http:\S+/.exec(printed)?.[0] ?? '';
    const asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename now }' }),
    };
    expect(await (await fetch(url, asked)).json()).toMatchObject({ data: { __typename: 'Query' } });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('CreateOrder');
    server.kill('SIGTERM');
    await expect.poll(() => server.exitCode, { timeout: 10_000 }).toBe(0);
  } finally {
    server.kill('SIGKILL');
  }
});

it('carries out the other commands', async () => {
  const database = join(folder, 'orders.db');
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ sites: { demo: { secrets: ['a secret of the test that is long enough'] } } }));
  expect(await run(main, 'migrate', '--database', database)).toEqual({ code: 0, printed: '', mistakes: '' });
  expect(await run(main, 'doctor', '--database', database)).toMatchObject({ code: 0, printed: 'Every sum is right.\n' });
  expect(await run(main, 'backup', join(folder, 'copy.db'), '--database', database)).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'copy.db'))).toBe(true);
  const token = await run(main, 'token', 'create', '--keys', keys, '--site', 'demo', '--role', 'member', '--subject', 'ann');
  expect(token.printed.split('.')).toHaveLength(3);
  const documents = await run(main, 'documents', 'extract', join(root, 'examples/operations'));
  expect(documents.mistakes).toBe('');
  expect(Object.keys(JSON.parse(documents.printed)).length).toBeGreaterThan(5);
});

it.each([
  [['serve'], 'Serving needs the keys by which tokens are checked'],
  [['serve', '--sandbox', '--port', 'x'], 'expected a whole number from 0 to 65535.'],
  [['migrate', '--database', 'package.json/orders.db'], 'EEXIST'],
  [['doctor', '--database', 'postgres://127.0.0.1:1/none'], '127.0.0.1:1'],
  [['dance'], 'There is no such command.'],
])('tells the mistake of %j in a line', async (args, told) => {
  writeFileSync(join(folder, 'package.json'), '{}');
  const { code, mistakes } = await run(main, ...args);
  expect(mistakes).toContain(told);
  expect(mistakes).not.toMatch(/^ {4}at /m);
  expect(code).toBe(2);
});
