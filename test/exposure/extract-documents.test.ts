// Trusted documents out of a client's folder: from files and from code, with fragments from anywhere in it, every fault named.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, print } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { readClientFolder } from '../../src/exposure/client-folder.ts';
import { sha256 } from '../../src/exposure/document-text.ts';
import { extractDocuments } from '../../src/exposure/extract-documents.ts';
import { schema } from '../../src/graphql/schema.ts';

const root = join(import.meta.dirname, '../..');

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function extract(files: Readonly<Record<string, string>>) {
  const { pieces, faults } = await readClientFolder(folderOf(files));
  const extraction = extractDocuments(pieces, schema);
  return {
    texts: 'documents' in extraction ? Object.values(extraction.documents) : [],
    faults: [...faults, ...('faults' in extraction ? extraction.faults : [])],
  };
}

const printed = (text: string): string => print(parse(text));

test('from files, tags, calls and comments, each with the fragments that it needs', async () => {
  const { texts, faults } = await extract({
    'a.graphql': 'query A { program { ...Money } }',
    'empty.gql': '# Nothing yet.\n',
    'parts/money.gql': 'fragment Money on Program { currencyCode ...Name }',
    'src/b.ts': "import { gql } from '@apollo/client';\nexport const name = gql`fragment Name on Program { name }`;\nconst n: number = 1;",
    'src/c.tsx': `import { graphql } from './gql';\nexport const C = () => <p title={graphql(\`query C { program { ...Name } } \${name}\`)} />;`,
    'src/d.js': 'const d = /* GraphQL */ `query D { now: __typename }`;\nconst other = `query No { nothing }`;',
    'src/e.jsx': 'const same = gql`\n  query A {\n    program { ...Money } # the same\n  }\n`;',
    'node_modules/x/f.graphql': 'query F { nothing }',
    'src/node_modules/y/g.ts': 'gql`query G { nothing }`',
    '.cache/h.graphql': 'query H { nothing }',
    'readme.md': 'query R { nothing }',
  });
  expect(faults).toEqual([]);
  expect(texts).toEqual([
    printed('query A { program { ...Money } } fragment Money on Program { currencyCode ...Name } fragment Name on Program { name }'),
    printed('query C { program { ...Name } } fragment Name on Program { name }'),
    printed('query D { now: __typename }'),
  ]);
});

test('every fault with its file and operation', async () => {
  const { faults } = await extract({
    'a.graphql': 'query A { program { nothing ...Missing } }',
    'b.ts': 'gql`query B {`',
    'c.ts': 'const = broken',
    'd.gql': 'fragment F on Program { name }',
    'e.gql': 'fragment F on Program { currencyCode }',
    'f.gql': '{ program { ...F } } subscription S { a }',
  });
  expect(faults).toEqual([
    expect.stringMatching(/^c\.ts: .*Unexpected token/),
    'b.ts: Syntax Error: Expected Name, found <EOF>.',
    'e.gql: fragment F: there is another of this name.',
    'a.graphql: query A: Cannot query field "nothing" on type "Program".',
    'a.graphql: query A: Unknown fragment "Missing".',
    'f.gql: subscription S: the schema has no subscriptions.',
  ]);
});

test('a folder without operations is a fault', async () => {
  expect((await extract({ 'a.gql': 'fragment F on Program { name }' })).faults).toEqual(['no operation was found.']);
});

test('the command line writes the file, with which a server starts, and one with a fault stops it', async () => {
  const folder = folderOf({ 'bad.json': '{"a": "{ nothing }", "b": "{"}' });
  cpSync(join(root, 'examples/operations'), join(folder, 'client'), { recursive: true });
  const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, ['--import', 'tsx', join(root, 'src/main.ts'), ...args], { cwd: root }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
      );
    });
  const out = join(folder, 'trusted.json');
  const [written, refused] = await Promise.all([
    run('documents', 'extract', join(folder, 'client'), '--out', out),
    run(
      'serve',
      '--sandbox',
      '--port',
      '0',
      '--database',
      ':memory:',
      '--trusted-documents',
      join(folder, 'bad.json'),
      '--cors-origins',
      'https://a.example',
    ),
  ]);
  expect(written).toEqual({ code: 0, output: `9 operations in ${out}.\n` });
  const documents: Readonly<Record<string, string>> = JSON.parse(readFileSync(out, 'utf8'));
  for (const [id, text] of Object.entries(documents)) expect([id, text]).toEqual([sha256(text), printed(text)]);
  expect(refused.code).toBe(2);
  const file = join(folder, 'bad.json');
  expect(refused.output.trim().split('\n').slice(-2)).toEqual([
    `${file}: a: query without a name: Cannot query field "nothing" on type "Query".`,
    `${file}: b: Syntax Error: Expected Name, found <EOF>.`,
  ]);
});
