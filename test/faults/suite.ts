// Runs tests of the copy until the first that fails, and tells in which file it was.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

export type Verdict =
  | { readonly kind: 'GREEN' }
  | { readonly kind: 'RED'; readonly file: string }
  /** No test could judge: a file did not load, or the run was cut off. */
  | { readonly kind: 'BROKEN'; readonly why: string };

type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

/** A run that has not ended by then never will. */
const longestRunMs = 15 * 60_000;

/** Runs test files, or the whole suite when none is named. `commands` is the length of each random history; left out: as the suite has it. */
export function runSuite(folder: string, tests: readonly string[], commands?: number): Verdict {
  const report = join(folder, 'faults-report.json');
  rmSync(report, { force: true });
  const flags = ['run', '--bail', '1', '--reporter', 'json', '--outputFile', report];
  const run = spawnSync(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), ...flags, ...tests], {
    cwd: folder,
    env: { ...process.env, ...(commands !== undefined && { HISTORY_COMMANDS: String(commands) }) },
    encoding: 'utf8',
    timeout: longestRunMs,
  });
  if (run.status === 0) return { kind: 'GREEN' };
  return verdictOf(folder, readReport(report), `${run.stdout}${run.stderr}`);
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report; // What vitest's JSON reporter documents.
  } catch {
    return null;
  }
}

function verdictOf(folder: string, report: Report | null, output: string): Verdict {
  const failed = report?.testResults.filter(({ status }) => status === 'failed') ?? [];
  const judged = failed.find(({ assertionResults }) => assertionResults.some(({ status }) => status === 'failed'));
  if (judged) return { kind: 'RED', file: relative(folder, judged.name) };
  const lines = (failed[0]?.message || output).trim().split('\n');
  return { kind: 'BROKEN', why: lines.slice(0, 5).join('\n    ') };
}
