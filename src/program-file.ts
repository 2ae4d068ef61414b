// The command line's work on program files: sets one as a version of its site's program, and prints them.
import { readFileSync } from 'node:fs';
import { told, UsageError } from './command-line.ts';
import { parseInstant } from './domain/instant.ts';
import { setProgram } from './domain/program-change.ts';
import { createSiteTime } from './site-time.ts';
import type { Store } from './store/store.ts';

function readFile(file: string): unknown {
  try {
    return JSON.parse(told(() => readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const siteOf = (file: unknown): string => (typeof file === 'object' && file !== null && 'siteId' in file ? String(file.siteId) : '');

/** Appends a program file as a version of its site's program; the file itself says the site. */
export async function applyProgram(store: Store, name: string, from: string | undefined): Promise<void> {
  const instant = from === undefined ? null : parseInstant(from);
  if (from !== undefined && instant === null)
    throw new UsageError('--from: expected a date and time with an offset, such as 2026-12-01T00:00:00-08:00.');
  const file = readFile(name);
  const siteId = siteOf(file);
  // Data of a sandbox whose clock was moved have that time; all others are not ahead.
  const at = await createSiteTime({ store, clock: Date.now, sandbox: true }).now(siteId);
  const decision = await store.commitProgram(siteId, (state) =>
    setProgram(state, { siteId, file, from: instant, at, actor: 'command line' }),
  );
  if (decision.kind === 'REFUSED') {
    const faults = decision.refusal.map(({ path, message }) => `  ${path}: ${message}`);
    throw new UsageError([`${name} is no program that can be set:`, ...faults].join('\n'));
  }
  const { program, added } = decision.result;
  console.log(
    added
      ? `Site ${siteId}: version ${program.version}, in force from ${new Date(program.effectiveFrom).toISOString()}.`
      : `Site ${siteId}: unchanged at version ${program.version}.`,
  );
}

/** Prints every version of a site's program. */
export async function showProgram(store: Store, siteId: string): Promise<void> {
  const versions = await store.reads.programs(siteId);
  if (versions.length === 0) throw new UsageError(`The site "${siteId}" has no program.`);
  for (const { effectiveFrom, ...program } of versions)
    console.log(JSON.stringify({ effectiveFrom: new Date(effectiveFrom).toISOString(), ...program }, null, 2));
}
