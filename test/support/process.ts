// The real program in processes of its own: the command line to its end, and servers that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from './oracle/command.ts';
import { type Payload, send } from './send.ts';

function start(args: readonly string[]): ChildProcess {
  const root = join(import.meta.dirname, '../..');
  return spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Gathers what a process prints. */
function listenTo(child: ChildProcess): { stdout: string; stderr: string } {
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  return printed;
}

/** Runs a command of the command line to its end. */
export async function runMain(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = start(args);
  const printed = listenTo(child);
  await once(child, 'close');
  return { code: child.exitCode, ...printed };
}

export type ServerProcess = {
  /** Where it answers GraphQL. */
  readonly url: string;
  /** All that it has printed so far. */
  readonly printed: { readonly stdout: string; readonly stderr: string };
  readonly execute: (
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<{ readonly data?: unknown; readonly errors?: readonly unknown[] }>;
  readonly send: (command: Command) => Promise<Payload>;
  /** Sends the signal and waits for the end. Answers the exit code, null when the signal ended it. */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT') => Promise<number | null>;
};

/** Starts a sandbox on a free port and waits until it has said where it is. */
export const startServer = (...args: readonly string[]): Promise<ServerProcess> => startGuardedServer('--sandbox', ...args);

/** The same without a sandbox, unless the arguments say so. */
export async function startGuardedServer(...args: readonly string[]): Promise<ServerProcess> {
  const child = start(['serve', '--port', '0', ...args]);
  const printed = listenTo(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error(`The server ended: ${printed.stdout}${printed.stderr}`)));
    child.stdout?.on('data', () => {
      const address = /Graphi?QL\s+(\S+)\n/.exec(printed.stdout)?.[1];
      if (address) resolve(address);
    });
  });
  const execute: ServerProcess['execute'] = async (query, variables = {}, more = {}) => {
    const headers = { 'content-type': 'application/json', ...more };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return JSON.parse(await response.text());
  };
  return {
    url,
    printed,
    execute,
    send: (command) => send(execute, command),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}
