// The history of a site of the access tests: a household whose members come and go, and strangers beside it.
import type { Teller } from './teller.ts';

/** Who plays which part. */
export type Cast = {
  readonly primary: string;
  /** The primary's secondary member now. */
  readonly secondary: string;
  /** Was the primary's secondary member, and is now that of `next`. */
  readonly former: string;
  readonly next: string;
  readonly stranger: string;
};

type Stage = { readonly teller: Teller; readonly cast: Cast };
type Chapter = { readonly at: string; readonly tell: (stage: Stage) => Promise<void> };

const tiers = {
  period: 'LIFETIME',
  levels: [
    { name: 'Bronze', minimumSpend: '0', ratio: '1' },
    { name: 'Silver', minimumSpend: '300', ratio: '1.5' },
    { name: 'Gold', minimumSpend: '5000', ratio: '2' },
  ],
};
const rules = { tiers, expiryDays: 90 };
const pooled = { ...rules, secondaryMembers: { earnForPrimary: true } };
const shipped = { status: 'SHIPPED' };

/** What happens in the given order, at the given times. */
export const chapters: readonly Chapter[] = [
  {
    at: '2026-01-10T12:00:00Z',
    async tell({ teller, cast: { primary, secondary, former, next, stranger } }) {
      await teller.program(rules);
      for (const userId of [primary, next, stranger]) await teller.enroll(userId);
      for (const userId of [secondary, former]) await teller.enroll(userId, primary);
    },
  },
  {
    // Everybody earns for themself.
    at: '2026-01-11T12:00:00Z',
    async tell({ teller, cast: { primary, secondary, former, stranger } }) {
      await teller.order(
        'primary-1',
        primary,
        [
          [3, 100],
          [2, 50],
          [1, 20],
        ],
        shipped,
      );
      await teller.order(
        'secondary-own',
        secondary,
        [
          [2, 60],
          [2, 30],
        ],
        shipped,
      );
      await teller.order('former-own', former, [[2, 40]], shipped);
      await teller.order(
        'stranger-1',
        stranger,
        [
          [2, 200],
          [1, 10],
        ],
        shipped,
      );
      await teller.update('primary-1', 'RETURN', 1, 1);
      await teller.add('primary-1', 4);
      await teller.correct('primary-1', 2, 45);
      await teller.adjust('primary-1', 'CREDIT', 30);
      await teller.adjust('secondary-own', 'CREDIT', 25);
      await teller.adjust('stranger-1', 'DEBIT', 5);
    },
  },
  {
    // Secondary members earn for their primary, on hold.
    at: '2026-01-20T12:00:00Z',
    async tell({ teller, cast: { secondary, former } }) {
      await teller.program({ ...pooled, hold: { type: 'ORDER_DATE', days: 14 } });
      await teller.order(
        'secondary-pooled',
        secondary,
        [
          [2, 70],
          [1, 35],
        ],
        shipped,
      );
      await teller.order('former-pooled', former, [
        [3, 25],
        [1, 5],
      ]);
      await teller.update('former-pooled', 'SHIP', 1, 2);
      await teller.update('former-pooled', 'CANCEL', 1, 1);
    },
  },
  {
    at: '2026-02-10T12:00:00Z',
    async tell({ teller, cast: { former, next } }) {
      await teller.leave(former);
      await teller.join(next, former);
      await teller.order(
        'former-next',
        former,
        [
          [2, 80],
          [1, 8],
        ],
        shipped,
      );
      await teller.adjust('former-next', 'CREDIT', 12);
      await teller.adjust('secondary-pooled', 'CREDIT', 40);
      await teller.adjust('former-pooled', 'DEBIT', 3);
      await teller.update('secondary-pooled', 'RETURN', 1, 1);
    },
  },
  {
    // Nobody earns for another again, and nothing is held.
    at: '2026-02-20T12:00:00Z',
    async tell({ teller, cast: { primary, secondary, next, stranger } }) {
      await teller.program(rules);
      await teller.order('primary-redeems', primary, [[2, 90]], { ...shipped, redeemPoints: '50' });
      await teller.update('primary-redeems', 'RETURN', 1, 1);
      await teller.order('secondary-alone', secondary, [[1, 33]], shipped);
      await teller.order('next-1', next, [[1, 44]], shipped);
      await teller.order('stranger-redeems', stranger, [[2, 55]], { ...shipped, redeemPoints: '20' });
    },
  },
  {
    // By now what was earned first has expired.
    at: '2026-05-01T12:00:00Z',
    async tell({ teller, cast: { primary, secondary, former, next, stranger } }) {
      await teller.program({ ...pooled, hold: { type: 'ORDER_DATE', days: 30 } });
      await teller.order('primary-held', primary, [[1, 66]]);
      await teller.order('secondary-held', secondary, [[2, 77]], shipped);
      await teller.order('former-held', former, [[1, 88]], shipped);
      await teller.order('next-held', next, [[1, 99]], shipped);
      await teller.order('stranger-held', stranger, [[1, 22]], shipped);
    },
  },
];

/** When the tests look at it. */
export const presentTime = '2026-05-03T12:00:00Z';
