// Holds the README to the truth: every pasted line runs, and its tables say what the code does.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { settingRows } from '../src/config.ts';
import { programOf, readProgramFile } from '../src/domain/program.ts';
import { schema } from '../src/graphql/schema.ts';
import { demoProgram } from '../src/seed/program.ts';
import { openServer, startServer } from './support/server.ts';

const root = join(import.meta.dirname, '..');
const documented = ['README.md', 'CHANGELOG.md', 'docs/decisions.md', 'docs/points.md', 'docs/security.md'];
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = textOf('README.md');

const folder = mkdtempSync(join(tmpdir(), 'readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const execute = promisify(execFile);
/** Runs a line as a reader would paste it, in the project's folder. Standard output; a failure is thrown with what it printed. */
async function paste(line: string): Promise<string> {
  const env = { ...process.env, DATABASE: join(folder, 'orders.db'), no_proxy: '127.0.0.1' };
  const { stdout } = await execute('/bin/sh', ['-c', line], { cwd: root, env });
  return stdout;
}

const shellLines = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));
const requests = shellLines.filter((line) => line.includes('curl'));
const commands = shellLines.filter((line) => line.startsWith('node dist/main.js'));
/** The command line as it is before it is built. */
const unbuilt = (line: string): string => line.replace('node dist/main.js', 'node --import tsx src/main.ts');

const demoAddress = 'http://127.0.0.1:4000/graphql';

/** The rows of the table below a header that begins so, as cells without backticks. */
function table(header: string): readonly (readonly string[])[] {
  const start = readme.indexOf(`\n| ${header} |`);
  expect(start, `the table of ${header}`).toBeGreaterThan(0);
  const lines = readme.slice(start + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** All userErrors anywhere in an answer. */
function refusalsOf(json: string): readonly unknown[] {
  const found: unknown[] = [];
  JSON.parse(json, (key, value: unknown) => {
    if (key === 'userErrors' && Array.isArray(value)) found.push(...value);
    return value;
  });
  return found;
}

test('every line to paste is one of those that are run here, or npm', () => {
  const others = shellLines.filter((line) => !requests.includes(line) && !commands.includes(line));
  expect(others).toEqual(['npm install && npm start', 'npm test']);
});

test('the table names each of the nine operations with its request, and each request is accepted on the demo', async () => {
  const operations = table('REST').map(([, operation, , example = '']) => ({ operation, file: /\((.*)\)/.exec(example)?.[1] ?? '' }));
  expect(operations).toHaveLength(9);
  const server = await startServer();
  try {
    for (const [index, line] of requests.entries()) {
      const { operation = '', file } = operations[index] ?? { file: '' };
      expect(file).toBe(`examples/operations/${line.split(' ')[2]}.graphql`);
      expect(line).toContain(demoAddress);
      const answer = await paste(line.replace(demoAddress, server.url));
      const { data, errors }: { data?: Record<string, unknown>; errors?: unknown } = JSON.parse(answer);
      expect(errors, line).toBeUndefined();
      expect(Object.keys(data ?? {})).toEqual([operation]);
      expect(refusalsOf(answer), line).toEqual([]);
      // The README says that this one is the example's first return.
      if (operation === 'updateOrder')
        expect(data).toMatchObject({ updateOrder: { pointsRemoved: 100, order: { pointsAwarded: 1400, pointsRemoved: 100 } } });
    }
    expect(requests).toHaveLength(9);
  } finally {
    await server.close();
  }
});

test('the commands run as they stand, and --help prints what is printed here', async () => {
  expect(await paste(unbuilt('node dist/main.js --help'))).toBe(`${/prints:\n\n```text\n(.*?)\n```/s.exec(readme)?.[1]}\n`);
  expect(commands).toHaveLength(2);
  for (const line of commands) expect(await paste(unbuilt(line))).toContain('demo');
});

const steps: readonly { readonly lineItems?: string; readonly all?: true }[] = [
  { lineItems: '{lineItem:{productId:"D1"},quantity:1}' },
  { lineItems: '{lineItem:{productId:"D3"},quantity:1}' },
  { lineItems: '{lineItem:{productId:"D3"},quantity:3}' },
  { all: true },
];

test('the example of 1400 points goes as the table says', async () => {
  const [placed, ...returned] = table('Step').map((cells) => cells.slice(1));
  const server = openServer();
  try {
    await server.setProgram({ ...demoProgram, tiers: { period: 'LIFETIME', levels: [] }, rules: [], campaigns: [] } as { siteId: string }); // A program file has more than its site.
    await server.execute('mutation { enrollMember(input: {userId: "buyer"}) { userErrors { code } } }');
    const fields =
      'order { status pointsAwarded pointsRemoved lineItems { nodes { pointsAwarded pointsRemoved } } } member { points { available } } userErrors { code ... on QuantityError { maximum } }';
    const lines = [1, 2, 3].map((n) => `{productId: "D${n}", quantity: ${n}, unitPrice: "${n}00"}`).join(' ');
    const created = await server.execute(
      `mutation { answer: createOrder(input: {orderId: "a", userId: "buyer", lineItems: [${lines}]}) { ${fields} } }`,
    );
    expect(cellsOf(created)).toEqual(placed);
    for (const [index, { lineItems, all }] of steps.entries()) {
      const which = all ? 'allLineItems: true' : `lineItems: [${lineItems}]`;
      const answer = await server.execute(
        `mutation { answer: updateOrder(input: {orderId: "a", action: RETURN, ${which}, idempotencyKey: "k${index}"}) { ${fields} } }`,
      );
      expect(cellsOf(answer)).toEqual(returned[index]);
    }
    expect(returned).toHaveLength(steps.length);
  } finally {
    await server.close();
  }
});

type Example = {
  order: {
    status: string;
    pointsAwarded: number;
    pointsRemoved: number;
    lineItems: { nodes: { pointsAwarded: number; pointsRemoved: number }[] };
  } | null;
  member: { points: { available: number } };
  userErrors: { code: string; maximum: number }[];
};

/** An answer as the table of the example shows it. */
function cellsOf({ data }: { readonly data?: unknown }): readonly string[] {
  const { order, member, userErrors } = (data as { answer: Example }).answer; // The documents above ask for just this.
  const [refusal] = userErrors;
  if (refusal) return ['', '', '', '', '', '', `refused: ${refusal.code}, at most ${refusal.maximum}`];
  const lines = order?.lineItems.nodes.map((line) => line.pointsAwarded - line.pointsRemoved) ?? [];
  return [...lines, order?.pointsAwarded, order?.pointsRemoved, member.points.available, order?.status].map(String);
}

test('the table of codes has every code, with the REST code that the schema names', () => {
  const type = schema.getType('ErrorCode');
  const values = type && 'getValues' in type ? type.getValues() : [];
  const described = values.map(({ name, description }) => [name, /REST: (AC\d+)/.exec(description ?? '')?.[1]]);
  expect(described.length).toBeGreaterThan(0);
  const listed = table('Code').map(([code, , rest]) => [code, rest]);
  expect(listed.toSorted()).toEqual(described.toSorted());
});

test('the table of the configuration has every setting, with its flag, its default and what it means', () => {
  const plain = (text: string): string => text.replaceAll('`', '');
  const expected = settingRows().map(({ variable, flag, standard, meaning }) => [variable, flag, plain(standard), plain(meaning)]);
  expect(table('Variable').toSorted()).toEqual(expected.toSorted());
});

/** A file with values at dotted paths. */
function fileWith(values: readonly (readonly [path: string, value: unknown])[]): { siteId: string } & Record<string, unknown> {
  const file: { siteId: string } & Record<string, unknown> = { siteId: 'demo' };
  for (const [path, value] of values) {
    const [name = '', inner] = path.split('.');
    file[name] = inner === undefined ? value : { ...(file[name] ?? {}), [inner]: value };
  }
  return file;
}

const required: readonly (readonly [string, unknown])[] = [
  ['siteId', 'demo'],
  ['name', 'Demo Rewards'],
  ['currencyCode', 'USD'],
  ['timeZone', 'America/Los_Angeles'],
  ['purchase.baseRatio', '1'],
];

test('the table of the program file has the fields of the example, and their defaults are those of the code', () => {
  const example: Record<string, unknown> = JSON.parse(textOf('examples/program.json'));
  expect(example, 'the example is the program of the demo').toEqual(demoProgram);
  const paths = Object.entries(example).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );
  const rows = table('Field');
  expect(rows.map(([path]) => path)).toEqual(paths);
  expect(rows.filter(([, , standard]) => standard === 'required').map(([path]) => path)).toEqual(required.map(([path]) => path));
  const least = fileWith(required);
  const defaults = rows
    .filter(([, , standard]) => standard !== 'required')
    .map(([path = '', , text = '']) => [path, readCell(text)] as const);
  expect(programOf(fileWith([...required, ...defaults]), 1, 0)).toEqual(programOf(least, 1, 0));
  expect(readProgramFile(least)).toEqual({ siteId: 'demo' });
  for (const [path] of required.slice(1))
    expect(readProgramFile(fileWith(required.filter(([other]) => other !== path)))).toHaveProperty('faults');
});

function readCell(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The anchors of the headings of a document. */
const anchorsOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every link to a file or heading leads somewhere', () => {
  for (const file of documented)
    for (const [, target = ''] of textOf(file).matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('http')) continue;
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      expect(existsSync(join(root, linked)), `${file}: ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(linked), `${file}: ${target}`).toContain(anchor);
    }
});
