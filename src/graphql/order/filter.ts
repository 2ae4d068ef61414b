// The filter of orders: input, and the criteria that it makes.
import { parseDecimal, roundTo } from '../../domain/decimal.ts';
import { withoutUndefined } from '../../domain/defined.ts';
import { parseInstant } from '../../domain/instant.ts';
import { maximumBalance } from '../../domain/money.ts';
import type { Program } from '../../domain/program.ts';
import type { OrderCriteria } from '../../store/store.ts';
import { builder } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { refusalError } from '../refusal-error.ts';
import { OrderAction, OrderStatus } from './enums.ts';

const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A half-open range of time: from is in it, before is not.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'The first instant in it; left out: no bound.' }),
    before: t.field({ type: 'DateTime', description: 'The first instant after it; left out: no bound.' }),
  }),
});

const DecimalRange = builder.inputType('DecimalRange', {
  description: 'A range of amounts; both ends are in it.',
  fields: (t) => ({
    min: t.field({ type: 'Decimal', description: 'The least; left out: no bound.' }),
    max: t.field({ type: 'Decimal', description: 'The most; left out: no bound.' }),
  }),
});

export const OrderFilter = builder.inputType('OrderFilter', {
  description: 'Which orders: those that meet all that is given. Of a list, one is enough; an empty list matches nothing.',
  fields: (t) => ({
    orderIds: t.idList({ description: "By the caller's order ids." }),
    userIds: t.idList({ description: "By the buyer's user ids." }),
    statuses: t.field({ type: [OrderStatus], description: 'By status.' }),
    allowedActions: t.field({ type: [OrderAction], description: 'By what can still be done with them.' }),
    productIds: t.idList({ description: 'With a line of one of these products.' }),
    storeIds: t.idList({ description: 'By shop.' }),
    sources: t.stringList({ description: 'By where they came from.' }),
    orderDate: t.field({ type: DateTimeRange, description: 'By order date.' }),
    updatedAt: t.field({ type: DateTimeRange, description: 'By last change.' }),
    total: t.field({ type: DecimalRange, description: 'By total.' }),
    hasHeldPoints: t.boolean({ description: 'Whether points of it are on hold.' }),
  }),
});

export type OrderFilterInput = typeof OrderFilter.$inferInput;
/** The longest list that a filter takes. */
export const longestList = 500;

const trimmed = (list: readonly string[] | null | undefined) => list?.map((value) => value.trim());

/** The criteria of a filter. User ids are looked up, once for all of them. */
export async function criteriaOf(context: GatewayContext, filter: OrderFilterInput | null | undefined): Promise<OrderCriteria> {
  const { store, siteId, program } = context;
  if (!filter?.userIds) return criteriaFrom(program, filter, null);
  refuseLongLists(filter);
  const members = await store.reads.membersByUserId(siteId, trimmed(filter.userIds) ?? []);
  return criteriaFrom(
    program,
    filter,
    members.map(({ id }) => id),
  );
}

function refuseLongLists({ orderIds, userIds, productIds, storeIds, sources }: OrderFilterInput): void {
  for (const [name, list] of Object.entries({ orderIds, userIds, productIds, storeIds, sources }))
    if (list && list.length > longestList)
      throw refusalError('INVALID_INPUT', ['filter', name], `Expected at most ${longestList} values, not ${list.length}.`);
}

/** The criteria of a filter whose user ids were looked up: the ids of those members, null when it has no user ids. */
export function criteriaFrom(
  program: Program,
  filter: OrderFilterInput | null | undefined,
  memberIds: readonly string[] | null,
): OrderCriteria {
  if (!filter) return {};
  refuseLongLists(filter);
  const { orderIds, statuses, allowedActions, productIds, storeIds, sources, orderDate, updatedAt, total, hasHeldPoints } = filter;
  return withoutUndefined({
    orderIds: trimmed(orderIds),
    memberIds: memberIds ?? undefined,
    statuses: statuses ?? undefined,
    actions: allowedActions ?? undefined,
    held: hasHeldPoints ?? undefined,
    productIds: trimmed(productIds),
    storeIds: trimmed(storeIds),
    sources: trimmed(sources),
    orderDate: orderDate
      ? withoutUndefined({
          from: instant(orderDate.from, ['orderDate', 'from']),
          before: instant(orderDate.before, ['orderDate', 'before']),
        })
      : undefined,
    updatedAt: updatedAt
      ? withoutUndefined({
          from: instant(updatedAt.from, ['updatedAt', 'from']),
          before: instant(updatedAt.before, ['updatedAt', 'before']),
        })
      : undefined,
    total: total ? withoutUndefined({ from: amount(program, total.min, 'min'), to: amount(program, total.max, 'max') }) : undefined,
  });
}

function instant(text: string | null | undefined, path: readonly string[]): number | undefined {
  if (text === null || text === undefined) return undefined;
  const parsed = parseInstant(text);
  if (parsed === null)
    throw refusalError(
      'INVALID_INPUT',
      ['filter', ...path],
      'Expected a date and time with an offset, such as "2026-11-24T09:30:00-08:00".',
    );
  return parsed;
}

/** A bound in minor units: the least rounds up and the most down, so that both keep what lies within. */
function amount({ currencyDigits }: Program, text: string | null | undefined, end: 'min' | 'max'): number | undefined {
  if (text === null || text === undefined) return undefined;
  const parsed = parseDecimal(text);
  if (parsed === null) throw refusalError('INVALID_INPUT', ['filter', 'total', end], 'Expected a decimal number, such as "12.34".');
  const size = { units: parsed.units < 0n ? -parsed.units : parsed.units, scale: parsed.scale };
  const isUp = (end === 'min') === parsed.units >= 0n;
  const minor = roundTo(size, currencyDigits, isUp ? 'CEILING' : 'FLOOR');
  const bounded = Number(minor > BigInt(maximumBalance) ? BigInt(maximumBalance) : minor);
  return parsed.units < 0n ? 0 - bounded : bounded;
}
