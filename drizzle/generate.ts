// Generates the next migration and makes each table that it creates STRICT and WITHOUT ROWID, which drizzle-kit cannot say.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'sqlite');
const before = new Set(readdirSync(folder));
execFileSync('npx', ['drizzle-kit', 'generate', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const name of readdirSync(folder)) {
  if (before.has(name) || !name.endsWith('.sql')) continue;
  const file = join(folder, name);
  const created = readFileSync(file, 'utf8').replace(/(CREATE TABLE [\s\S]*?\n\));/g, '$1 STRICT, WITHOUT ROWID;');
  writeFileSync(file, created);
  console.log(`${name}: tables made STRICT, WITHOUT ROWID. Triggers on a rebuilt table must stand again in a custom migration.`);
}
