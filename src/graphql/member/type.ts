// The member, their tier and their balance of points.

import { addDays, type Instant } from '../../domain/instant.ts';
import { type Member as MemberRow, type MemberTier as MemberTierRow, memberTier, periodStart } from '../../domain/member.ts';
import { pointsValueMinor } from '../../domain/redemption.ts';
import { builder } from '../builder.ts';
import { areIds, connectionType, type ListCursor } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { listField } from '../list-field.ts';
import { Money, money, pointsText } from '../money.ts';
import { memberEntryCursor, PointsEntryConnection } from '../points-entry.ts';
import { refusalError } from '../refusal-error.ts';
import { memberAdjustmentCursor, SpendAdjustmentConnection } from '../spend-adjustment.ts';

export const MemberStatus = builder.enumType('MemberStatus', {
  description: 'Whether a member may take part.',
  values: {
    ACTIVE: { description: 'In good standing.' },
    BLOCKED: { description: 'May not order, add or be adjusted; ships, returns, cancellations and corrections still apply.' },
  } as const,
});

const MemberTier = builder.objectRef<MemberTierRow>('MemberTier').implement({
  description: "A member's tier now, worked out from the spend of the program's period.",
  fields: (t) => ({
    name: t.string({ description: 'The name of the tier.', resolve: ({ level }) => level.name }),
    ratio: t.field({ type: 'Decimal', description: 'What it multiplies points by.', resolve: ({ level }) => level.ratio }),
    periodSpend: t.field({
      type: Money,
      description: 'The spend in the period up to now.',
      resolve: ({ periodSpendMinor }) => money(periodSpendMinor),
    }),
    next: t.string({ nullable: true, description: 'The next tier; null at the top.', resolve: ({ next }) => next?.name ?? null }),
    spendToNext: t.field({
      type: Money,
      nullable: true,
      description: 'The spend that is missing to the next tier; null at the top.',
      resolve: ({ next, periodSpendMinor }) => (next ? money(next.minimumSpendMinor - periodSpendMinor) : null),
    }),
  }),
});

type Bucket = { readonly memberId: string; readonly withinDays: number; readonly upTo: Instant };

const ExpiryBucket = builder.objectRef<Bucket>('ExpiryBucket').implement({
  description: 'The available points that expire within some days, as they stand now: what was spent or taken back is not in it.',
  fields: (t) => ({
    withinDays: t.exposeInt('withinDays', {
      description: 'Calendar days from now, to the same local time in the time zone of the program.',
    }),
    points: t.field({
      type: 'Points',
      description: 'All points that expire within these days, those of shorter buckets included.',
      resolve: async ({ memberId, upTo }, _, context) =>
        pointsText(context, (await context.loaders.expiring(upTo).load(memberId))?.points ?? 0),
    }),
    nextExpiryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the first of them expire; null when none do.',
      resolve: async ({ memberId, upTo }, _, { loaders }) => (await loaders.expiring(upTo).load(memberId))?.nextExpiryAt ?? null,
    }),
  }),
});

type Balance = 'available' | 'held' | 'used' | 'expired' | 'lifetime' | 'debt';
const balance = (name: Balance) => (member: MemberRow, _: unknown, context: GatewayContext) => pointsText(context, member[name]);

/** The most buckets of expiry that one field answers. */
const maximumBuckets = 20;
/** The longest bucket: a hundred years. */
const maximumDays = 36_500;

const PointsBalance = builder.objectRef<MemberRow>('PointsBalance');

builder.node(PointsBalance, {
  description: "A member's points. Each figure is the sum of the member's entries.",
  id: { resolve: ({ id }) => id },
  // A copy, since the row itself is marked as a Member when both are asked for in one request.
  loadWithoutCache: async (id, { loaders, viewer }) => {
    const member = viewer.owns(id) ? await loaders.member().load(id) : null;
    return member && { ...member };
  },
  fields: (t) => ({
    available: t.field({
      type: 'Points',
      description: 'What can be spent. Available points and debt are never both above zero.',
      resolve: balance('available'),
    }),
    held: t.field({ type: 'Points', description: 'Earned, and still on hold: not to be spent yet.', resolve: balance('held') }),
    used: t.field({ type: 'Points', description: 'Spent on orders, less what was given back.', resolve: balance('used') }),
    expired: t.field({ type: 'Points', description: 'Expired unspent, ever.', resolve: balance('expired') }),
    lifetime: t.field({
      type: 'Points',
      description: 'Everything that ever became available, what repaid debt at once included; returns do not lower it.',
      resolve: balance('lifetime'),
    }),
    debt: t.field({
      type: 'Points',
      description: 'What take-backs could not collect under the debt policy ALLOW; whatever becomes available repays it first.',
      resolve: balance('debt'),
    }),
    value: t.field({
      type: Money,
      description: 'What the available points are worth, rounded down.',
      resolve: ({ available }, _, { program }) => money(pointsValueMinor(program, available)),
    }),
    expiring: t.field({
      type: [ExpiryBucket],
      description:
        'What expires soon: for each number of days all points that expire within it, so that nobody has to subtract returns or add up lots.',
      args: {
        withinDays: t.arg.intList({
          required: true,
          defaultValue: [7, 30],
          description: `The lengths of the buckets, 0 to ${maximumDays} days; at most ${maximumBuckets} of them.`,
        }),
      },
      resolve: ({ id: memberId }, { withinDays }, { program, now }) => {
        if (withinDays.length > maximumBuckets || withinDays.some((days) => days < 0 || days > maximumDays))
          throw refusalError(
            'INVALID_INPUT',
            ['withinDays'],
            `Expected at most ${maximumBuckets} numbers of days, each 0 to ${maximumDays}.`,
          );
        return withinDays.map((days): Bucket => ({ memberId, withinDays: days, upTo: addDays(now, days, program.timeZone) }));
      },
    }),
  }),
});

export const Member = builder.objectRef<MemberRow>('Member');

/** Fields of the account: a primary member sees who a secondary member is, not what they have. */
const inAccount = { authScopes: ({ id }: MemberRow) => ({ account: id }) };

builder.node(Member, {
  description: 'A member of the program, by themselves or as a primary or secondary member of a household.',
  id: { resolve: ({ id }) => id },
  loadWithoutCache: (id, { loaders }) => loaders.member().load(id),
  fields: (t) => ({
    userId: t.exposeID('userId', { description: "The caller's user id, unique in the site." }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'The e-mail address; null to other members.',
      ...inAccount,
      unauthorizedResolver: () => null,
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'The first name.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'The last name.' }),
    status: t.field({ type: MemberStatus, description: 'Whether the member may take part.', resolve: ({ status }) => status }),
    optedIn: t.exposeBoolean('optedIn', { description: 'Whether the member earns points; one who opted out may order all the same.' }),
    tier: t.field({
      type: MemberTier,
      nullable: true,
      description: 'The tier now; null when the program has none, and to other members.',
      ...inAccount,
      unauthorizedResolver: () => null,
      resolve: ({ id }, _, context) => tierNow(context, id),
    }),
    points: t.field({
      type: PointsBalance,
      description: 'The balance of points. FORBIDDEN to other members, a primary member included.',
      ...inAccount,
      resolve: (member) => ({ ...member }),
    }),
    totalSpend: t.field({
      type: Money,
      description: 'All spend ever credited. FORBIDDEN to other members.',
      ...inAccount,
      resolve: ({ totalSpendMinor }) => money(totalSpendMinor),
    }),
    primaryMember: t.field({
      type: Member,
      nullable: true,
      description: 'The primary member whose secondary this member is now; null for others.',
      resolve: async ({ id }, _, { loaders, viewer }) => {
        const primaryId = await loaders.primaryId().load(id);
        // Not even looked for where it may not be seen: that would tell that there is one.
        return primaryId === null || !viewer.seesMember(primaryId) ? null : loaders.member().load(primaryId);
      },
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When the member was enrolled.', resolve: ({ createdAt }) => createdAt }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When the member or their balance last changed.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
});

export const MemberConnection = connectionType(Member, 'Member', 'members');
export const memberCursor: ListCursor<MemberRow> = { name: 'members', valueOf: ({ userId }) => [userId, userId], isOurs: areIds };

listField(Member, 'secondaryMembers', () => ({
  kind: 'MEMBER_SECONDARIES',
  sees: (viewer, { id }) => viewer.owns(id),
  type: MemberConnection,
  first: 20,
  cursor: memberCursor,
  description: 'Secondary members now, by user id.',
}));
listField(Member, 'pointsEntries', () => ({
  kind: 'MEMBER_ENTRIES',
  sees: (viewer, { id }) => viewer.owns(id),
  type: PointsEntryConnection,
  first: 20,
  cursor: memberEntryCursor,
  description: 'Every movement of points, latest first.',
}));
listField(Member, 'spendAdjustments', () => ({
  kind: 'MEMBER_ADJUSTMENTS',
  sees: (viewer, { id }) => viewer.owns(id),
  type: SpendAdjustmentConnection,
  first: 20,
  cursor: memberAdjustmentCursor,
  description: 'Spend adjustments, latest first.',
}));

async function tierNow({ program, now, loaders }: GatewayContext, memberId: string): Promise<MemberTierRow | null> {
  if (program.levels.length === 0) return null;
  const spend = await loaders.periodSpend({ after: periodStart(program, now), upTo: now }).load(memberId);
  return memberTier(program, spend ?? 0);
}
