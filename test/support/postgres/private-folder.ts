// A temporary folder of a server, which goes away together with this process or its run of tests, however that ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './program.ts';

/**
 * Waits for the end of its input, which comes even when this process is killed. Then ends the server that still runs in the
 * folder, waits for its end and removes the folder.
 */
const guard = `
  read -r _
  pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
  tries=0
  [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null
  while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  until rm -rf "$1" 2>/dev/null || [ "$tries" -ge 200 ]; do sleep 0.1; tries=$((tries + 1)); done
`;

export type PrivateFolder = { readonly path: string; readonly remove: () => Promise<void> };

/** Makes a folder that only the account can read. A server in it keeps its files in "data". */
export function makePrivateFolder({ uid, gid }: Account): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'orders-postgres-'));
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  // In a process group of its own, so that the interrupt key does not reach it.
  const guardian = spawn('sh', ['-c', guard, 'sh', path], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const gone = once(guardian, 'close');
  const dismiss = (): void => {
    guardian.stdin.end();
  };
  // A worker of an interrupted run may go on for a while: the end of the run counts.
  process.once('disconnect', dismiss);
  return {
    path,
    async remove() {
      process.off('disconnect', dismiss);
      dismiss();
      await gone;
    },
  };
}
