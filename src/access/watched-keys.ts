// The keys of a file, read again when it changes: keys rotate without a restart.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { KeySource } from './authenticator.ts';
import { type KeySettings, readKeys } from './keys-file.ts';

type WatchLog = {
  readonly info: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};

export type WatchedKeys = KeySource & { readonly stop: () => void };
type WatchedKeysParts = { readonly file: string; readonly log: WatchLog; readonly everyMs?: number };

function settingsOf(file: string, content: string): KeySettings {
  const read = readKeys(content);
  if ('settings' in read) return read.settings;
  throw new Error([`${file} is no keys file:`, ...read.faults.map((fault) => `  ${fault}`)].join('\n'));
}

/** The keys of a file. Throws an error whose message names every fault of it. */
export const readKeysFile = (file: string): KeySettings => settingsOf(file, readFileSync(file, 'utf8'));

/**
 * The keys of a file, which is looked at every second: its content is compared, so that it does not matter whether it was written
 * in place, replaced or linked anew. What is faulty or gone is logged once, and the keys before it stay in force.
 */
export function watchKeys({ file, log, everyMs = 1_000 }: WatchedKeysParts): WatchedKeys {
  let seen: string | null = readFileSync(file, 'utf8');
  let doubted: string | null | undefined;
  let settings = settingsOf(file, seen);
  let stopped = false;
  const listeners: (() => void)[] = [];

  function take(taken: KeySettings): void {
    settings = taken;
    for (const listener of listeners) listener();
    log.info({ file, sites: settings.size }, 'The keys were read again.');
  }

  function look(found: string | null, error?: unknown): void {
    if (found === seen) return;
    const read = found === null ? null : readKeys(found);
    const usable = read !== null && 'settings' in read;
    // Half a file may be one that is being written: it is faulty if the next look finds it the same.
    if (!usable && found !== doubted) {
      doubted = found;
      return;
    }
    seen = found;
    doubted = undefined;
    if (read === null) log.error({ file, error }, 'The keys file cannot be read: the keys before stay in force.');
    else if ('faults' in read) log.error({ file, faults: read.faults }, 'The keys file is faulty: the keys before it stay in force.');
    else take(read.settings);
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      await setTimeout(everyMs, undefined, { ref: false });
      if (!stopped)
        await readFile(file, 'utf8').then(
          (content) => look(content),
          (error: unknown) => look(null, error),
        );
    }
  }
  void watch();

  return {
    settings: () => settings,
    onChange(listener) {
      listeners.push(listener);
    },
    stop() {
      stopped = true;
    },
  };
}
