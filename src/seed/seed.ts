// Fills an empty database with a demo: a program, members, and orders with a history of 14 months.
import type { Instant } from '../domain/instant.ts';
import { enrollMember, type MemberDecision, type MemberState, updateMember } from '../domain/membership.ts';
import type { CommandFrame } from '../domain/order-command.ts';
import { setProgram } from '../domain/program-change.ts';
import type { Store } from '../store/store.ts';
import { demoFrame, workOf } from './commands.ts';
import { blockedUserId, demoMembers, emailOf } from './members.ts';
import { demoCommands } from './orders.ts';
import { demoProgram } from './program.ts';

const dayMs = 86_400_000;
/** Before the oldest order, members were enrolled; before that, the program began. */
const programDays = 500;
const enrollmentDays = 480;

export type SeedParts = {
  /** The time that the history leads up to. */
  readonly now: Instant;
  readonly newId: () => string;
};

/** Fills the demo's site. Null, and nothing written, when it has a program already. */
export async function seedDemo(store: Store, { now, newId }: SeedParts): Promise<{ members: number; orders: number } | null> {
  if (!(await beginProgram(store, now - programDays * dayMs))) return null;
  await enrollMembers(store, now - enrollmentDays * dayMs, newId);
  const commands = demoCommands(now);
  const outcomes = await store.commit(
    commands.map((command) => workOf(command, newId())),
    'ALL',
  );
  for (const [index, outcome] of outcomes.entries())
    if (outcome.kind === 'REFUSED') throw refusedCommand(commands[index]?.command, outcome.refusal);
  await changeMember(store, blockedUserId, null, demoFrame(now - dayMs / 24, newId()), (state, frame) =>
    updateMember(state, frame, { userId: blockedUserId, status: 'BLOCKED' }),
  );
  return { members: demoMembers.length, orders: commands.filter(({ command }) => command.kind === 'createOrder').length };
}

/** Sets the program, unless there is one: looked at in the transaction that writes, so that two starts at once seed once. */
async function beginProgram(store: Store, at: Instant): Promise<boolean> {
  const { siteId } = demoProgram;
  const decision = await store.commitProgram(siteId, (state) => {
    const [program] = state.programs;
    if (program) return { kind: 'ACCEPTED', changes: [], result: { program, added: false } };
    return setProgram(state, { siteId, file: demoProgram, from: at, at, actor: 'demo' });
  });
  if (decision.kind === 'REFUSED') throw refusedCommand(demoProgram, decision.refusal);
  return decision.result.added;
}

async function enrollMembers(store: Store, from: Instant, newId: () => string): Promise<void> {
  for (const [index, member] of demoMembers.entries()) {
    const { userId, firstName, lastName, optedIn, primaryUserId } = member;
    const input = { userId, firstName, lastName, optedIn, primaryUserId, email: emailOf(member) };
    const frame = demoFrame(from + index * (dayMs / 2), newId());
    await changeMember(store, userId, primaryUserId, frame, (state) => enrollMember(state, frame, input));
  }
}

async function changeMember(
  store: Store,
  userId: string,
  primaryUserId: string | null,
  frame: CommandFrame,
  decide: (state: MemberState, frame: CommandFrame) => MemberDecision,
): Promise<void> {
  const outcome = await store.commitMember({ siteId: frame.siteId, userId, primaryUserId }, (state) => decide(state, frame));
  if (outcome.kind === 'REFUSED') throw refusedCommand({ userId }, outcome.refusal);
}

/** A bug in the demo, not an expected refusal: its commands are fixed. */
const refusedCommand = (command: unknown, refusal: unknown): Error =>
  new Error(`A command of the demo was refused: ${JSON.stringify({ command, refusal })}`);
