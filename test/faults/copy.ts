// A copy of the project in a temporary folder, in which one fault at a time can be put.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Fault } from './fault.ts';

/** What is made out of the project, or is no part of it. */
const left = ['node_modules', '.git', 'dist', 'data', 'coverage'];
/** Folders with dependencies of their own. */
const installed = ['.', 'examples/typed-client'];

export function copyProject(root: string): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  cpSync(root, folder, { recursive: true, filter: (source) => !left.includes(basename(source)) });
  for (const part of installed) {
    const modules = join(root, part, 'node_modules');
    if (existsSync(modules)) symlinkSync(modules, join(folder, part, 'node_modules'));
  }
  return { folder, remove };
}

/** Why a fault cannot be put in any more; null when it can. */
export function mistakeIn(folder: string, { file, find, replace, tests }: Fault): string | null {
  if (!existsSync(join(folder, file))) return `there is no ${file}`;
  const missing = tests.find((test) => !existsSync(join(folder, test)));
  if (missing !== undefined) return `there is no ${missing}`;
  if (find.includes('\n') || replace.includes('\n')) return 'it is more than one line';
  if (find === replace) return 'it changes nothing';
  const count = readFileSync(join(folder, file), 'utf8').split(find).length - 1;
  return count === 1 ? null : `its text stands ${count} times in ${file}, not once`;
}

/** Runs an action on the faulted copy, and puts the file back. */
export function withFault<Result>(folder: string, { file, find, replace }: Fault, action: () => Result): Result {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  try {
    return action();
  } finally {
    writeFileSync(path, text);
  }
}
