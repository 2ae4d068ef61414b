// Draws commands on members and links, so that few members are blocked or opted out at a time.
import type { MemberCommand } from '../oracle/command.ts';
import { primaryOf } from '../oracle/world.ts';
import { type Draw, programNow } from './draw.ts';
import { drawMember } from './draw-order.ts';

export const firstMembers = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8'] as const;
const mostMembers = 14;

export function drawEnroll(draw: Draw): MemberCommand {
  const { random, world } = draw;
  const known = world.members.size >= mostMembers || random.chance(0.3);
  const primary = random.chance(0.4) ? { primaryUserId: random.chance(0.1) ? 'nobody' : drawMember(draw) } : {};
  const userId = known ? drawMember(draw) : draw.fresh('member');
  return {
    kind: 'enrollMember',
    input: { userId, ...(random.chance(0.3) ? { optedIn: random.chance(0.7) } : {}), ...(known ? {} : primary) },
  };
}

export function drawMemberUpdate(draw: Draw): MemberCommand {
  const { random, world } = draw;
  const members = [...world.members.values()];
  const blocked = members.filter((member) => member.status === 'BLOCKED');
  const optedOut = members.filter((member) => !member.optedIn);
  if (random.chance(0.05)) return { kind: 'updateMember', input: { userId: 'nobody', optedIn: true } };
  if (blocked.length > 0 && random.chance(0.6)) {
    return { kind: 'updateMember', input: { userId: random.pick(blocked).userId, status: 'ACTIVE' } };
  }
  if (optedOut.length > 1 && random.chance(0.6)) {
    return { kind: 'updateMember', input: { userId: random.pick(optedOut).userId, optedIn: true } };
  }
  const change = random.chance(0.4) ? ({ status: 'BLOCKED' } as const) : { optedIn: random.chance(0.4) };
  return { kind: 'updateMember', input: { userId: drawMember(draw), ...change } };
}

/** Draws pairs until at most one rule is broken: which of two comes first is left open. */
export function drawLink(draw: Draw): MemberCommand {
  const { random, world } = draw;
  const usual = random.chance(0.7);
  const primaryUserId = usual ? random.pick(firstMembers.slice(0, 3)) : drawMember(draw);
  const secondaryUserId = usual ? random.pick(firstMembers.slice(4)) : drawMember(draw);
  const current = primaryOf(world, secondaryUserId);
  const otherPrimary = current !== null && current !== primaryUserId;
  const wrongLevel = primaryUserId === secondaryUserId || primaryOf(world, primaryUserId) !== null;
  if ((otherPrimary && wrongLevel) || (current === null && random.chance(0.3))) return drawLink(draw);
  if (random.chance(0.05)) return { kind: 'linkSecondaryMember', input: { primaryUserId, secondaryUserId: 'nobody' } };
  return { kind: 'linkSecondaryMember', input: { primaryUserId, secondaryUserId } };
}

export function drawUnlink(draw: Draw): MemberCommand {
  const { random, world } = draw;
  const linked = world.links.filter((link) => !link.ended).map((link) => link.secondary);
  const pooled = programNow(draw).secondaryMembers.earnForPrimary;
  // Where links pool points they last a little longer, so that more orders are credited to a primary member.
  const known = linked.length > 0 && random.chance(pooled ? 0.5 : 0.75) ? random.pick(linked) : drawMember(draw);
  return { kind: 'unlinkSecondaryMember', input: { secondaryUserId: random.chance(0.05) ? 'nobody' : known } };
}
