// Kinds of damage to what is held and planned: goods, releases, the members that the sweep looks up, clocks, events of releases.
import { ann, bob, type Damage, due, memberId, ofOrder, orderId, setEntryOf, setLot, setOrderOf, setUser } from './damage.ts';

const setLine = (id: string, values: string) => `update line_items set ${values} where order_id = ${orderId(id)}`;
const waiting = (...portions: readonly (readonly [quantity: number, dueAt: number])[]) =>
  `waiting = '${JSON.stringify(portions.map(([quantity, dueAt]) => ({ quantity, dueAt })))}'`;

const goodsDamages: readonly Damage[] = [
  {
    name: 'held points that the lines do not hold',
    sql: setOrderOf('s-5', 'held_points = 99'),
    lines: [
      `${bob}: held against its orders is 110, expected 109.`,
      `${ofOrder('s-5')}: held_points against its lines is 99, expected 100.`,
      `${ofOrder('s-5')}: held_points against its entries is 99, expected 100.`,
    ],
  },
  {
    name: 'more matured than is kept',
    sql: setLine('s-3', 'matured = 3'),
    lines: [`${ofOrder('s-3')}, line 1: matured and waiting are 3 together, expected at most 2, the kept quantity.`],
  },
  {
    name: 'matured goods below zero',
    sql: setLine('s-6', 'matured = -1'),
    lines: [
      `${ofOrder('s-6')}, line 1: matured is -1, expected 0 or more.`,
      `${ofOrder('s-6')}: held_points against its lines is 10, expected 20.`,
    ],
  },
  {
    name: 'more waiting than is kept',
    sql: setLine('s-5', waiting([2, due])),
    lines: [`${ofOrder('s-5')}, line 1: matured and waiting are 2 together, expected at most 1, the kept quantity.`],
  },
  {
    name: 'a portion of nothing',
    sql: setLine('s-5', waiting([0, due - 1], [1, due])),
    lines: [`${ofOrder('s-5')}, line 1: a waiting quantity is not above 0.`],
  },
  {
    name: 'portions out of order',
    sql: `${setLine('s-5', `quantity = 2, shipped = 2, unit_price_minor = 5000, ${waiting([1, due + 1], [1, due])}`)}`,
    lines: [`${ofOrder('s-5')}, line 1: what waits is not in the order of its instants.`],
  },
  {
    name: 'goods that nobody waits for',
    sql: setLine('s-5', waiting()),
    lines: [`${ofOrder('s-5')}: release_at is ${due}, expected null.`],
  },
  {
    name: 'goods held without a hold',
    sql: setLine('o-2', 'matured = matured - 1'),
    lines: [
      'Site demo, order o-2: held_points against its lines is 0, expected 80.',
      'Site demo, order o-2, line 1: matured without a hold is 2, expected 3.',
      'Site demo, order o-2, line 2: matured without a hold is 0, expected 1.',
    ],
  },
  {
    name: 'lines that it was not placed with',
    sql: setOrderOf('s-5', 'created_lines = 2'),
    lines: [`${ofOrder('s-5')}: created_lines is 2, expected 1 to 1.`],
  },
  {
    name: 'no lines that it was placed with',
    sql: setOrderOf('s-5', 'created_lines = 0'),
    lines: [`${ofOrder('s-5')}: created_lines is 0, expected 1 to 1.`],
  },
  {
    name: 'a release of nothing',
    sql: setOrderOf('s-4', 'release_at = 1'),
    lines: [`${ofOrder('s-4')}: release_at is 1, expected null.`, `${bob}, order s-4: has no row in order_releases at 1, its release_at.`],
  },
  {
    name: 'a program version that is not there',
    sql: setOrderOf('s-5', 'program_version = 9'),
    lines: [
      'Row of orders with site_id shop, id ID: there are no programs for site_id shop, program_version 9.',
      `${ofOrder('s-5')}: could not be read: …`,
    ],
  },
];

const dueDamages: readonly Damage[] = [
  {
    name: 'an order that no sweep would release',
    sql: 'delete from order_releases',
    lines: [`${bob}, order s-5: has no row in order_releases at ${due}, its release_at.`],
  },
  {
    name: 'a release at another instant',
    sql: 'update order_releases set due_at = due_at + 1',
    lines: [
      `${bob}, order s-5: has a row in order_releases at ${due + 1} that is not its release_at.`,
      `${bob}, order s-5: has no row in order_releases at ${due}, its release_at.`,
    ],
  },
  {
    name: 'a release of no order',
    sql: `update order_releases set order_id = 'nowhere'`,
    lines: [
      `Row of order_releases with site_id shop, member_id ID, due_at ${due}, order_id nowhere: there are no orders for site_id shop, order_id nowhere.`,
      `${bob}, order nowhere: has a row in order_releases at ${due} that is not its release_at.`,
      `${bob}, order s-5: has no row in order_releases at ${due}, its release_at.`,
    ],
  },
  {
    name: 'a release for another member',
    sql: `update order_releases set member_id = ${memberId('ann')}`,
    lines: [
      `${ann}, order s-5: has a row in order_releases at ${due} that is not its release_at.`,
      `${bob}, order s-5: has no row in order_releases at ${due}, its release_at.`,
      `${ann}: due_at is null, expected ${due} or earlier.`,
    ],
  },
  {
    name: 'a release of an order that holds nothing',
    sql: `insert into order_releases values ('shop', ${memberId('bob')}, 1900000000000, ${orderId('s-4')})`,
    lines: [`${bob}, order s-4: has a row in order_releases at 1900000000000 that is not its release_at.`],
  },
  {
    name: 'a member whom no sweep would find',
    sql: setUser('bob', 'due_at = null'),
    lines: [`${bob}: due_at is null, expected ${due} or earlier.`],
  },
  {
    name: 'a member whom the sweep would find too late',
    sql: setUser('bob', `due_at = ${due + 1}`),
    lines: [`${bob}: due_at is ${due + 1}, expected ${due} or earlier.`],
  },
  {
    name: 'a lot that expires unseen',
    sql: setLot('bob', 5, `expires_at = ${due - 1}`),
    lines: [`${bob}: due_at is ${due}, expected ${due - 1} or earlier.`],
  },
  {
    name: 'a clock that goes back',
    sql: `insert into sandbox_clocks values ('shop', -1)`,
    lines: ['Site shop: ahead_ms is -1, expected 0 or more.'],
  },
];

const eventDamages: readonly Damage[] = [
  {
    name: 'a release under an event of a command',
    sql: setEntryOf('ann', 2, 'event_sequence = 2'),
    lines: [
      `${ofOrder('s-1')}: number of entries under an event of another kind or none is 1, expected 0.`,
      `${ann}, number 4 of the outbox: the entries 2 to 2 are not its own.`,
    ],
  },
  {
    name: 'an entry under an event of another order',
    sql: setEntryOf('bob', 10, 'event_sequence = 4'),
    lines: [
      `${ofOrder('s-6')}: number of entries under an event of another kind or none is 1, expected 0.`,
      `${bob}, number 9 of the outbox: the entries 9 to 10 are not its own.`,
    ],
  },
  {
    name: 'a release that counts as a command',
    sql: setOrderOf('s-3', 'version = 3'),
    lines: [`${ofOrder('s-3')}: version is 3, expected 2.`],
  },
  {
    name: 'a release that is no event',
    sql: `delete from order_events where order_id = ${orderId('s-3')} and type = 'POINTS_RELEASED'`,
    lines: [
      `${ofOrder('s-3')}: event 3 follows 1, expected 2.`,
      `${ofOrder('s-3')}: number of entries under an event of another kind or none is 1, expected 0.`,
      `${ofOrder('s-3')}: event_count is 3, expected 2.`,
      `${bob}, number 3 of the outbox: order s-3 has no event 2.`,
    ],
  },
];

export const holdDamages = [...goodsDamages, ...dueDamages, ...eventDamages];
