// What a random history runs against: the real server over a database, with clock, program, sweep and restarts in the test's hands.
import { testDatabase } from '../engine.ts';
import type { ProgramFile } from '../oracle/program.ts';
import { openServer } from '../server.ts';

type ExecutionResult = { readonly data?: unknown; readonly errors?: readonly unknown[] };

export type HistoryTarget = {
  readonly execute: (document: string, variables: Readonly<Record<string, unknown>>) => Promise<ExecutionResult>;
  /** Sets the server's clock, in epoch milliseconds. */
  readonly setClock: (ms: number) => void;
  /** Adds a program version, in force from an RFC 3339 instant, or from now when that is null; the first call founds the site. */
  readonly setProgram: (program: ProgramFile, fromInstant: string | null) => Promise<void>;
  /** Lets the sweep run at the clock's present time. */
  readonly settle: () => Promise<void>;
  /** Closes the server and opens it again on the same data. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens an empty site on a database of its own. */
export function openHistoryTarget(startMs: number): HistoryTarget {
  const database = testDatabase();
  let now = startMs;
  let server = openServer(now, database);
  return {
    execute: (document, variables) => server.execute(document, { ...variables }),
    setClock: (ms) => {
      now = ms;
      server.setClock(ms);
    },
    setProgram: (program, from) => server.setProgram(program, from),
    settle: () => server.settle(),
    restart: async () => {
      await server.close();
      server = openServer(now, database);
    },
    close: async () => {
      await server.close();
      await database.remove();
    },
  };
}
