// Runs a random history against a server and holds every public number against the oracle's after each command.
import type { Command } from '../oracle/command.ts';
import { type Decision, decide } from '../oracle/decide.ts';
import type { ProgramFile } from '../oracle/program.ts';
import { memberView, orderView } from '../oracle/views.ts';
import { emptyWorld, type World, withProgram } from '../oracle/world.ts';
import { firstDifference, isRecord, lineIdsOf, withPositions } from './compare.ts';
import { type Request, readRequest, requestOf } from './documents.ts';
import { createGenerator } from './generate.ts';
import type { HistoryTarget } from './harness.ts';
import { seededRandom } from './random.ts';
import { count, emptyTally, type Tally } from './tally.ts';

export type HistoryOptions = Omit<HistoryTarget, 'close'> & {
  readonly seed: number;
  readonly commands: number;
  /** The first version of the program; later ones are part of the history. */
  readonly program: ProgramFile;
};

/** So that the first New Year comes early in a history. */
const startMs = Date.parse('2026-10-01T09:00:00Z');
const commandsBetweenFullChecks = 100;
const ordersPerRead = 8;
const membersPerRead = 16;

type Moment = { readonly world: World; readonly now: number; readonly label: string };

function fail({ label }: Moment, path: string, expected: unknown, actual: unknown): never {
  const shown = (value: unknown) => JSON.stringify(value) ?? 'undefined';
  throw new Error(`${label}\n  path:     ${path}\n  expected: ${shown(expected)}\n  actual:   ${shown(actual)}`);
}

async function dataOf(
  options: HistoryOptions,
  moment: Moment,
  { document, variables }: Request,
): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await options.execute(document, variables);
  if (!isRecord(data) || (errors?.length ?? 0) > 0) return fail(moment, 'errors', undefined, errors ?? data);
  return data;
}

async function send(options: HistoryOptions, moment: Moment, command: Command, decision: Decision): Promise<void> {
  const { payload } = await dataOf(options, moment, requestOf(command));
  const actual = isRecord(payload) ? { ...payload, order: withPositions(payload['order']) } : payload;
  const difference = firstDifference(decision.payload, actual, ['payload']);
  if (difference !== null) fail(moment, difference.path, difference.expected, difference.actual);
}

/** Reads orders and members and compares them; learns the ids that the server gave to their lines. */
async function check(options: HistoryOptions, moment: Moment, orderIds: readonly string[], userIds: readonly string[]): Promise<void> {
  if (orderIds.length + userIds.length === 0) return;
  const { world, now } = moment;
  const data = await dataOf(options, moment, readRequest(orderIds, userIds));
  const expected = [
    ...orderIds.map((orderId, index) => ({ name: `order${index}`, id: orderId, view: orderView(world, orderId) })),
    ...userIds.map((userId, index) => ({ name: `member${index}`, id: userId, view: memberView(world, userId, now) })),
  ];
  for (const { name, id, view } of expected) {
    const actual = data[name];
    const difference = firstDifference(view, 'orderId' in view ? withPositions(actual) : actual, [id]);
    if (difference !== null) fail(moment, difference.path, difference.expected, difference.actual);
    if ('orderId' in view && isRecord(actual))
      for (const [position, lineId] of lineIdsOf(actual).entries()) world.lineIds.set(lineId, { orderId: id, position });
  }
}

const chunks = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));

async function checkAll(options: HistoryOptions, moment: Moment): Promise<void> {
  for (const orderIds of chunks([...moment.world.orders.keys()], ordersPerRead)) await check(options, moment, orderIds, []);
  for (const userIds of chunks([...moment.world.members.keys()], membersPerRead)) await check(options, moment, [], userIds);
}

/** Long inputs are cut in messages: the seed brings them back. */
const describe = (command: Command): string => {
  const text = JSON.stringify(command);
  return text.length > 4_000 ? `${text.slice(0, 4_000)} …` : text;
};

/** Runs one history; throws at the first number that differs. */
export async function runHistory(options: HistoryOptions): Promise<Tally> {
  const { seed, commands, program } = options;
  const generator = createGenerator(seededRandom(seed));
  const tally = emptyTally();
  let now = startMs;
  let world = withProgram(emptyWorld(), program, now);
  await options.setClock(now);
  await options.setProgram(program, null);
  for (let index = 0; index < commands; index += 1) {
    now += generator.pauseMs();
    await options.setClock(now);
    const step = generator.next(world, now);
    const at = `Seed ${seed}, program ${program.name}, command ${index} at ${new Date(now).toISOString()}`;
    if (step.kind === 'program') {
      await options.setProgram(step.file, step.from);
      world = withProgram(world, step.file, step.from === null ? now : Date.parse(step.from));
      await checkAll(options, { world, now, label: `${at}: after a new program version` });
      continue;
    }
    const { command } = step;
    const decision = decide(world, command, now);
    const moment = { world: decision.world, now, label: `${at}: ${describe(command)}` };
    await send(options, moment, command, decision);
    world = decision.world;
    generator.learn(command, decision);
    count(tally, command.kind, decision, 'dryRun' in command && command.dryRun === true);
    await check(options, moment, decision.orderIds, decision.userIds);
    if ((index + 1) % commandsBetweenFullChecks === 0) await checkAll(options, { ...moment, label: `${at}: all orders and members` });
  }
  await checkAll(options, { world, now, label: `Seed ${seed}, program ${program.name}: at the end` });
  return tally;
}
