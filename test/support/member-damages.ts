// Kinds of damage to the balances and entries of m-1 in the site "demo".
import { type Damage, memberId, orderId } from './damage.ts';

const one = 'Site demo, order o-1';
const two = 'Site demo, order o-2';
const member = 'Site demo, member m-1';

const setMember = (values: string) => `update members set ${values} where user_id = 'm-1'`;
const setEntry = (sequence: number, values: string) =>
  `update points_entries set ${values} where member_id = ${memberId('m-1')} and sequence = ${sequence}`;

/** A column of m-1 that is moved away from what its entries add up to. */
const balance = (column: string, value: number, expected: number, checks: readonly string[] = [column]): Damage => ({
  name: `a wrong ${column} of a member`,
  sql: setMember(`${column} = ${value}`),
  lines: checks.map((check) => `${member}: ${check} is ${value}, expected ${expected}.`),
});

const balanceDamages: readonly Damage[] = [
  balance('available', 429, 430, ['available against its entries', 'available against its lots']),
  balance('held', 1, 0, ['held against its entries', 'held against its orders']),
  balance('used', 1, 0),
  balance('expired', 1, 0),
  balance('lifetime', 549, 550),
  balance('entry_count', 4, 5),
  balance('total_spend_minor', 1, 39_612),
  {
    name: 'debt beside available points',
    sql: setMember('debt = 1'),
    lines: [`${member}: debt is 1, expected 0.`, `${member}: available is 430 and debt 1, expected one of them to be 0.`],
  },
  {
    name: 'a negative balance',
    sql: setMember('available = -1'),
    lines: [
      `${member}: available against its entries is -1, expected 430.`,
      `${member}: available against its lots is -1, expected 430.`,
      `${member}: available is -1, expected 0 or more.`,
    ],
  },
];

const entryDamages: readonly Damage[] = [
  {
    name: 'a gap in the entries',
    sql: setEntry(5, 'sequence = 6'),
    lines: [`${member}, entry 6: sequence is 6, expected 5.`, `${member}, number 5 of the outbox: the entries 5 to 5 are not its own.`],
  },
  ...(['available', 'held', 'debt'] as const).map(
    (column): Damage => ({
      name: `a wrong ${column}_after`,
      sql: setEntry(5, `${column}_after = 77`),
      lines: [
        `${member}, entry 5: ${column}_after is 77, expected ${column === 'available' ? 430 : 0}.`,
        ...(column === 'debt' ? [`${member}, entry 5: available_after is 430 and debt_after 77, expected one of them to be 0.`] : []),
      ],
    }),
  ),
  {
    name: 'nominal points of an entry that it did not move',
    sql: setEntry(2, 'points = 399'),
    lines: [`${member}, entry 2: points is 399, expected 400.`, `${one}: retained_points against its entries is 430, expected 429.`],
  },
  {
    name: 'moved points of an entry',
    sql: setEntry(2, 'available = 399'),
    lines: [
      `${member}, entry 2: available_after is 500, expected 499.`,
      `${member}, entry 2: points is 400, expected 399.`,
      `${member}: available against its entries is 430, expected 429.`,
      `${member}: lifetime is 550, expected 549.`,
    ],
  },
  {
    name: "an entry under another member's order",
    sql: setEntry(5, `order_id = ${orderId('o-2')}`),
    lines: [
      `${one}: retained_points against its entries is 430, expected 450.`,
      `${two}: retained_points against its entries is 180, expected 160.`,
      `${two}: number of entries of members whom it is not credited to is 1, expected 0.`,
      `${member}, number 5 of the outbox: the entries 5 to 5 are not its own.`,
    ],
  },
];

export const memberDamages = [...balanceDamages, ...entryDamages];
