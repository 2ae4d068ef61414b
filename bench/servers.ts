// The competitors as processes: how each is started, on a processor of its own, and what it takes of it.
import { type ChildProcess, type ForkOptions, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFileSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Load, LoadResult } from './generator.ts';
import { operations } from './operations.ts';

const project = join(import.meta.dirname, '..');
const serverCore = 0;
const generatorCore = 1;
/** Of /proc/PID/stat, as the kernel counts for programs on every machine that Node runs on. */
const millisecondsPerTick = 10;

export const competitors = {
  bare: 'hand-written node:http handlers over prepared statements, JSON.stringify',
  'bare-json': 'the same, with the JSON of each query built by SQLite in one statement',
  gateway: 'this server as it ships: `node dist/main.js serve --keys ...`',
  apollo: 'Apollo Server 5, standalone',
  mercurius: 'Mercurius 16 with JIT on Fastify 5',
  yoga: 'GraphQL Yoga 5 with default settings',
} as const;
export type CompetitorName = keyof typeof competitors | 'constant';

export const isCompetitor = (name: string): name is keyof typeof competitors => Object.hasOwn(competitors, name);

export type Server = {
  readonly name: CompetitorName;
  readonly port: number;
  readonly graphql: boolean;
  /** From the start of the process to its first answer of Q1. */
  readonly startMs: number;
  /** Milliseconds of the processor until now, of all its threads. */
  readonly cpuMs: () => number;
  readonly residentMegabytes: () => number;
  readonly stop: () => Promise<void>;
};

/** A limit that no load of the bench reaches: it is counted all the same. */
const endlessBudget = '1000000000';

function argumentsOf(name: CompetitorName, database: string, port: number, folder: string): readonly string[] {
  if (name !== 'gateway') return [join(import.meta.dirname, 'dist', `${name}.js`), database, String(port)];
  const keys = join(folder, 'keys.json');
  const log = join(folder, 'gateway.log');
  const main = join(project, 'dist/main.js');
  return [
    main,
    'serve',
    '--keys',
    keys,
    '--database',
    database,
    '--port',
    String(port),
    '--log-to',
    log,
    '--cost-per-minute',
    endlessBudget,
  ];
}

const secret = 'a secret of the bench that is long enough';

/** Writes the keys file of the gateway into a folder; answers a token of a back end that is checked by it. */
export async function writeKeys(folder: string, siteId: string): Promise<string> {
  const { createToken } = await import('../src/access/create-token.ts');
  const sites = { [siteId]: { secrets: [secret] } };
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ sites }));
  const token = await createToken(
    { site: siteId, role: 'service', subject: 'bench', expires: '7d' },
    new Map(Object.entries(sites)),
    Date.now(),
  );
  if (typeof token !== 'string') throw new Error(token.faults.join('\n'));
  return token;
}

/** The request of an operation, with fetch: for what is not measured. */
export async function ask(server: Pick<Server, 'port' | 'graphql'>, operation: keyof typeof operations, variables: object, token: string) {
  const { document } = operations[operation];
  const response = await fetch(`http://127.0.0.1:${server.port}/${server.graphql ? 'graphql' : operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(server.graphql ? { query: document, variables } : variables),
  });
  return response.text();
}

export type StartOptions = {
  readonly database: string;
  readonly port: number;
  readonly folder: string;
  readonly token: string;
  readonly copies: number;
};

/** Starts a competitor on the processor of servers, and waits for its first answer. */
export async function startServer(name: CompetitorName, { database, port, folder, token, copies }: StartOptions): Promise<Server> {
  const log = join(folder, `${name}.out`);
  const output = openSync(log, 'a');
  const begun = performance.now();
  const child = spawn(
    'taskset',
    ['-c', String(serverCore), 'env', 'NODE_ENV=production', process.execPath, ...argumentsOf(name, database, port, folder)],
    { stdio: ['ignore', output, output] },
  );
  // Whatever ends the bench, no server stays behind.
  process.once('exit', () => child.kill());
  const graphql = name !== 'constant' && !name.startsWith('bare');
  const first = operations.Q1.variables(0, copies);
  for (;;) {
    if (hasEnded(child)) throw new Error(`${name} ended: ${readFileSync(log, 'utf8')}`);
    const text = await ask({ port, graphql }, 'Q1', first, token).catch(() => null);
    if (text?.includes('"data"')) break;
    if (performance.now() - begun > 30_000) throw new Error(`${name} does not answer: ${text}`);
    await wait(2);
  }
  return { name, port, graphql, startMs: performance.now() - begun, ...usageOf(child), stop: () => stop(child) };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function usageOf({ pid }: ChildProcess): Pick<Server, 'cpuMs' | 'residentMegabytes'> {
  return {
    cpuMs() {
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const [user, system] = fields.split(' ').slice(11, 13).map(Number);
      return ((user ?? 0) + (system ?? 0)) * millisecondsPerTick;
    },
    residentMegabytes() {
      const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) / 1_024;
    },
  };
}

/** A copy of the database for one competitor, since all write. */
export function copyDatabase(database: string, folder: string, name: CompetitorName): string {
  const file = join(folder, `${name}.db`);
  copyFileSync(database, file, constants.COPYFILE_FICLONE);
  return file;
}

export type Generator = { readonly send: (load: Load) => Promise<LoadResult>; readonly stop: () => Promise<void> };

/** Starts the generator of load on the other processor. */
export function startGenerator(): Generator {
  const options: ForkOptions = {
    execPath: 'taskset',
    execArgv: ['-c', String(generatorCore), process.execPath, '--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  };
  const child = fork(join(import.meta.dirname, 'generator.ts'), options);
  const ended = once(child, 'exit').then(() => [{ error: 'The generator of load ended.' }]);
  return {
    async send(load) {
      child.send(load);
      const [{ result, error }] = await Promise.race([once(child, 'message'), ended]);
      if (error !== undefined) throw new Error(error);
      return result;
    },
    stop: () => stop(child),
  };
}
