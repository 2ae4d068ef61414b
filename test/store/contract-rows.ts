// Rows for the contract of the store: plain values, written by changes that are made by hand.
import type { Change, OrderEvent, PointsEntry, SpendAdjustment } from '../../src/domain/change.ts';
import type { LineItem } from '../../src/domain/line-item.ts';
import type { Lot } from '../../src/domain/lot.ts';
import type { Member, MemberLink } from '../../src/domain/member.ts';
import type { Order } from '../../src/domain/order.ts';
import type { OrderDecision } from '../../src/domain/order-command.ts';
import type { OrderScope, OrderWork, Store } from '../../src/store/store.ts';

export const site = 'Söite';
export const largest = Number.MAX_SAFE_INTEGER;
/** Before 1970. */
export const longAgo = Date.parse('1931-05-06T07:08:09.123Z');
export const now = Date.parse('2026-11-24T12:00:00Z');

/** In the order of their bytes, which is nobody's alphabet. */
export const oddIds = ['"', '%', "'", 'A', 'Z', '\\', '_', 'a', 'x'.repeat(128), 'z', 'É', 'ß', 'é', 'Ω', '漢', '\uffff', '😀'];

export const memberRow = (id: string, values: Partial<Member> = {}): Member => ({
  id, siteId: site, userId: `user ${id}`, email: null, firstName: null, lastName: null, status: 'ACTIVE', optedIn: true, available: 0, held: 0, used: 0,
  expired: 0, lifetime: 0, debt: 0, totalSpendMinor: 0, entryCount: 0, dueAt: null, revision: 1, createdAt: now, updatedAt: now, ...values,
}); // biome-ignore format: a list of values

export const orderRow = (id: string, memberId: string, values: Partial<Order> = {}): Order => ({
  id, siteId: site, orderId: `order ${id}`, memberId, creditedToId: memberId, primaryId: null, orderDate: now, createdShipped: false, programVersion: 1,
  maximumPoints: null, adjustmentRatio: '1', adjustmentRounding: 'FLOOR', totalMinor: 100, discountMinor: 0, coupons: [], storeId: null, source: null,
  attributes: null, adjustmentMinor: 0, adjustmentPoints: 0, adjustedPoints: 0, pointsAwarded: 0, pointsRemoved: 0, heldPoints: 0, releaseAt: null,
  redeemedPoints: 0, redeemedReturned: 0, createdLines: 1, retainedPoints: 0, currentTotalMinor: 100, spendMinor: 100, workflow: 5, version: 1,
  eventCount: 1, lineCount: 1, content: 'content', createdAt: now, updatedAt: now, ...values,
}); // biome-ignore format: a list of values

export const lineRow = (orderId: string, position: number, values: Partial<LineItem> = {}): LineItem => ({
  orderId, position, productId: 'p', lineKey: null, quantity: 1, shipped: 0, cancelled: 0, returned: 0, unitPriceMinor: 100, discountMinor: 0,
  discountShareMinor: 0, categoryId: null, categoryName: null, name: null, description: null, url: null, imageUrl: null, coupon: null, autoDelivery: false,
  estimatedShipDate: null, firstShippedAt: null, lastShippedAt: null, acceptedAt: now, matured: 0, waiting: [], pointsAwarded: 0, pointsRemoved: 0,
  rule: { programVersion: 1, tier: null, rounding: 'FLOOR', pointsBase: 'NET', pointsScale: 0, currencyDigits: 2, barred: null, flat: null, factors: [] },
  orderDate: now, ...values,
}); // biome-ignore format: a list of values

export const eventRow = (orderId: string, sequence: number, values: Partial<OrderEvent> = {}): OrderEvent => ({
  orderId, sequence, type: 'CREATED', actor: 'tests', reason: null, occurredAt: now, recordedAt: now, lines: [], ...values,
}); // biome-ignore format: a list of values

export const entryRow = (memberId: string, sequence: number, orderId: string, values: Partial<PointsEntry> = {}): PointsEntry => ({
  memberId, sequence, orderId, position: 1, eventSequence: 1, adjustmentId: null, type: 'EARN', points: 5, available: 5, held: 0, debt: 0, uncollected: 0,
  availableAfter: 5, heldAfter: 0, debtAfter: 0, actor: 'tests', reason: null, expiresAt: null, occurredAt: now, recordedAt: now, ...values,
}); // biome-ignore format: a list of values

export const lotRow = (memberId: string, sequence: number, orderId: string, values: Partial<Lot> = {}): Lot => ({
  memberId, sequence, orderId, points: 5, remaining: 5, expired: 0, availableAt: now, expiresAt: largest, ...values,
}); // biome-ignore format: a list of values

export const adjustmentRow = (id: string, orderId: string, memberId: string, values: Partial<SpendAdjustment> = {}): SpendAdjustment => ({
  id, orderId, memberId, eventSequence: 1, type: 'CREDIT', amountMinor: 1, reason: 'none', adjustedBy: 'tests', points: 0, tierBefore: null, tierAfter: null,
  createdAt: now, ...values,
}); // biome-ignore format: a list of values

export const linkRow = (primaryId: string, secondaryId: string, values: Partial<MemberLink> = {}): MemberLink => ({
  id: `${primaryId}>${secondaryId}`, siteId: site, primaryId, secondaryId, startedAt: now, endedAt: null, ...values,
}); // biome-ignore format: a list of values

/** What is asked for to decide on an order. */
export const scopeOf = (values: Partial<OrderScope> = {}): OrderScope => ({
  siteId: site, orderId: null, at: now, spendAt: null, takes: null, ...values,
}); // biome-ignore format: a list of values

/** An accepted decision that writes these changes. */
export const accepts = (changes: readonly Change[], order: Order, credited: Member): OrderDecision => ({
  kind: 'ACCEPTED',
  changes,
  result: {
    order, lines: [], credited, pointsAwarded: 0, pointsRemoved: 0, adjustmentId: null, adjustment: null, replayed: false, changed: true,
  }, // biome-ignore format: a list of values
});

export const refusal = { kind: 'INPUT', code: 'ORDER_NOT_FOUND', message: 'No.', path: ['input'] } as const;

/** Work that writes these changes, whatever it finds. */
export const workOf = (changes: readonly Change[], order: Order, credited: Member, scope: Partial<OrderScope> = {}): OrderWork => ({
  scope: scopeOf(scope),
  decide: () => accepts(changes, order, credited),
});

/** Enrolls a member. */
export async function enroll(store: Store, member: Member): Promise<void> {
  const scope = { siteId: member.siteId, userId: member.userId, primaryUserId: null };
  await store.commitMember(scope, () => ({ kind: 'ACCEPTED', changes: [{ kind: 'MEMBER_ENROLLED', member }], result: { member } }));
}

/** Writes changes that belong to an order of a member. */
export const write = (store: Store, order: Order, member: Member, changes: readonly Change[]) =>
  store.commit([workOf(changes, order, member, { siteId: order.siteId })], 'ALL');
