// The bench: `npm run bench -- [--orders 2000000] [--rounds N] [--seconds S] [--only Q1,W1] [--competitors bare,gateway]`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { benchDatabase } from './build-database.ts';
import { madeOrders, siteId } from './figures.ts';
import { type Comparison, compareDepth, compareSize } from './growth.ts';
import { type Course, compareAnswers, loadOnce, measure, median, type Sample } from './measure.ts';
import { comparedOperations, isCompared, type OperationName } from './operations.ts';
import { type Footprint, ratiosToBare, resultsPage } from './results.ts';
import {
  type CompetitorName,
  competitors,
  copyDatabase,
  isCompetitor,
  type Server,
  type StartOptions,
  startGenerator,
  startServer,
  writeKeys,
} from './servers.ts';

const bench = import.meta.dirname;
const project = join(bench, '..');
const data = join(bench, 'data');
/** What competitors are compared on; more are only for seeing what grows. */
const usualOrders = 100_000;

function positive(text: string, name: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: expected a number above 0.`);
  return value;
}

function listOf<Name extends string>(text: string, isName: (name: string) => name is Name, flag: string): readonly Name[] {
  return text.split(',').map((name) => {
    if (!isName(name)) throw new Error(`--${flag}: there is no ${name}.`);
    return name;
  });
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: String(usualOrders) },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      only: { type: 'string', default: comparedOperations.join(',') },
      competitors: { type: 'string', default: Object.keys(competitors).join(',') },
    },
  });
  const orders = positive(values.orders, 'orders');
  if (orders % madeOrders !== 0) throw new Error(`--orders: expected a multiple of ${madeOrders}.`);
  // Without `bare` there is nothing to compare with.
  const names = new Set<CompetitorName>(['bare', ...listOf(values.competitors, isCompetitor, 'competitors')]);
  return {
    orders,
    rounds: Math.ceil(positive(values.rounds, 'rounds')),
    seconds: positive(values.seconds, 'seconds'),
    only: listOf(values.only, isCompared, 'only'),
    names: [...names],
  };
}

/** What is not there yet: the packages of the competitors. What may be outdated: everything that is compiled. */
function prepare(): void {
  const run = (command: string, given: readonly string[]): unknown => execFileSync(command, given, { cwd: project, stdio: 'inherit' });
  if (!existsSync(join(bench, 'node_modules'))) run('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
  run('npm', ['run', '--silent', 'build']);
  run('npx', ['tsc', '--project', 'bench/tsconfig.json']);
}

const firstPort = 4_790;

type Flags = ReturnType<typeof readFlags>;
type Surroundings = Pick<StartOptions, 'folder' | 'token'> & { readonly onStarted: (server: Server) => void };

/** Starts servers one after the other, so that none disturbs the start of another. */
async function startAll(names: readonly CompetitorName[], database: string, copies: number, { folder, token, onStarted }: Surroundings) {
  const servers: Server[] = [];
  for (const [index, name] of names.entries()) {
    const options = { database: copyDatabase(database, folder, name), port: firstPort + index, folder, token, copies };
    const server = await startServer(name, options);
    onStarted(server);
    servers.push(server);
  }
  return servers;
}

async function databaseOf(orders: number): Promise<string> {
  console.log(`Database of ${orders.toLocaleString('en')} orders ...`);
  return benchDatabase(data, orders / madeOrders);
}

async function measureCeiling(course: Omit<Course, 'servers'>, around: Surroundings): Promise<number> {
  const options = { ...around, database: '', port: firstPort - 1, copies: course.copies };
  const server = await startServer('constant', options);
  around.onStarted(server);
  const loading = { operation: 'Q1', connections: 50, from: 0 } as const;
  // Both sides warm up.
  await loadOnce(course, server, { ...loading, milliseconds: 3_000 });
  const rounds = [];
  for (let round = 0; round < 3; round += 1) rounds.push(await loadOnce(course, server, { ...loading, milliseconds: course.milliseconds }));
  await server.stop();
  return median(rounds.map(({ perSecond }) => perSecond));
}

function tell({ competitor, operation, connections, round, perSecond, cpuMicroseconds, p50, p99, generatorBusy }: Sample): void {
  const figures = `${perSecond.toFixed(0).padStart(6)}/s ${cpuMicroseconds.toFixed(0).padStart(7)} µs CPU`;
  const times = `p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} ms, generator ${(generatorBusy * 100).toFixed(0)} % busy`;
  console.log(
    `${operation} ${String(connections).padStart(2)} connections, round ${round + 1} ${competitor.padEnd(10)} ${figures} ${times}`,
  );
}

async function measureAll(course: Course, only: readonly OperationName[]): Promise<readonly Sample[]> {
  const names = comparedOperations.filter((name) => only.includes(name));
  // All are compared before any is measured: then every database holds the same.
  const used = new Map<OperationName, number>();
  for (const name of names) used.set(name, await compareAnswers(course, name));
  console.log('All servers answer the same.');
  const samples: Sample[] = [];
  for (const operation of names) {
    const measured = await measure(course, operation, used.get(operation) ?? 0, tell);
    samples.push(...measured);
    const most = Math.max(...measured.map(({ connections }) => connections));
    for (const { name } of course.servers)
      console.log(
        `${operation} ${name.padEnd(10)} ${median(ratiosToBare(measured, name, most)).toFixed(2)} of bare at ${most} connections`,
      );
  }
  return samples;
}

/** What must not grow: always a page deep in a list; when more orders are asked for, Q1 of so many. Nothing is written, so nothing is copied. */
async function measureGrowth(course: Course, orders: number, around: Surroundings): Promise<readonly Comparison[]> {
  const gateway = course.servers.find(({ name }) => name === 'gateway');
  if (!gateway) return [];
  const depth = await compareDepth(course, gateway, madeOrders);
  if (orders <= usualOrders) return [depth];
  const copies = orders / madeOrders;
  const database = await databaseOf(orders);
  const large = await startServer('gateway', { ...around, database, port: firstPort - 2, copies });
  around.onStarted(large);
  const size = await compareSize(course, [gateway, course.copies], [large, copies], [usualOrders, orders]);
  await large.stop();
  return [depth, size];
}

async function run({ orders, rounds, seconds, only, names }: Flags): Promise<void> {
  if (availableParallelism() < 2) throw new Error('The bench needs two processors: one for servers, one for the load.');
  prepare();
  const compared = Math.min(orders, usualOrders);
  const copies = compared / madeOrders;
  const database = await databaseOf(compared);
  const folder = mkdtempSync(join(data, 'run-'));
  const token = await writeKeys(folder, siteId);
  const started: Server[] = [];
  const around = { folder, token, onStarted: (server: Server) => started.push(server) };
  const generator = startGenerator();
  try {
    const shared = { generator, token, copies, rounds, milliseconds: seconds * 1_000 };
    const ceiling = await measureCeiling(shared, around);
    const servers = await startAll(names, database, copies, around);
    await wait(2_000);
    const idle = new Map(servers.map(({ name, residentMegabytes }) => [name, residentMegabytes()]));
    const course = { ...shared, servers };
    const comparisons = await measureGrowth(course, orders, around);
    const samples = await measureAll(course, only);
    const footprints = servers.map(({ name, startMs, residentMegabytes }): Footprint => {
      return { competitor: name, startMs, idleMegabytes: idle.get(name) ?? Number.NaN, loadedMegabytes: residentMegabytes() };
    });
    const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
    const page = resultsPage({ date: new Date(), command, orders: compared, rounds, seconds, samples, footprints, comparisons, ceiling });
    console.log(page);
    // The page in the repository is of everything, side by side in one run.
    if (only.length === comparedOperations.length && names.length === Object.keys(competitors).length)
      writeFileSync(join(bench, 'RESULTS.md'), page);
  } finally {
    await Promise.all([...started.map(({ stop }) => stop()), generator.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await run(readFlags());
