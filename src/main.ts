// The command line: the only file that acts on import.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { type Config, readConfig } from './config.ts';
import { diagnose } from './doctor.ts';
import { parseInstant } from './domain/instant.ts';
import { setProgram } from './domain/program-change.ts';
import { seedDemo } from './seed/seed.ts';
import { createServer } from './server.ts';
import { startSettlement, sweep } from './settlement.ts';
import { createSiteTime } from './site-time.ts';
import { migrateSqlite, openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

const help = `Loyalty orders gateway

  serve      [--port 4000] [--database FILE|:memory:] [--program FILE]... [--sandbox] [--seed]
             Migrates the database and serves GraphQL, and GraphiQL to browsers, at /graphql.
             --program applies program files first. --seed fills an empty database with a demo.
             --sandbox: no authentication, for trying out; the site is the X-Site-Id header, "demo" by default,
             and its clock can be moved ahead by the mutation advanceClock.
  migrate    [--database FILE]            Brings the database to the newest tables.
  program set FILE [--from INSTANT]       Checks a program file and appends it as a version, in force from now or from INSTANT.
  program show [--site SITE]              Prints every version of a site's program.
  seed       [--database FILE]            Fills an empty database with the demo.
  doctor     [--database FILE]            Checks every sum and derived column; exit code 1 if any is wrong.

  Environment: HOST (127.0.0.1), PORT (4000), DATABASE (data/orders.db), LOG_LEVEL (info),
               SETTLE_EVERY_MS (1000: the pause between two sweeps for points that are due). Flags win.`;

/** A mistake of the caller: told in a line, without a stack. */
class UsageError extends Error {}

const options = {
  port: { type: 'string' },
  database: { type: 'string' },
  program: { type: 'string', multiple: true },
  site: { type: 'string' },
  from: { type: 'string' },
  sandbox: { type: 'boolean' },
  seed: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof readArguments>['values'];

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Runs what may fail for reasons outside the program, such as a missing file; the reason is told in a line. */
function told<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const siteOf = (file: unknown): string => (typeof file === 'object' && file !== null && 'siteId' in file ? String(file.siteId) : '');

/** Appends a program file as a version of its site's program; the file itself says the site. */
async function applyProgram(store: Store, name: string, from: string | undefined): Promise<void> {
  const instant = from === undefined ? null : parseInstant(from);
  if (from !== undefined && instant === null)
    throw new UsageError('--from: expected a date and time with an offset, such as 2026-12-01T00:00:00-08:00.');
  const file = readFile(name);
  const siteId = siteOf(file);
  // Data of a sandbox whose clock was moved have that time; all others are not ahead.
  const at = await createSiteTime({ store, clock: Date.now, sandbox: true }).now(siteId);
  const decision = await store.commitProgram(siteId, (state) =>
    setProgram(state, { siteId, file, from: instant, at, actor: 'command line' }),
  );
  if (decision.kind === 'REFUSED') {
    const faults = decision.refusal.map(({ path, message }) => `  ${path}: ${message}`);
    throw new UsageError([`${name} is no program that can be set:`, ...faults].join('\n'));
  }
  const { program, added } = decision.result;
  console.log(
    added
      ? `Site ${siteId}: version ${program.version}, in force from ${new Date(program.effectiveFrom).toISOString()}.`
      : `Site ${siteId}: unchanged at version ${program.version}.`,
  );
}

async function showProgram(store: Store, siteId: string): Promise<void> {
  const versions = await store.reads.programs(siteId);
  if (versions.length === 0) throw new UsageError(`The site "${siteId}" has no program.`);
  for (const { effectiveFrom, ...program } of versions)
    console.log(JSON.stringify({ effectiveFrom: new Date(effectiveFrom).toISOString(), ...program }, null, 2));
}

async function seed(store: Store): Promise<void> {
  const seeded = await seedDemo(store, { now: Date.now(), newId: v7 });
  console.log(
    seeded ? `Seeded: ${seeded.members} members and ${seeded.orders} orders.` : 'Not seeded: the database has a program already.',
  );
}

async function serve(store: Store, config: Config, flags: Flags): Promise<void> {
  if (!flags.sandbox) {
    await store.close();
    throw new UsageError(
      'Only a sandbox can be served so far: tokens are not checked yet. Pass --sandbox to serve without authentication.',
    );
  }
  for (const file of flags.program ?? []) await applyProgram(store, file, undefined);
  if (flags.seed) await seed(store);
  const log = pino({ level: config.logLevel });
  const parts = { store, clock: Date.now, newId: v7, log, sandbox: flags.sandbox };
  const sweepParts = { store, time: createSiteTime(parts), log, everyMs: config.settleEveryMs };
  await sweep(sweepParts);
  const http = createHttpServer(createServer(parts));
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(new UsageError(error.message)));
    http.listen(config.port, config.host, resolve);
  });
  const { port } = http.address() as AddressInfo; // A TCP server has an address with a port.
  const settlement = startSettlement(sweepParts);
  console.log(`GraphiQL  http://${config.host}:${port}/graphql`);
  console.log(`Site      demo (another one by the header X-Site-Id)`);
  console.log(`Sandbox   no authentication: for trying out, not for real data`);
  console.log(`Data      ${config.database}`);
  closeWithGrace({ delay: 5_000 }, async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeIdleConnections();
    await Promise.all([closed, settlement.stop()]);
    await store.close();
  });
}

function examine(database: string): void {
  const violations = told(() => diagnose(database));
  for (const violation of violations) console.log(violation);
  console.log(violations.length === 0 ? 'Every sum is right.' : `${violations.length} violations.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

async function run(): Promise<void> {
  const { values: flags, positionals } = readArguments();
  const [command, action, file] = positionals;
  if (flags.help || command === undefined) return console.log(help);
  const read = readConfig();
  if ('faults' in read) throw new UsageError(read.faults.join('\n'));
  const port = flags.port === undefined ? read.config.port : Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port: expected 0 to 65535.');
  const config = { ...read.config, port, database: flags.database ?? read.config.database };
  if (command === 'serve')
    return serve(
      told(() => openSqlite({ database: config.database })),
      config,
      flags,
    );
  if (command === 'migrate') return migrateSqlite(config.database);
  if (command === 'doctor') return examine(config.database);
  const store = openSqlite({ database: config.database });
  try {
    if (command === 'seed') await seed(store);
    else if (command === 'program' && action === 'set' && file !== undefined) await applyProgram(store, file, flags.from);
    else if (command === 'program' && action === 'show') await showProgram(store, flags.site ?? 'demo');
    else throw new UsageError(`There is no such command.\n\n${help}`);
  } finally {
    await store.close();
  }
}

try {
  await run();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
