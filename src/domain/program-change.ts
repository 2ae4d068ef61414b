// Appends a version of a site's program; nothing overwrites one.
import type { Decision } from './change.ts';
import type { Instant } from './instant.ts';
import { type Program, type ProgramFault, programAt, programOf, readProgramFile } from './program.ts';

export type ProgramState = { readonly programs: readonly Program[]; readonly hasOrders: boolean };
export type ProgramDecision = Decision<{ readonly program: Program; readonly added: boolean }, readonly ProgramFault[]>;

type ProgramCommand = {
  readonly siteId: string;
  readonly file: unknown;
  readonly from: Instant | null;
  readonly at: Instant;
  readonly actor: string;
  /** The newest version that the file was made from; left out where nobody else can have set one. */
  readonly expectedVersion?: number | null | undefined;
};

/** Decides `program set`: every fault with its path; currency, scale and time zone are fixed after the first order. */
export function setProgram({ programs, hasOrders }: ProgramState, command: ProgramCommand): ProgramDecision {
  const { siteId, file, from, at, actor, expectedVersion } = command;
  const refused = (faults: readonly ProgramFault[]): ProgramDecision => ({ kind: 'REFUSED', refusal: faults });
  const read = readProgramFile(file);
  if ('faults' in read) return refused(read.faults);
  if (read.siteId !== siteId) return refused([{ path: 'siteId', message: `Expected "${siteId}".` }]);
  if (typeof expectedVersion === 'number' && expectedVersion !== programs.length)
    return refused([
      { path: 'expectedVersion', message: `Expected the newest version, ${programs.length}.`, currentVersion: programs.length },
    ]);
  const effectiveFrom = from ?? at;
  const program = programOf(file, programs.length + 1, effectiveFrom);
  const last = programs.at(-1);
  // The file that is in force is applied already; appending it again would also undo a version that is yet to come.
  const current = programs.length > 0 ? programAt(programs, at) : null;
  if (current && from === null && isSameProgram(current, program))
    return { kind: 'ACCEPTED', changes: [], result: { program: current, added: false } };
  const faults = hasOrders && last ? fixedFaults(last, program) : [];
  if (faults.length > 0) return refused(faults);
  return {
    kind: 'ACCEPTED',
    changes: [{ kind: 'PROGRAM_ADDED', version: program.version, effectiveFrom, file: JSON.stringify(file), actor, createdAt: at }],
    result: { program, added: true },
  };
}

const fixedFaults = (last: Program, next: Program): readonly ProgramFault[] =>
  (['currencyCode', 'pointsScale', 'timeZone'] as const)
    .filter((name) => last[name] !== next[name])
    .map((name) => ({ path: name, message: `Fixed since the first order: expected ${JSON.stringify(last[name])}.` }));

/** The same rules under another number: then a start with the same program file appends nothing. */
function isSameProgram(last: Program, next: Program): boolean {
  const rules = (program: Program): string => JSON.stringify({ ...program, version: 0, effectiveFrom: 0 });
  return rules(last) === rules(next);
}
