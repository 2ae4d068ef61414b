// Generates the next migration of each engine, and mends what drizzle-kit cannot say, such as STRICT and WITHOUT ROWID.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Generates what is missing, and answers the files that are new. */
function generate(engine: 'sqlite' | 'postgres'): readonly string[] {
  const folder = join(import.meta.dirname, engine);
  const list = (): readonly string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sql')) : []);
  const before = new Set(list());
  execFileSync('npx', ['drizzle-kit', 'generate', `--config=drizzle/${engine}.config.ts`, ...process.argv.slice(2)], { stdio: 'inherit' });
  return list()
    .filter((name) => !before.has(name))
    .map((name) => join(folder, name));
}

for (const file of generate('sqlite')) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(CREATE TABLE [\s\S]*?\n\));/g, '$1 STRICT, WITHOUT ROWID;'));
  console.log(`${file}: tables made STRICT, WITHOUT ROWID. Triggers on a rebuilt table must stand again in a custom migration.`);
}
// Without the schema's name, so that the tables are made wherever the connection's search path leads.
for (const file of generate('postgres')) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"public".', ''));
