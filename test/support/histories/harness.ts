// What a random history runs against: the real server over a real database, with the clock and the program in the test's hands.
import type { ProgramFile } from '../oracle/program.ts';
import { openServer } from '../server.ts';

type ExecutionResult = { readonly data?: unknown; readonly errors?: readonly unknown[] };

export type HistoryTarget = {
  readonly execute: (document: string, variables: Readonly<Record<string, unknown>>) => Promise<ExecutionResult>;
  /** Sets the server's clock, in epoch milliseconds. */
  readonly setClock: (ms: number) => void | Promise<void>;
  /** Adds a program version, in force from an RFC 3339 instant, or from now when that is null; the first call founds the site. */
  readonly setProgram: (program: ProgramFile, fromInstant: string | null) => void | Promise<void>;
  readonly close: () => void | Promise<void>;
};

/** Opens an empty site on a database of its own. */
export async function openHistoryTarget(): Promise<HistoryTarget> {
  const { execute, setClock, setProgram, close } = openServer();
  return { execute, setClock, setProgram, close };
}
