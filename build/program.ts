// Loads the bundled program as a script of V8's, with the compiled code of the functions that a start needs.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

export type Program = {
  readonly run: () => void;
  /** The compiled code of whatever has run until now. */
  readonly compiled: () => Buffer;
  /** Whether there was compiled code, and this version of Node takes it. */
  readonly wasCompiled: boolean;
};

/** The bundle, and its compiled code: V8 takes that of its own version and flags, and compiles anew where it is another's. */
export const filesOf = (folder: string) => ({ bundle: join(folder, 'gateway.js'), cache: join(folder, 'gateway.cache') });

/** Loads the program of a folder. Without the compiled code it is the same, and starts a fifth of a second later. */
export function loadProgram(folder: string): Program {
  const { bundle, cache } = filesOf(folder);
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  // The bundle is ASCII but for comments, so that its bytes are its characters: reading it as UTF-8 takes 20 milliseconds more.
  const text = `(function (require, module, exports, __filename, __dirname) {${readFileSync(bundle, 'latin1')}\n})`;
  const script = new Script(text, { filename: bundle, ...(cachedData && { cachedData }) });
  return {
    run() {
      const module = { exports: {} };
      script.runInThisContext()(createRequire(bundle), module, module.exports, bundle, folder);
    },
    compiled: () => script.createCachedData(),
    wasCompiled: script.cachedDataRejected === false,
  };
}
