// Runs a random history against a server and holds every public number against the oracle's after each command.
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../oracle/command.ts';
import { type Decision, decide } from '../oracle/decide.ts';
import { settled } from '../oracle/posting.ts';
import { type ProgramFile, shipsOnCreate } from '../oracle/program.ts';
import { emptyWorld, programAt, type World, withProgram } from '../oracle/world.ts';
import { check, checkAll, compareAnswer, type Moment } from './check.ts';
import { firstMembers } from './draw-member.ts';
import { drawPause, drawStep, type Past, remember, type Step } from './generate.ts';
import type { HistoryTarget } from './harness.ts';
import { judgeInvariants } from './invariants.ts';
import { seededRandom } from './random.ts';
import { countCommand, countPoints, countRefusedTake, emptyTally, type Tally } from './tally.ts';

export type History = {
  /** The first version of the program; later ones are part of the history. */
  readonly program: ProgramFile;
  /** Whether the sweep runs whenever the clock has moved, or only before everything is looked at. */
  readonly swept: boolean;
  /** One number a step. */
  readonly numbers: readonly number[];
};

/** So that the first New Year comes early in a history. */
export const startMs = Date.parse('2026-10-01T09:00:00Z');
const stepsBetweenFullChecks = 250;

type Run = { readonly target: HistoryTarget; readonly history: History; readonly tally: Tally; readonly past: Past };
type State = { readonly world: World; readonly now: number };

async function runCommand({ target, history, tally, past }: Run, { world, now }: State, command: Command, label: string): Promise<World> {
  const decision = decide(world, command, now);
  const moment: Moment = { target, world: decision.world, now, label };
  await compareAnswer(moment, command, decision, history.swept);
  remember(past, command, decision);
  countCommand(tally, command, decision);
  if (command.kind !== 'createOrder' && command.kind !== 'cartPoints') countRefusedTake(tally, world, decision, now);
  judgeInvariants(label, world, decision);
  await checkTouched(moment, command, decision, history.swept);
  return decision.world;
}

/** Where no sweep runs, only what a command has settled is up to date: the orders and members of an accepted one. */
async function checkTouched(moment: Moment, command: Command, decision: Decision, swept: boolean): Promise<void> {
  const { world, target } = moment;
  const bulk = command.kind === 'bulkCreateOrders' || command.kind === 'bulkUpdateOrders';
  const looksBack = moment.now % (bulk || decision.verdict === 'refused' ? 2 : 5) === 0;
  if (!looksBack || (!swept && !bulk && (decision.verdict !== 'accepted' || decision.dryRun))) return;
  if (swept) return check(moment, decision.orderIds, decision.userIds);
  if (bulk) await target.settle();
  const credited = decision.orderIds.map((orderId) => world.orders.get(orderId)?.creditedTo ?? '');
  return check(moment, decision.orderIds, bulk ? decision.userIds : [...new Set(credited)]);
}

async function runStep(run: Run, state: State, step: Step, label: string): Promise<World> {
  const { target } = run;
  const { world, now } = state;
  switch (step.kind) {
    case 'command':
      return runCommand(run, state, step.command, label);
    case 'restart':
      await target.restart();
      return world;
    case 'program': {
      // What is due is settled under the versions so far, also where this one reaches back.
      await target.settle();
      await target.setProgram(step.file, step.from);
      // A file that is in force already appends no version, unless it says from when.
      const same = step.from === null && isDeepStrictEqual(rulesOf(step.file), rulesOf(programAt(world, now)));
      const after = same ? world : withProgram(world, step.file, step.from === null ? now : Date.parse(step.from));
      await check({ target, world: after, now, label }, [], [...after.members.keys()]);
      return after;
    }
  }
}

/** A file with its meaning written out, so that two files of the same rules are the same. */
const rulesOf = (file: ProgramFile): ProgramFile => ({ ...file, orders: { ...file.orders, shipOnCreate: shipsOnCreate(file) } });

/** Long inputs are cut in messages: the seed brings them back. */
const describe = (command: Command): string => {
  const text = JSON.stringify(command);
  return text.length > 4_000 ? `${text.slice(0, 4_000)} …` : text;
};

async function opened(run: Run): Promise<World> {
  const { target, history } = run;
  target.setClock(startMs);
  await target.setProgram(history.program, null);
  let world = withProgram(emptyWorld(), history.program, startMs);
  for (const userId of firstMembers) {
    world = await runCommand(run, { world, now: startMs }, { kind: 'enrollMember', input: { userId } }, 'at the start');
  }
  return world;
}

/** Thrown at the first number that differs, with the position of the step that brought it about. */
export class HistoryFailed extends Error {
  readonly index: number;

  constructor(index: number, at: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(message.startsWith(at) ? message : `${at}\n  ${message}`, { cause });
    this.index = index;
  }
}

export async function playHistory(target: HistoryTarget, history: History, tally = emptyTally()): Promise<Tally> {
  const run: Run = { target, history, tally, past: { accepted: [], freeKeys: [] } };
  let world = await opened(run);
  let now = startMs;
  for (const [index, number] of history.numbers.entries()) {
    let at = `${history.program.name}, step ${index} (${number})`;
    try {
      now += drawPause(seededRandom(number ^ 0x5bd1e995));
      target.setClock(now);
      if (history.swept) await target.settle();
      const before = world;
      world = settled(world, now);
      at = `${at} at ${new Date(now).toISOString()}`;
      const step = drawStep(number, { world, now, past: run.past });
      at = step.kind === 'command' ? `${at}: ${describe(step.command)}` : `${at}: ${step.kind}`;
      world = await runStep(run, { world, now }, step, at);
      countPoints(tally, before, world, now);
      const last = index === history.numbers.length - 1;
      if (!last && (index + 1) % stepsBetweenFullChecks !== 0) continue;
      await target.settle();
      await checkAll({ target, world, now, label: `${at}: all orders and members` });
    } catch (error) {
      throw new HistoryFailed(index, at, error);
    }
  }
  return tally;
}

type OpenServer = Omit<HistoryTarget, 'restart' | 'close'>;
type Wanted = OpenServer & { readonly program: ProgramFile; readonly seed: number; readonly commands: number };

/** A history of so many steps on a server that stays open. */
export function runHistory({ program, seed, commands, ...server }: Wanted): Promise<Tally> {
  const random = seededRandom(seed);
  const numbers = Array.from({ length: commands }, () => random.int(0, 2 ** 31 - 1));
  const target = { ...server, restart: async () => {}, close: async () => {} };
  return playHistory(target, { program, swept: true, numbers });
}
