// A PostgreSQL server in a private temporary folder, on a free port of this machine.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from './free-port.ts';
import { makePrivateFolder } from './private-folder.ts';
import { type Account, findPrograms, unprivilegedAccount } from './program.ts';

export type Settings = Readonly<Record<string, string>>;

export type Cluster = {
  /** Where its database "postgres" is, with the name and password of its superuser. */
  readonly url: string;
  readonly port: number;
  /** Starts it again after `kill`, on the same port, and waits until it takes connections. */
  readonly start: () => Promise<void>;
  /** Sends the signal to its first process and waits until that and all its children are gone. */
  readonly kill: (signal: 'SIGKILL' | 'SIGQUIT') => Promise<void>;
  /** Ends it and removes its files. */
  readonly stop: () => Promise<void>;
};

/** Nothing of the environment of this process, whose variables PostgreSQL would obey. */
const environment = { PATH: process.env['PATH'], LC_ALL: 'C' };

/**
 * What a database must not get from the server it happens to be on: the order of texts and the time zone. They are unlike
 * those of this project here, so that a test sees what relies on them.
 */
const strange = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '-c', 'timezone=Asia/Kathmandu'];

type Place = { readonly account: Account; readonly programs: string; readonly folder: string };

type Launched = { readonly child: ChildProcess; readonly gone: Promise<void> };

async function initialise({ account, programs, folder }: Place, password: string, settings: Settings): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', scram_iterations: '1', ...settings };
  await promisify(execFile)(
    join(programs, 'initdb'),
    [
      ...['--pgdata', join(folder, 'data'), '--username=postgres', '--auth=scram-sha-256', '--pwfile', passwordFile, '--no-sync'],
      ...strange,
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...account, cwd: folder, env: environment },
  );
}

async function launch({ account, programs, folder }: Place, port: number): Promise<Launched> {
  const child = spawn(join(programs, 'postgres'), ['-D', join(folder, 'data'), '-p', String(port)], {
    ...account,
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // "close", not "exit": it waits for the end of the error output, which all children have as well.
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    gone.then(() => reject(new Error(`PostgreSQL ended: ${printed}`)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      printed = (printed + chunk).slice(-10_000);
      if (printed.includes('is ready to accept connections')) resolve();
    });
  });
  return { child, gone };
}

/** Starts a server with the settings and waits until it takes connections. It ends at the latest with this process. */
export async function startCluster(settings: Settings): Promise<Cluster> {
  const account = unprivilegedAccount();
  const folder = makePrivateFolder(account);
  let launched: Launched | undefined;
  const kill: Cluster['kill'] = async (signal) => {
    launched?.child.kill(signal);
    await launched?.gone;
    launched = undefined;
  };
  const stop: Cluster['stop'] = async () => {
    await kill('SIGQUIT');
    // It may be that of a server that was killed. The process that has its number by now, if any, is not to be ended.
    rmSync(join(folder.path, 'data/postmaster.pid'), { force: true });
    await folder.remove();
  };
  try {
    const place = { account, programs: findPrograms(account, folder.path), folder: folder.path };
    const password = randomUUID();
    await initialise(place, password, settings);
    const port = await findFreePort();
    const start: Cluster['start'] = async () => {
      if (launched) throw new Error('The server was not killed.');
      launched = await launch(place, port);
    };
    await start();
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, port, start, kill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
