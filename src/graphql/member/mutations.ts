// Enrolling, changing and linking members.
import { normaliseId } from '../../domain/check.ts';
import type { Member as MemberRow } from '../../domain/member.ts';
import {
  enrollMember,
  linkSecondaryMember,
  type MemberDecision,
  type MemberState,
  unlinkSecondaryMember,
  updateMember,
} from '../../domain/membership.ts';
import type { CommandFrame } from '../../domain/order-command.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { builder } from '../builder.ts';
import { frameOf, type GatewayContext } from '../context.ts';
import { UserError } from '../user-error.ts';
import { Member, MemberStatus } from './type.ts';

type MemberAnswer = { readonly member: MemberRow | null; readonly userErrors: readonly Refusal[] };
type Named = { readonly userId: string; readonly primaryUserId?: string | null | undefined };

/** Commits a command on members and answers with the member after it. */
async function runMemberCommand(
  context: GatewayContext,
  { userId, primaryUserId }: Named,
  path: readonly string[],
  decide: (state: MemberState, frame: CommandFrame) => MemberDecision,
): Promise<MemberAnswer> {
  const frame = frameOf(context, null, {}, path);
  const scope = { siteId: frame.siteId, userId: normaliseId(userId), primaryUserId: normaliseId(primaryUserId ?? '') };
  const outcome = await context.store.commitMember(scope, (state) => decide(state, frame));
  context.loaders.forget();
  return outcome.kind === 'ACCEPTED' ? { member: outcome.result.member, userErrors: [] } : { member: null, userErrors: [outcome.refusal] };
}

const EnrollMemberInput = builder.inputType('EnrollMemberInput', {
  description: 'A member to be enrolled.',
  fields: (t) => ({
    userId: t.id({ required: true, description: "The caller's user id, 1 to 128 characters, unique in the site." }),
    email: t.string({ description: 'The e-mail address.' }),
    firstName: t.string({ description: 'The first name.' }),
    lastName: t.string({ description: 'The last name.' }),
    optedIn: t.boolean({ defaultValue: true, description: 'Whether the member earns points.' }),
    primaryUserId: t.id({ description: 'Makes them a secondary member of this primary member.' }),
  }),
});

const UpdateMemberInput = builder.inputType('UpdateMemberInput', {
  description: 'Changes to a member. What is left out stays; null clears e-mail and names.',
  fields: (t) => ({
    userId: t.id({ required: true, description: "The caller's user id." }),
    email: t.string({ description: 'The e-mail address.' }),
    firstName: t.string({ description: 'The first name.' }),
    lastName: t.string({ description: 'The last name.' }),
    optedIn: t.boolean({ description: 'Whether the member earns points from now on.' }),
    status: t.field({ type: MemberStatus, description: 'Whether the member may take part.' }),
  }),
});

const LinkSecondaryMemberInput = builder.inputType('LinkSecondaryMemberInput', {
  description: 'A link between two members.',
  fields: (t) => ({
    primaryUserId: t.id({ required: true, description: "The primary member's user id." }),
    secondaryUserId: t.id({ required: true, description: "The secondary member's user id." }),
  }),
});

const MemberPayload = builder.objectRef<MemberAnswer>('MemberPayload').implement({
  description: 'The answer to a command on members.',
  fields: (t) => ({
    member: t.field({
      type: Member,
      nullable: true,
      description: 'The member after the command, of a link the secondary one; null when it was refused.',
      resolve: ({ member }) => member,
    }),
    userErrors: t.field({
      type: [UserError],
      description: 'Why it was refused; empty when it was done.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

builder.mutationField('enrollMember', (t) =>
  t.field({
    type: MemberPayload,
    description: 'Enrolls a member. A user id that is taken is MEMBER_ALREADY_EXISTS.',
    args: { input: t.arg({ type: EnrollMemberInput, required: true, description: 'The member.' }) },
    resolve: (_, { input }, context) => runMemberCommand(context, input, ['input'], (state, frame) => enrollMember(state, frame, input)),
  }),
);

builder.mutationField('updateMember', (t) =>
  t.field({
    type: MemberPayload,
    description: 'Changes names, e-mail, opt-in or status of a member.',
    args: { input: t.arg({ type: UpdateMemberInput, required: true, description: 'The changes.' }) },
    resolve: (_, { input }, context) =>
      runMemberCommand(context, { userId: input.userId }, ['input'], (state, frame) => updateMember(state, frame, input)),
  }),
);

builder.mutationField('linkSecondaryMember', (t) =>
  t.field({
    type: MemberPayload,
    description:
      'Makes a member the secondary member of a primary one: one level, one primary each. Linking the same pair again changes nothing.',
    args: { input: t.arg({ type: LinkSecondaryMemberInput, required: true, description: 'The two members.' }) },
    resolve: (_, { input }, context) => {
      const named = { userId: input.secondaryUserId, primaryUserId: input.primaryUserId };
      return runMemberCommand(context, named, ['input'], (state, frame) => linkSecondaryMember(state, frame, input));
    },
  }),
);

builder.mutationField('unlinkSecondaryMember', (t) =>
  t.field({
    type: MemberPayload,
    description: "Ends a secondary member's link. Orders that the primary member earned stay theirs.",
    args: { secondaryUserId: t.arg.id({ required: true, description: "The secondary member's user id." }) },
    resolve: (_, { secondaryUserId }, context) =>
      runMemberCommand(context, { userId: secondaryUserId }, ['secondaryUserId'], (state, frame) =>
        unlinkSecondaryMember(state, frame, secondaryUserId),
      ),
  }),
);
