// A member's points while a command or a settlement moves them: balances, lots and the entries that tell of it.
import type { Change, PointsEntry, PointsEntryType } from './change.ts';
import type { Instant } from './instant.ts';
import { inSpendingOrder, type Lot, neverExpires, type RedemptionPart } from './lot.ts';
import type { Member } from './member.ts';
import type { Program } from './program.ts';

/** What an entry says besides what it moves. */
export type EntryText = Pick<PointsEntry, 'position' | 'eventSequence' | 'adjustmentId' | 'type' | 'reason' | 'occurredAt'> & {
  readonly orderId: string;
};
/** Points in units of the scale, signed: what the event was worth, and what of it is available and held. */
export type Movement = { readonly points: number; readonly available: number; readonly held: number };
/** A movement's way through the wallet: when its points became available and expire, and what happens when they are missing. */
type Terms = { readonly availableAt: Instant; readonly expiresAt: Instant; readonly debtPolicy: Program['debtPolicy'] };
type Opening = { readonly member: Member; readonly lots: readonly Lot[]; readonly at: Instant; readonly actor: string };
type Effects = Pick<PointsEntry, 'points' | 'available' | 'held' | 'debt' | 'uncollected'>;

/** The entries that count as earned for ever. */
const earningTypes: readonly PointsEntryType[] = ['EARN', 'RELEASE', 'CORRECTION', 'SPEND_ADJUSTMENT'];

export type Wallet = ReturnType<typeof openWallet>;

/**
 * Opens a member's wallet. What is moved in it is posted in that order; `changes` has all of it at the end. The lots must be
 * all that can be reached: those of the orders concerned, and the next to be spent.
 */
export function openWallet({ member, lots, at, actor }: Opening) {
  let now = member;
  let missing = 0;
  const entries: PointsEntry[] = [];
  const stored = new Map(lots.map((lot) => [lot.sequence, lot]));
  const kept = new Map(stored);
  const opened = new Map<string, number>();

  const enter = (text: EntryText, effects: Effects, expiresAt: Instant | null): void => {
    const earned = earningTypes.includes(text.type) ? Math.max(0, effects.available) + Math.max(0, 0 - effects.debt) : 0;
    const spent = text.type === 'REDEEM' || text.type === 'REDEEM_REVERSAL' ? 0 - effects.points : 0;
    now = {
      ...now,
      available: now.available + effects.available,
      held: now.held + effects.held,
      debt: now.debt + effects.debt,
      used: now.used + spent,
      expired: now.expired + (text.type === 'EXPIRE' ? 0 - effects.points : 0),
      lifetime: now.lifetime + earned,
      entryCount: now.entryCount + 1,
    };
    // Written out, not spread, for the reason that `newLine` gives.
    entries.push({
      memberId: member.id,
      sequence: now.entryCount,
      orderId: text.orderId,
      position: text.position,
      eventSequence: text.eventSequence,
      adjustmentId: text.adjustmentId,
      type: text.type,
      points: effects.points,
      available: effects.available,
      held: effects.held,
      debt: effects.debt,
      uncollected: effects.uncollected,
      availableAfter: now.available,
      heldAfter: now.held,
      debtAfter: now.debt,
      actor,
      reason: text.reason,
      expiresAt: expiresAt === neverExpires ? null : expiresAt,
      occurredAt: text.occurredAt,
      recordedAt: at,
    });
  };

  /** Puts points into the lot of an event of an order, which the event's first entry opens. */
  const deposit = ({ orderId, eventSequence }: EntryText, points: number, { availableAt, expiresAt }: Terms): void => {
    if (points === 0) return;
    const event = `${orderId} ${eventSequence}`;
    const sequence = opened.get(event) ?? now.entryCount + 1;
    opened.set(event, sequence);
    const lot = kept.get(sequence) ?? {
      memberId: member.id,
      sequence,
      orderId,
      points: 0,
      remaining: 0,
      expired: 0,
      availableAt,
      expiresAt,
    };
    kept.set(sequence, { ...lot, points: lot.points + points, remaining: lot.remaining + points });
  };

  /** Spends up to so many points of lots; answers what was taken of each. */
  const spend = (points: number, from: readonly Lot[]): readonly { readonly lot: Lot; readonly points: number }[] => {
    let left = points;
    const taken: { lot: Lot; points: number }[] = [];
    for (const lot of from) {
      const part = Math.min(left, lot.remaining);
      if (part === 0) continue;
      left -= part;
      kept.set(lot.sequence, { ...lot, remaining: lot.remaining - part });
      taken.push({ lot, points: part });
    }
    return taken;
  };
  const total = (taken: readonly { readonly points: number }[]): number => taken.reduce((sum, { points }) => sum + points, 0);

  /** Counts what has expired of an order's own lots, once. */
  const countExpired = (orderId: string, points: number): number => {
    let left = points;
    for (const lot of [...kept.values()].filter((one) => one.orderId === orderId).sort(inSpendingOrder)) {
      const part = Math.min(left, lot.expired);
      if (part > 0) kept.set(lot.sequence, { ...lot, expired: lot.expired - part });
      left -= part;
    }
    return points - left;
  };
  const spendable = (): readonly Lot[] => [...kept.values()].filter(({ remaining }) => remaining > 0).sort(inSpendingOrder);

  /** Takes available points back: the expired part of the order's own lots, those lots, other lots, then the debt policy. */
  const take = (orderId: string, points: number, policy: Terms['debtPolicy']): Pick<Effects, 'available' | 'debt' | 'uncollected'> => {
    const expired = countExpired(orderId, points);
    const lotsNow = spendable();
    const own = total(
      spend(
        points - expired,
        lotsNow.filter((lot) => lot.orderId === orderId),
      ),
    );
    const others = total(
      spend(
        points - expired - own,
        lotsNow.filter((lot) => lot.orderId !== orderId),
      ),
    );
    const short = points - expired - own - others;
    if (policy === 'REFUSE') missing += short;
    return { available: 0 - own - others, debt: policy === 'ALLOW' ? short : 0, uncollected: expired + (policy === 'CLAMP' ? short : 0) };
  };

  return {
    /** Posts what an event moved: points that become available repay debt first, points that go are taken from lots. */
    move(text: EntryText, movement: Movement, terms: Terms): void {
      if (movement.available < 0) {
        enter(text, { ...movement, ...take(text.orderId, 0 - movement.available, terms.debtPolicy) }, null);
        return;
      }
      const repaid = Math.min(now.debt, movement.available);
      const left = movement.available - repaid;
      deposit(text, left, terms);
      enter(text, { ...movement, available: left, debt: 0 - repaid, uncollected: 0 }, left > 0 ? terms.expiresAt : null);
    },
    /** Spends available points on an order. There must be as many. */
    redeem(text: EntryText, points: number): readonly RedemptionPart[] {
      const parts = spend(points, spendable());
      enter(text, { points: 0 - points, available: 0 - points, held: 0, debt: 0, uncollected: 0 }, null);
      return parts.map(({ lot, points: taken }, index) => ({
        orderId: text.orderId,
        sequence: index + 1,
        memberId: member.id,
        lotSequence: lot.sequence,
        points: taken,
        returned: 0,
      }));
    },
    /** Gives spent points back to their lots, the one spent last first, after debt is repaid. Answers the parts that changed. */
    giveBack(text: EntryText, points: number, parts: readonly RedemptionPart[]): readonly RedemptionPart[] {
      const repaid = Math.min(now.debt, points);
      const changed: RedemptionPart[] = [];
      let [left, debt] = [points, repaid];
      for (const part of parts.toReversed()) {
        const back = Math.min(left, part.points - part.returned);
        if (back === 0) continue;
        left -= back;
        changed.push({ ...part, returned: part.returned + back });
        const lot = kept.get(part.lotSequence);
        if (!lot) throw new Error(`Lot ${part.lotSequence} of ${member.id} was not read.`);
        kept.set(lot.sequence, { ...lot, remaining: lot.remaining + back - Math.min(debt, back) });
        debt -= Math.min(debt, back);
      }
      enter(text, { points, available: points - repaid, held: 0, debt: 0 - repaid, uncollected: 0 }, null);
      return changed;
    },
    /** The next expiry among the lots with something left; `neverExpires` for none. */
    nextExpiry: (): Instant => spendable()[0]?.expiresAt ?? neverExpires,
    /** Expires every lot that is due by an instant. */
    expire(until: Instant): void {
      for (const lot of spendable().filter(({ expiresAt }) => expiresAt <= until)) {
        kept.set(lot.sequence, { ...lot, remaining: 0, expired: lot.expired + lot.remaining });
        const text = { position: null, eventSequence: null, adjustmentId: null, type: 'EXPIRE', reason: null } as const;
        const gone = 0 - lot.remaining;
        enter(
          { ...text, orderId: lot.orderId, occurredAt: lot.expiresAt },
          { points: gone, available: gone, held: 0, debt: 0, uncollected: 0 },
          lot.expiresAt,
        );
      }
    },
    /** What a take-back could not collect under the policy REFUSE. */
    missing: (): number => missing,
    /** The member with the balances moved so far. */
    member: (): Member => now,
    entries: (): readonly PointsEntry[] => entries,
    /** Lots and entries to be written. */
    changes(): readonly Change[] {
      const moved = [...kept.values()].filter((lot) => stored.get(lot.sequence) !== lot);
      return [
        ...moved.map((lot): Change => ({ kind: stored.has(lot.sequence) ? 'LOT_CHANGED' : 'LOT_ADDED', lot })),
        ...entries.map((entry): Change => ({ kind: 'ENTRY_POSTED', entry })),
      ];
    },
  };
}
