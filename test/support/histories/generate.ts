// Draws the next step of a random history from a number and the model's state: mostly commands that the oracle would accept,
// some broken in one way, some sent again.
import type { Command, OrderCommand } from '../oracle/command.ts';
import { type Decision, decide } from '../oracle/decide.ts';
import type { ProgramFile } from '../oracle/program.ts';
import type { World } from '../oracle/world.ts';
import { type Draw, firstProgram, instant, programNow } from './draw.ts';
import { drawBulkCreate, drawBulkOverLimit, drawBulkUpdate } from './draw-bulk.ts';
import { drawAdd, drawAdjust, drawCorrect, drawOverdraw, drawUpdate } from './draw-change.ts';
import { drawEnroll, drawLink, drawMemberUpdate, drawUnlink } from './draw-member.ts';
import { drawCart, drawCreate } from './draw-order.ts';
import { broken } from './faults.ts';
import { nextVersion } from './programs.ts';
import { type Random, seededRandom } from './random.ts';
import { repeat, reuse } from './repeats.ts';

export type Step =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'program'; readonly file: ProgramFile; readonly from: string | null }
  /** The server is closed and opened again on the same data. */
  | { readonly kind: 'restart' };

/** What was sent before, for repeats, and the keys that a refusal has left free. */
export type Past = { readonly accepted: OrderCommand[]; readonly freeKeys: string[] };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const attempts = 8;

const sent = <K extends Command['kind'], I>(kind: K, input: I | null) => (input === null ? null : { kind, input });

function drawCommand(draw: Draw, past: Past): () => Command | null {
  return draw.random.weighted<() => Command | null>([
    [24, () => sent('createOrder', drawCreate(draw))],
    [26, () => sent('updateOrder', drawUpdate(draw))],
    [4, () => sent('updateOrder', drawOverdraw(draw))],
    [9, () => sent('addToOrder', drawAdd(draw))],
    [9, () => sent('correctOrder', drawCorrect(draw))],
    [8, () => sent('adjustSpend', drawAdjust(draw))],
    [3, () => drawBulkCreate(draw)],
    [4, () => drawBulkUpdate(draw)],
    [0.4, () => drawBulkOverLimit(draw)],
    // Carts are refused for as long as the program has no purchase action: more of them then.
    [programNow(draw).purchase.configured ? 4 : 15, () => sent('cartPoints', drawCart(draw))],
    [1.2, () => drawEnroll(draw)],
    [2.5, () => drawMemberUpdate(draw)],
    [2, () => drawLink(draw)],
    [1, () => drawUnlink(draw)],
    [5, () => repeat(draw, past.accepted)],
    [1.6, () => reuse(draw, past.accepted)],
  ]);
}

/** Draws until the oracle accepts, most of the time; what is refused all the same is sent as it is, and what a debt policy refuses always. */
function drawLikely(draw: Draw, past: Past): Command {
  const again = drawCommand(draw, past);
  let command = again();
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    const decision = command === null ? null : decide(draw.world, command, draw.now);
    const kept = decision?.code === 'INSUFFICIENT_POINTS' && command?.kind !== 'createOrder';
    const fine = kept || (decision !== null && decision.verdict !== 'refused');
    const sentAnyway = command !== null && draw.random.chance(command.kind.includes('Member') ? 0.4 : 0.15);
    if (fine || sentAnyway) break;
    command = again();
  }
  return command ?? { kind: 'createOrder', input: drawCreate(draw) };
}

function finish(draw: Draw, command: Command): Command {
  const { random, world, now } = draw;
  const chosen = random.chance(0.16) && decide(world, command, now).verdict === 'accepted' ? broken(draw, command) : command;
  const onOrders = chosen.kind.endsWith('Order') || chosen.kind === 'adjustSpend' || chosen.kind.startsWith('bulk');
  // The kinds looked at just above are those with a dry run, which the compiler cannot see.
  return onOrders && random.chance(0.06) ? ({ ...chosen, dryRun: true } as Command) : chosen;
}

function drawVersion(draw: Draw): Step {
  const { random, now } = draw;
  const from = random.weighted([
    [6, null],
    [2, instant(draw, now + random.int(1, 30) * dayMs)],
    [1, instant(draw, now - random.int(1, 30) * dayMs)],
  ]);
  return { kind: 'program', from, file: nextVersion(random, programNow(draw), firstProgram(draw)) };
}

/** How long nothing happens before a step. */
export const drawPause = (random: Random): number =>
  random.weighted([
    [3, 0],
    [5, random.int(1, minuteMs)],
    [6, random.int(1, 360) * minuteMs],
    [5, random.int(0, 3 * dayMs)],
    [0.8, random.int(3, 30) * dayMs],
  ]);

/** The same number makes the same step of the same state: names are made of it, so that they stay when steps before it are left out. */
export function drawStep(number: number, { world, now, past }: { readonly world: World; readonly now: number; readonly past: Past }): Step {
  const random = seededRandom(number);
  let names = 0;
  const fresh = (prefix: string) => {
    names += 1;
    return `${prefix}-${number.toString(36)}-${names}`;
  };
  const key = () => (random.chance(0.1) ? past.freeKeys.shift() : undefined) ?? fresh('key');
  const draw = { random, world, now, fresh, key };
  if (random.chance(0.03)) return drawVersion(draw);
  if (random.chance(0.006)) return { kind: 'restart' };
  return { kind: 'command', command: finish(draw, drawLikely(draw, past)) };
}

export function remember({ accepted, freeKeys }: Past, command: Command, decision: Decision): void {
  const single = command.kind.endsWith('Order') || command.kind === 'adjustSpend';
  if (!single || ('dryRun' in command && command.dryRun === true)) return;
  if (decision.verdict === 'accepted') accepted.push(command as OrderCommand);
  const free = decision.verdict === 'refused' && decision.code !== 'IDEMPOTENCY_KEY_REUSED';
  if (free && 'idempotencyKey' in command.input && command.input.idempotencyKey !== '') freeKeys.push(command.input.idempotencyKey);
}
