// Builds dist/: one bundle of the sources and their packages, what launches it, and the compiled code of a start.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build } from 'esbuild';

const project = join(import.meta.dirname, '..');
const { out = join(project, 'dist') } = parseArgs({ options: { out: { type: 'string' } } }).values;

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  // Not made smaller: functions keep their names and lines, by which the log tells where an error was thrown.
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', 'import.meta.url': '__filename' },
  logLevel: 'warning',
};

/** Compiled for the machine, or large and asked for by few commands only: these stay in node_modules. */
const external = ['better-sqlite3', 'pg-native', '@graphql-tools/graphql-tag-pluck', '@graphql-yoga/render-graphiql'];

rmSync(out, { recursive: true, force: true });
await build({ ...shared, entryPoints: [join(project, 'build/launch.ts')], outfile: join(out, 'main.js') });
await build({
  ...shared,
  entryPoints: [join(project, 'src/main.ts')],
  outfile: join(out, 'gateway.js'),
  external,
  // As modules, so that what is used of it is bound when it is built: its CommonJS copies its names for each of its 200 importers at each start.
  alias: { graphql: join(project, 'node_modules/graphql/index.mjs') },
  // Yoga asks whether Node's Request is the one that it uses. It is not, and to be asked for it loads all of Node's fetch: 40 milliseconds.
  define: { ...shared.define, 'globalThis.Request': 'undefined' },
  supported: { 'dynamic-import': false },
});
// It is read byte by byte: what is not ASCII is escaped, but for comments.
const foreign = readFileSync(join(out, 'gateway.js'), 'utf8')
  .split('\n')
  .find((line) => /[^\0-\x7f]/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line));
if (foreign !== undefined) throw new Error(`The bundle is not ASCII: ${foreign}`);
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);

const folder = mkdtempSync(join(tmpdir(), 'build-'));
try {
  // Without the settings of this environment, so that it is compiled as the server runs by itself.
  const options = { cwd: project, env: { NODE_ENV: 'production' } };
  const database = join(folder, 'orders.db');
  execFileSync(process.execPath, [join(out, 'main.js'), 'seed', '--database', database], options);
  execFileSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'compile.ts'), out, database], options);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
