// Reading members: one, and many.
import { periodStart } from '../../domain/member.ts';
import type { Program } from '../../domain/program.ts';
import type { MemberCriteria } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { pageOf, pageRange } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { idOfType } from '../global-id.ts';
import { exactlyOne } from '../one-of.ts';
import { longestList } from '../order/filter.ts';
import { refusalError } from '../refusal-error.ts';
import { Member, MemberConnection, MemberStatus, memberCursor } from './type.ts';

const MemberIdentifierInput = builder.inputType('MemberIdentifierInput', {
  description: 'Names a member by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({ id: t.id({ description: 'The opaque id.' }), userId: t.id({ description: "The caller's user id." }) }),
});

const MemberFilter = builder.inputType('MemberFilter', {
  description: 'Which members: those that meet all that is given. Of a list, one is enough; an empty list matches nothing.',
  fields: (t) => ({
    userIds: t.idList({ description: "By the caller's user ids." }),
    email: t.string({ description: 'By e-mail, without regard to case.' }),
    namePrefix: t.string({ description: 'By the begin of the first or last name, without regard to case.' }),
    tiers: t.stringList({ description: 'By the tier held now.' }),
    statuses: t.field({ type: [MemberStatus], description: 'By standing.' }),
  }),
});

builder.queryField('member', (t) =>
  t.field({
    type: Member,
    nullable: true,
    description: 'One member; null when the site has none such.',
    args: { by: t.arg({ type: MemberIdentifierInput, required: true, description: 'Which member.' }) },
    resolve: (_, { by }, { loaders }) => {
      exactlyOne(by, ['by']);
      if (by.id === null || by.id === undefined) return loaders.memberByUserId().load(by.userId?.trim() ?? '');
      const id = idOfType('Member', by.id);
      return id === null ? null : loaders.member().load(id);
    },
  }),
);

builder.queryField('members', (t) =>
  t.field({
    type: MemberConnection,
    description: 'Members of the site, by user id.',
    args: {
      filter: t.arg({ type: MemberFilter, description: 'Which members; left out: all.' }),
      first: t.arg.int({ defaultValue: 20, description: 'How many at most, up to 100.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async (_, { filter, first, after }, context) => {
      const { siteId, store } = context;
      const criteria = visibleCriteria(context, criteriaOf(context, filter ?? {}));
      const range = pageRange({ first, after }, memberCursor);
      return pageOf(await store.reads.members(siteId, criteria, range), range, memberCursor, () =>
        store.reads.countMembers(siteId, criteria),
      );
    },
  }),
);

/** Members who may be seen; by what stands in their own account only the viewer is found. */
function visibleCriteria({ viewer }: GatewayContext, criteria: MemberCriteria): MemberCriteria {
  const ids = viewer.visibleMembers(undefined);
  if (ids === null) return criteria;
  const asksAccount = criteria.email !== undefined || criteria.spend !== undefined;
  return { ...criteria, ids: asksAccount ? ids.filter(viewer.owns) : ids };
}

function criteriaOf(
  { program, now }: GatewayContext,
  { userIds, email, namePrefix, tiers, statuses }: typeof MemberFilter.$inferInput,
): MemberCriteria {
  for (const [name, list] of Object.entries({ userIds, tiers }))
    if (list && list.length > longestList)
      throw refusalError('INVALID_INPUT', ['filter', name], `Expected at most ${longestList} values, not ${list.length}.`);
  for (const [name, text] of Object.entries({ email, namePrefix }))
    if (text && text.length > longestText)
      throw refusalError('INVALID_INPUT', ['filter', name], `Expected at most ${longestText} characters, not ${text.length}.`);
  return {
    ...(userIds && { userIds: userIds.map((userId) => userId.trim()) }),
    ...(typeof email === 'string' && { email: email.trim() }),
    ...(typeof namePrefix === 'string' && { namePrefix }),
    ...(statuses && { statuses }),
    ...(tiers && { spend: { ranges: tierRanges(program, tiers), after: periodStart(program, now), upTo: now } }),
  };
}

/** Names and e-mails are no longer. */
const longestText = 256;

/** The ranges of spend that give the named tiers. */
function tierRanges({ levels }: Program, names: readonly string[]): { from: number; below: number | null }[] {
  return levels.flatMap(({ name, minimumSpendMinor }, index) =>
    names.includes(name) ? [{ from: minimumSpendMinor, below: levels[index + 1]?.minimumSpendMinor ?? null }] : [],
  );
}
