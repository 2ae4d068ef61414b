// Kinds of damage to balances, lots and redemptions.
import { ann, bob, type Damage, memberId, ofOrder, orderId, setEntryOf, setLot, setOrderOf, setUser } from './damage.ts';

const setPart = (id: string, values: string) => `update redemption_parts set ${values} where order_id = ${orderId(id)}`;

const balanceDamages: readonly Damage[] = [
  { name: 'debt that no entry tells of', sql: setUser('ann', 'debt = 36'), lines: [`${ann}: debt is 36, expected 35.`] },
  { name: 'points that were redeemed', sql: setUser('ann', 'used = 120'), lines: [`${ann}: used is 120, expected 60.`] },
  { name: 'points that expired', sql: setUser('bob', 'expired = 200'), lines: [`${bob}: expired is 200, expected 300.`] },
  {
    name: 'lifetime without the release that repaid debt',
    sql: setUser('ann', 'lifetime = 200'),
    lines: [`${ann}: lifetime is 200, expected 225.`],
  },
  {
    name: 'held points of no order',
    sql: setUser('bob', 'held = 111'),
    lines: [`${bob}: held against its entries is 111, expected 110.`, `${bob}: held against its orders is 111, expected 110.`],
  },
  {
    name: 'a release that made less available than it took off hold',
    sql: setEntryOf('ann', 2, 'points = 199, held = -199, held_after = 201'),
    lines: [
      `${ann}, entry 2: points against what became available is 199, expected 200.`,
      `${ann}, entry 3: held_after is 200, expected 201.`,
      `${ann}: held against its entries is 0, expected 1.`,
      `${ofOrder('s-1')}: held_points against its entries is 0, expected 1.`,
    ],
  },
  {
    name: 'a release of more than was held',
    sql: setEntryOf('ann', 9, 'points = 26'),
    lines: [
      `${ann}, entry 9: points against what became available is 26, expected 25.`,
      `${ann}, entry 9: points against what is held no longer is 26, expected 25.`,
    ],
  },
  {
    name: 'an uncollected part below zero',
    sql: setEntryOf('bob', 4, 'uncollected = -100, points = 100'),
    lines: [
      `${bob}, entry 4: uncollected is -100, expected 0 or more.`,
      `${ofOrder('s-3')}: retained_points against its entries is 200, expected 400.`,
    ],
  },
  {
    name: 'debt beside available points after an entry',
    sql: setEntryOf('ann', 9, 'available_after = 1'),
    lines: [
      `${ann}, entry 9: available_after is 1, expected 0.`,
      `${ann}, entry 9: available_after is 1 and debt_after 35, expected one of them to be 0.`,
    ],
  },
  {
    name: 'a negative balance after an entry',
    sql: setEntryOf('ann', 9, 'held_after = -1'),
    lines: [`${ann}, entry 9: held_after is -1, expected 0.`, `${ann}, entry 9: held_after is -1, expected 0 or more.`],
  },
];

const ownDamages: readonly Damage[] = [
  {
    name: 'lots that do not add up to what is available',
    sql: setLot('bob', 5, 'remaining = 174'),
    lines: [`${bob}: available against its lots is 175, expected 174.`],
  },
  {
    name: 'a lot with more than it had',
    sql: setLot('bob', 5, 'points = 100'),
    lines: [`${bob}, lot 5: remaining is 175 and expired 0, expected at most 100 together.`],
  },
  { name: 'an empty lot', sql: setLot('ann', 2, 'points = 0'), lines: [`${ann}, lot 2: points is 0, expected more than 0.`] },
  {
    name: 'a lot below zero',
    sql: setLot('ann', 2, 'remaining = -1'),
    lines: [`${ann}: available against its lots is 0, expected -1.`, `${ann}, lot 2: remaining is -1, expected 0 or more.`],
  },
  {
    name: 'a negative expired part of a lot',
    sql: setLot('bob', 5, 'expired = -1'),
    lines: [`${bob}, lot 5: expired is -1, expected 0 or more.`],
  },
  {
    name: 'a lot with more expired than its entries say',
    sql: setLot('bob', 2, 'points = 400, expired = 301'),
    lines: [`${ofOrder('s-3')}: expired of its lots is 301, expected at most 300, as its entries say.`],
  },
  {
    name: 'a lot that expires before it is available',
    sql: setLot('ann', 2, 'expires_at = available_at - 1'),
    lines: [`${ann}, lot 2: expires_at is 1796385599999, expected 1796385600000, its available_at, or later.`],
  },
  {
    name: 'a lot of no entry',
    sql: setLot('ann', 2, 'sequence = 12'),
    lines: [
      'Row of redemption_parts with site_id shop, order_id ID, sequence 1: there are no points_lots for site_id shop, member_id ID, lot_sequence 2.',
      `${ann}, lot 12: no entry of the member and order s-1 has its sequence.`,
    ],
  },
  {
    name: "a lot of another member's order",
    sql: setLot('ann', 2, `order_id = ${orderId('s-3')}`),
    lines: [
      `${ann}, lot 2: no entry of the member and order s-3 has its sequence.`,
      `${ann}, lot 2: order s-3 is not credited to the member.`,
    ],
  },
];

const redemptionDamages: readonly Damage[] = [
  {
    name: 'redeemed points of an order',
    sql: setOrderOf('s-2', 'redeemed_points = 121'),
    lines: [
      `${ofOrder('s-2')}: redeemed_points against its entries is 121, expected 120.`,
      `${ofOrder('s-2')}: redeemed_points against its parts is 121, expected 120.`,
    ],
  },
  {
    name: 'redeemed points given back to an order',
    sql: setOrderOf('s-2', 'redeemed_returned = 59'),
    lines: [
      `${ofOrder('s-2')}: redeemed_returned against its entries is 59, expected 60.`,
      `${ofOrder('s-2')}: redeemed_returned against its parts is 59, expected 60.`,
    ],
  },
  {
    name: 'what was taken of a lot',
    sql: setPart('s-6', 'points = 51'),
    lines: [`${ofOrder('s-6')}: redeemed_points against its parts is 50, expected 51.`],
  },
  {
    name: 'what was given back to a lot',
    sql: setPart('s-6', 'returned = 24'),
    lines: [`${ofOrder('s-6')}: redeemed_returned against its parts is 25, expected 24.`],
  },
  {
    name: 'more given back than was taken',
    sql: setPart('s-6', 'points = 24'),
    lines: [
      `${ofOrder('s-6')}, part 1 of its redemption: returned is 25, expected 0 to 24.`,
      `${ofOrder('s-6')}: redeemed_points against its parts is 50, expected 24.`,
    ],
  },
  {
    name: 'less than nothing given back',
    sql: setPart('s-6', 'returned = -1'),
    lines: [
      `${ofOrder('s-6')}, part 1 of its redemption: returned is -1, expected 0 to 50.`,
      `${ofOrder('s-6')}: redeemed_returned against its parts is 25, expected -1.`,
    ],
  },
  {
    name: 'nothing taken',
    sql: setPart('s-6', 'points = 0, returned = 0'),
    lines: [
      `${ofOrder('s-6')}, part 1 of its redemption: points is 0, expected more than 0.`,
      `${ofOrder('s-6')}: redeemed_points against its parts is 50, expected 0.`,
      `${ofOrder('s-6')}: redeemed_returned against its parts is 25, expected 0.`,
    ],
  },
  {
    name: 'a part of a redemption that is missing',
    sql: setPart('s-6', 'sequence = 2'),
    lines: [`${ofOrder('s-6')}: part of its redemption 2 follows 0, expected 1.`],
  },
  {
    name: "a part of somebody else's lots",
    sql: setPart('s-6', `member_id = ${memberId('ann')}, lot_sequence = 2`),
    lines: [`${ofOrder('s-6')}, part 1 of its redemption: member_id is ID, expected ID.`],
  },
  {
    name: 'an entry of a redemption',
    sql: setEntryOf('ann', 3, `type = 'EXPIRE'`),
    lines: [
      `${ann}: used is 60, expected -60.`,
      `${ann}: expired is 0, expected 120.`,
      `${ofOrder('s-2')}: redeemed_points against its entries is 120, expected 0.`,
    ],
  },
  {
    name: 'an entry of a reversal',
    sql: setEntryOf('bob', 9, `type = 'RELEASE'`),
    lines: [
      `${bob}, entry 9: points against what is held no longer is 25, expected 0.`,
      `${bob}: used is 25, expected 50.`,
      `${bob}: lifetime is 500, expected 525.`,
      `${ofOrder('s-6')}: redeemed_returned against its entries is 25, expected 0.`,
      `${ofOrder('s-6')}: number of entries under an event of another kind or none is 1, expected 0.`,
    ],
  },
];

export const lotDamages = [...balanceDamages, ...ownDamages, ...redemptionDamages];
