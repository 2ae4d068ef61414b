// Generates the types, the documents and the variables of the example operations from the schema.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as types from '@graphql-codegen/typescript-operations';
import { buildASTSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';

const schemaFile = new URL('../../schema.graphql', import.meta.url);
const operationsFolder = new URL('../operations/', import.meta.url);
const generatedFolder = new URL('generated/', import.meta.url);

// What each scalar takes and gives in JSON. Money stays a string, so that no amount is ever a float.
const scalars = {
  ID: 'string',
  DateTime: 'string',
  Decimal: { input: 'string | number', output: 'string' },
  Points: { input: 'string | number', output: 'number' },
  CurrencyCode: 'string',
  JSON: 'unknown',
};

async function readOperation(file: string) {
  const document = parse(await readFile(new URL(file, operationsFolder), 'utf8'));
  const variables = await readFile(new URL(file.replace('.graphql', '.variables.json'), operationsFolder), 'utf8');
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.name === undefined) throw new Error(`${file} holds no named operation.`);
  return { location: file, document, operation, name: operation.name.value, variables: variables.trim() };
}

// JSON read at run time would be text to the compiler; written into a typed constant, a wrong name or value does not compile.
function typedVariables(name: string, operation: OperationDefinitionNode, variables: string): string {
  const type = `${name}${operation.operation === 'query' ? 'Query' : 'Mutation'}Variables`;
  return `export const ${name.charAt(0).toLowerCase()}${name.slice(1)}Variables: ${type} = ${variables};\n`;
}

const schema = parse(await readFile(schemaFile, 'utf8'));
const files = (await readdir(operationsFolder)).filter((file) => file.endsWith('.graphql')).sort();
const operations = await Promise.all(files.map(readOperation));
const variables = { plugin: () => operations.map((each) => typedVariables(each.name, each.operation, each.variables)).join('\n') };

const code = await codegen({
  filename: 'operations.ts',
  schema,
  schemaAst: buildASTSchema(schema),
  documents: operations,
  config: { scalars, strictScalars: true, useTypeImports: true },
  pluginMap: { types, documents, variables },
  plugins: [{ types: {} }, { documents: {} }, { variables: {} }],
});

await mkdir(generatedFolder, { recursive: true });
await writeFile(new URL('operations.ts', generatedFolder), code);
