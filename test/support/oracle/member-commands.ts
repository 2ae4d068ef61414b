// Commands on members and on the links between primary and secondary members.
import type { MemberCommand } from './command.ts';
import { readId } from './read-input.ts';
import { refuseIf } from './refusal.ts';
import { memberOf, primaryOf, type World, withMember } from './world.ts';

type After = { readonly world: World; readonly userId: string };

/** One level only: nobody is their own primary, no primary a secondary, no secondary a primary. */
function linked(world: World, primary: string, secondary: string): World {
  const current = primaryOf(world, secondary);
  if (current === primary) return world;
  const isPrimary = world.links.some((link) => link.primary === secondary && !link.ended);
  refuseIf(primary === secondary || isPrimary || primaryOf(world, primary) !== null, 'INVALID_INPUT');
  refuseIf(current !== null, 'MEMBER_ALREADY_LINKED');
  return { ...world, links: [...world.links, { primary, secondary, ended: false }] };
}

function unlinked(world: World, secondary: string): World {
  refuseIf(primaryOf(world, secondary) === null, 'NOT_A_SECONDARY_MEMBER');
  return { ...world, links: world.links.map((link) => (link.secondary === secondary ? { ...link, ended: true } : link)) };
}

export function applyMemberCommand(world: World, command: MemberCommand): After {
  switch (command.kind) {
    case 'enrollMember': {
      const { input } = command;
      const userId = readId(input.userId);
      refuseIf(world.members.has(userId), 'MEMBER_ALREADY_EXISTS');
      const primaryId = input.primaryUserId ?? null;
      const primary = primaryId === null ? null : memberOf(world, primaryId.trim()).userId;
      const enrolled = withMember(world, { userId, status: 'ACTIVE', optedIn: input.optedIn ?? true });
      return { userId, world: primary === null ? enrolled : linked(enrolled, primary, userId) };
    }
    case 'updateMember': {
      const member = memberOf(world, command.input.userId.trim());
      const { optedIn = member.optedIn, status = member.status } = command.input;
      return { userId: member.userId, world: withMember(world, { ...member, optedIn, status }) };
    }
    case 'linkSecondaryMember': {
      const primary = memberOf(world, command.input.primaryUserId.trim()).userId;
      const { userId } = memberOf(world, command.input.secondaryUserId.trim());
      return { userId, world: linked(world, primary, userId) };
    }
    case 'unlinkSecondaryMember': {
      const { userId } = memberOf(world, command.input.secondaryUserId.trim());
      return { userId, world: unlinked(world, userId) };
    }
  }
}
