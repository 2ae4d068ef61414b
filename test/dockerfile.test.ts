// The Dockerfile, as far as it can be judged without an engine: what it copies exists, and the server runs from what it has copied.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Copy = { readonly from: string | null; readonly sources: readonly string[]; readonly target: string };

const [buildStage = '', finalStage = ''] = textOf('Dockerfile').split(/^(?=FROM .*slim)/m);

function copiesOf(stage: string): readonly Copy[] {
  return [...stage.matchAll(/^COPY (?:--from=(\S+) )?(.+) (\S+)$/gm)].map(([, from, sources = '', target = '']) => ({
    from: from ?? null,
    sources: sources.split(' '),
    target,
  }));
}

it('copies what there is, and what .dockerignore lets through', () => {
  const sources = [...copiesOf(buildStage), ...copiesOf(finalStage)].flatMap((copy) => (copy.from === null ? copy.sources : []));
  expect(sources).toContain('src');
  expect(sources).toContain('drizzle/sqlite');
  const [first, ...others] = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first, 'everything is left out but what is named').toBe('*');
  const admitted = others.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const refused = others.filter((line) => !line.startsWith('!'));
  for (const source of sources) {
    expect(existsSync(join(root, source)), source).toBe(true);
    expect(admitted, source).toContain(source.split('/')[0]);
    expect(
      refused.filter((line) => `${source}/`.startsWith(`${line}/`)),
      source,
    ).toEqual([]);
  }
  // What the final stage takes from the first one was copied or made there.
  const made = ['node_modules', 'dist'];
  const there = [...copiesOf(buildStage).flatMap((copy) => copy.sources), ...made];
  const taken = copiesOf(finalStage).flatMap((copy) => (copy.from === null ? [] : copy.sources));
  expect(taken.map((source) => source.replace('/app/', ''))).toEqual(['package.json', 'node_modules', 'dist']);
  for (const source of taken) expect(there).toContain(source.replace('/app/', ''));
});

it('runs without a shell, as nobody in particular, on a volume, with no secrets', () => {
  expect(finalStage).toMatch(/^ENTRYPOINT \["node", "dist\/main\.js"\]$/m);
  expect(finalStage).toMatch(/^CMD \["serve"\]$/m);
  expect(finalStage).toMatch(/^USER 1000:1000$/m);
  expect(finalStage).toMatch(/^VOLUME \/data$/m);
  expect(finalStage).toMatch(/^ENV DATABASE=\/data\/orders\.db$/m);
  expect(buildStage + finalStage).not.toMatch(/secret|password|token|KEYS/i);
});

/** Every package that the source imports. */
function importsOf(path: string): readonly string[] {
  if (!path.endsWith('.ts')) return readdirSync(path, { withFileTypes: true }).flatMap(({ name }) => importsOf(join(path, name)));
  const names = [...readFileSync(path, 'utf8').matchAll(/(?:^|\s)from '([^.'][^']*)'|(?:import|require\.resolve)\('([^.'][^']*)'\)/g)];
  return names.map(([, from, called]) => from ?? called ?? '').map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
}

it('keeps every package that the source imports when those of development are removed', () => {
  const imported = [...new Set(importsOf(join(root, 'src')))].filter((name) => !name.startsWith('node:'));
  expect(imported).toContain('better-sqlite3');
  expect(imported).toContain('@graphql-yoga/render-graphiql');
  expect(Object.keys(JSON.parse(textOf('package.json')).dependencies)).toEqual(expect.arrayContaining(imported));
});

it('serves from the layout of the final stage, and passes its own check of health', async () => {
  // The source stands for what is built of it: it lies in the same places, and finds its files from there.
  const made: Readonly<Record<string, string>> = { '/app/dist': 'src', '/app/package.json': 'package.json' };
  for (const { from, sources, target } of copiesOf(finalStage))
    for (const source of sources) {
      mkdirSync(dirname(join(folder, target)), { recursive: true });
      if (source === '/app/node_modules') symlinkSync(join(root, 'node_modules'), join(folder, target));
      else cpSync(join(root, from === null ? source : (made[source] ?? 'nowhere')), join(folder, target), { recursive: true });
    }
  const env = { PATH: process.env['PATH'], DATABASE: join(folder, 'data/orders.db'), HOST: '0.0.0.0', PORT: '0' };
  const server = spawn(process.execPath, ['--import', 'tsx', 'dist/main.ts', 'serve', '--sandbox', '--seed'], { cwd: folder, env });
  try {
    let printed = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk) => {
        printed += chunk;
      });
    await expect.poll(() => printed, { timeout: 60_000 }).toMatch(/GraphiQL\s+http:\/\/0\.0\.0\.0:\d+\/graphql\n/);
    const port = /GraphiQL\s+http:\/\/0\.0\.0\.0:(\d+)/.exec(printed)?.[1] ?? '';
    const page = await fetch(`http://127.0.0.1:${port}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('CreateOrder');
    const command: readonly string[] = JSON.parse(/^HEALTHCHECK .*? CMD (\[.*\])$/m.exec(finalStage)?.[1] ?? '[]');
    const check = (PORT: string): Promise<number | null> =>
      new Promise((resolve) => spawn(process.execPath, command.slice(1), { env: { ...env, PORT } }).once('close', resolve));
    expect(command[0]).toBe('node');
    expect(await check(port)).toBe(0);
    server.kill('SIGTERM');
    await expect.poll(() => server.exitCode, { timeout: 10_000 }).toBe(0);
    expect(await check(port)).toBe(1);
  } finally {
    server.kill('SIGKILL');
  }
});
