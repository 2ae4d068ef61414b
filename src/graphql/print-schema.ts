// Prints the schema to schema.graphql; with --check, says whether the file is what the code says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSchema } from 'graphql';
import { schema } from './schema.ts';

const file = join(import.meta.dirname, '../../schema.graphql');
const printed = `${printSchema(schema)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  console.error('schema.graphql is not what the code says: run `npm run schema`.');
  process.exitCode = 1;
}
