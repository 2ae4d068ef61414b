// Enrolling and changing members, linking and unlinking secondary members.
import type { Change, Decision } from './change.ts';
import { type Check, startCheck } from './check.ts';
import type { Member, MemberLink, MemberStatus } from './member.ts';
import type { CommandFrame } from './order-command.ts';
import { type InputPath, type Refusal, refuse } from './refusal.ts';

/** What a decision on members stands on: the members that the input names, and the links they are in now. */
export type MemberState = {
  readonly member: Member | null;
  /** The primary member that the input names. */
  readonly primary: Member | null;
  /** The current link in which `member` is the secondary. */
  readonly linkAsSecondary: MemberLink | null;
  /** Whether `member` is a primary now. */
  readonly hasSecondaries: boolean;
  /** Whether the named primary is somebody's secondary now. */
  readonly primaryIsSecondary: boolean;
};

export type MemberOutcome = { readonly member: Member };
export type MemberDecision = Decision<MemberOutcome, Refusal>;

export type EnrollMemberInput = {
  readonly userId: string;
  readonly email?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly optedIn?: boolean | null | undefined;
  readonly primaryUserId?: string | null | undefined;
};
export type UpdateMemberInput = {
  readonly userId: string;
  readonly email?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly optedIn?: boolean | null | undefined;
  readonly status?: MemberStatus | null | undefined;
};
export type LinkSecondaryMemberInput = { readonly primaryUserId: string; readonly secondaryUserId: string };

const nameLength = 256;

const refused = (refusal: Refusal): MemberDecision => ({ kind: 'REFUSED', refusal });
const accepted = (member: Member, changes: readonly Change[]): MemberDecision => ({ kind: 'ACCEPTED', changes, result: { member } });
const notFound = (path: InputPath): Refusal => refuse('MEMBER_NOT_FOUND', path, 'No member of the site has this userId.');

/** Reads names and e-mail; a blank e-mail is refused, since it would reach nobody. */
function readPerson(
  check: Check,
  input: { email?: string | null | undefined; firstName?: string | null | undefined; lastName?: string | null | undefined },
) {
  const email = check.text(['email'], input.email, nameLength)?.trim() ?? null;
  if (email === '') check.report(refuse('INVALID_INPUT', check.at(['email']), 'Expected an e-mail address, or null for none.'));
  return {
    email,
    firstName: check.text(['firstName'], input.firstName, nameLength),
    lastName: check.text(['lastName'], input.lastName, nameLength),
  };
}

/** Decides enrollMember; with primaryUserId the new member is linked in the same transaction. */
export function enrollMember(state: MemberState, frame: CommandFrame, input: EnrollMemberInput): MemberDecision {
  const check = startCheck(frame.path, 0);
  const userId = check.id(['userId'], input.userId);
  const person = readPerson(check, input);
  const primaryUserId = check.optionalId(['primaryUserId'], input.primaryUserId);
  const fault = check.fault();
  if (fault) return refused(fault);
  if (state.member)
    return refused(
      refuse('MEMBER_ALREADY_EXISTS', [...frame.path, 'userId'], 'A member of the site has this userId: change them with updateMember.'),
    );
  const zero = {
    available: 0,
    held: 0,
    used: 0,
    expired: 0,
    lifetime: 0,
    debt: 0,
    totalSpendMinor: 0,
    entryCount: 0,
    dueAt: null,
    revision: 1,
  };
  const dates = { createdAt: frame.at, updatedAt: frame.at };
  const member: Member = {
    id: frame.newId,
    siteId: frame.siteId,
    userId,
    ...person,
    status: 'ACTIVE',
    optedIn: input.optedIn ?? true,
    ...zero,
    ...dates,
  };
  const enrolled: Change = { kind: 'MEMBER_ENROLLED', member };
  if (primaryUserId === null) return accepted(member, [enrolled]);
  const path = [...frame.path, 'primaryUserId'];
  if (primaryUserId === userId) return refused(refuse('INVALID_INPUT', path, 'A member cannot be their own primary member.'));
  const refusal = guardPrimary(state, path);
  return refusal ? refused(refusal) : accepted(member, [enrolled, startLink(frame, member, state.primary)]);
}

/** Decides updateMember: what is left out stays, null clears e-mail and names. */
export function updateMember(state: MemberState, frame: CommandFrame, input: UpdateMemberInput): MemberDecision {
  const check = startCheck(frame.path, 0);
  check.id(['userId'], input.userId);
  const person = readPerson(check, input);
  const fault = check.fault();
  if (fault) return refused(fault);
  const { member } = state;
  if (!member) return refused(notFound([...frame.path, 'userId']));
  const changed: Member = {
    ...member,
    email: input.email === undefined ? member.email : person.email,
    firstName: input.firstName === undefined ? member.firstName : person.firstName,
    lastName: input.lastName === undefined ? member.lastName : person.lastName,
    optedIn: input.optedIn ?? member.optedIn,
    status: input.status ?? member.status,
    revision: member.revision + 1,
    updatedAt: frame.at,
  };
  return accepted(changed, [{ kind: 'MEMBER_CHANGED', member: changed, previousRevision: member.revision }]);
}

/** Decides linkSecondaryMember. Linking the same pair again changes nothing. */
export function linkSecondaryMember(state: MemberState, frame: CommandFrame, input: LinkSecondaryMemberInput): MemberDecision {
  const check = startCheck(frame.path, 0);
  const primaryUserId = check.id(['primaryUserId'], input.primaryUserId);
  const secondaryUserId = check.id(['secondaryUserId'], input.secondaryUserId);
  const fault = check.fault();
  if (fault) return refused(fault);
  const secondaryPath = [...frame.path, 'secondaryUserId'];
  if (primaryUserId === secondaryUserId)
    return refused(refuse('INVALID_INPUT', secondaryPath, 'A member cannot be their own secondary member.'));
  const { member, primary, linkAsSecondary } = state;
  if (!primary) return refused(notFound([...frame.path, 'primaryUserId']));
  if (!member) return refused(notFound(secondaryPath));
  if (linkAsSecondary?.primaryId === primary.id) return accepted(member, []);
  const refusal = guardPrimary(state, [...frame.path, 'primaryUserId']);
  if (refusal) return refused(refusal);
  if (state.hasSecondaries)
    return refused(refuse('INVALID_INPUT', secondaryPath, 'A primary member cannot become a secondary one: there is one level.'));
  if (linkAsSecondary)
    return refused(refuse('MEMBER_ALREADY_LINKED', secondaryPath, 'The member has another primary member: end that link first.'));
  return accepted(member, [startLink(frame, member, primary)]);
}

/** Decides unlinkSecondaryMember; orders that the primary earned stay the primary's. */
export function unlinkSecondaryMember(state: MemberState, frame: CommandFrame, secondaryUserId: string): MemberDecision {
  const check = startCheck(frame.path, 0);
  check.id([], secondaryUserId);
  const fault = check.fault();
  if (fault) return refused(fault);
  const { member, linkAsSecondary } = state;
  if (!member) return refused(notFound(frame.path));
  if (!linkAsSecondary) return refused(refuse('NOT_A_SECONDARY_MEMBER', frame.path, 'The member has no primary member now.'));
  return accepted(member, [{ kind: 'MEMBER_UNLINKED', link: { ...linkAsSecondary, endedAt: frame.at } }]);
}

function guardPrimary({ primary, primaryIsSecondary }: MemberState, path: InputPath): Refusal | null {
  if (!primary) return notFound(path);
  return primaryIsSecondary ? refuse('INVALID_INPUT', path, 'A secondary member cannot become a primary one: there is one level.') : null;
}

const startLink = (frame: CommandFrame, secondary: Member, primary: Member | null): Change => ({
  kind: 'MEMBER_LINKED',
  link: {
    id: frame.newId,
    siteId: frame.siteId,
    primaryId: primary?.id ?? '',
    secondaryId: secondary.id,
    startedAt: frame.at,
    endedAt: null,
  },
});
