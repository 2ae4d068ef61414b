// Kinds of damage to the database of doctor.test.ts, each with exactly the lines by which the doctor reports it; ID stands for an internal id.

import { type Damage, memberId, orderId } from './damage.ts';
import { holdDamages } from './hold-damages.ts';
import { lotDamages } from './lot-damages.ts';
import { memberDamages } from './member-damages.ts';
import { workDamages } from './work-damages.ts';

const one = 'Site demo, order o-1';
const member = 'Site demo, member m-1';

const setOrder = (values: string) => `update orders set ${values} where order_id = 'o-1'`;
const setLine = (values: string) => `update line_items set ${values} where order_id = ${orderId('o-1')} and position = 2`;
const ofEvent = (sequence: number) => `where order_id = ${orderId('o-1')} and sequence = ${sequence}`;
const link = (primary: string, secondary: string) =>
  `insert into member_links values ('demo', 'another', ${memberId(primary)}, ${memberId(secondary)}, 0, null)`;

const orderDamages: readonly Damage[] = [
  {
    name: 'points of an order that do not add up',
    sql: setOrder('points_awarded = 501'),
    lines: [`${one}: points_awarded + adjusted_points − points_removed is 431, expected 430.`],
  },
  {
    name: 'retained points that add up to something else',
    sql: setOrder('points_awarded = 501, retained_points = 431'),
    lines: [
      `${one}: retained_points against its lines is 431, expected 430.`,
      `${one}: retained_points against its entries is 431, expected 430.`,
    ],
  },
  {
    name: 'adjusted points',
    sql: setOrder('points_awarded = 499, adjusted_points = 31'),
    lines: [`${one}: adjusted_points is 31, expected 30.`],
  },
  {
    name: 'the points of an adjustment',
    sql: `update spend_adjustments set points = 49 where type = 'CREDIT'`,
    lines: [`${one}: adjusted_points is 30, expected 29.`],
  },
  { name: 'the net adjustment', sql: setOrder('adjustment_minor = 4000'), lines: [`${one}: spend_minor is 39612, expected 40612.`] },
  {
    name: 'a net debit beyond the lines',
    sql: setOrder('adjustment_minor = -40000'),
    lines: [`${one}: adjustment_minor is -40000, expected -36612.`, `${one}: spend_minor is 39612, expected 0.`],
  },
  {
    name: 'the points of the net adjustment',
    sql: setOrder('adjustment_points = 31'),
    lines: [`${one}: retained_points against its lines is 430, expected 431.`],
  },
  {
    name: 'held points of an order',
    sql: setOrder('held_points = 1'),
    lines: [
      `${member}: held against its orders is 0, expected 1.`,
      `${one}: held_points against its lines is 1, expected 0.`,
      `${one}: workflow is 54, expected 62.`,
      `${one}: held_points against its entries is 1, expected 0.`,
    ],
  },
  { name: 'the current total', sql: setOrder('current_total_minor = 1'), lines: [`${one}: current_total_minor is 1, expected 36612.`] },
  {
    name: 'the spend of an order',
    sql: setOrder('spend_minor = 39611'),
    lines: [
      `${member}: total_spend_minor is 39612, expected 39611.`,
      `${one}: spend_minor is 39611, expected 39612.`,
      `${one}: spend_minor in order_spend is 39612, expected 39611.`,
    ],
  },
  {
    name: 'a discount that is not spread',
    sql: setOrder('discount_minor = 3001'),
    lines: [`${one}: discount_minor is 3001, expected 3000.`],
  },
  { name: 'the workflow state', sql: setOrder('workflow = 55'), lines: [`${one}: workflow is 55, expected 54.`] },
  { name: 'the number of lines', sql: setOrder('line_count = 3'), lines: [`${one}: line_count is 3, expected 2.`] },
  { name: 'the version', sql: setOrder('version = 5'), lines: [`${one}: version is 5, expected 4.`] },
  { name: 'the number of events', sql: setOrder('event_count = 5'), lines: [`${one}: event_count is 5, expected 4.`] },
  {
    name: 'an order credited to a stranger',
    sql: setOrder(`credited_to_id = 'stranger'`),
    lines: [
      'Row of orders with site_id demo, id ID: there are no members for site_id demo, credited_to_id stranger.',
      `${member}: total_spend_minor is 39612, expected 0.`,
      `${member}, lot 1: order o-1 is not credited to the member.`,
      `${member}, lot 4: order o-1 is not credited to the member.`,
      `${one}: number of entries of members whom it is not credited to is 5, expected 0.`,
      `${one}: spend_minor in order_spend is 0, expected 39612.`,
      `${one}: is credited to member stranger, expected its buyer or the buyer's primary member.`,
      `${member}, order o-1: has a row in order_spend at 1795521600000 that is not of its member and date.`,
      ...[2, 3, 4, 5].map((number) => `${member}, number ${number} of the outbox: order o-1 is not credited to the member.`),
    ],
  },
];

const lineDamages: readonly Damage[] = [
  { name: 'a gap in the lines', sql: setLine('position = 3'), lines: [`${one}: line 3 follows 1, expected 2.`] },
  {
    name: 'quantities that cannot be',
    sql: setLine('shipped = 3'),
    lines: [`${one}, line 2: quantity 2, shipped 3, cancelled 0, returned 0 cannot be.`],
  },
  {
    name: 'a quantity that the figures do not know of',
    sql: setLine('returned = 1'),
    lines: [
      `${one}, line 2: matured and waiting are 2 together, expected at most 1, the kept quantity.`,
      `${one}, line 2: points_awarded − points_removed is 400, expected 200.`,
      `${one}: retained_points against its lines is 430, expected 230.`,
      `${one}: current_total_minor is 36612, expected 18306.`,
      `${one}: spend_minor is 39612, expected 21306.`,
      `${one}, line 2: matured without a hold is 2, expected 1.`,
    ],
  },
  {
    name: 'the points of a line',
    sql: setLine('points_awarded = 401'),
    lines: [`${one}, line 2: points_awarded − points_removed is 401, expected 400.`],
  },
  {
    name: 'the date of a line',
    sql: setLine('order_date = order_date + 1'),
    lines: [`${one}, line 2: order_date is 1795521600001, expected 1795521600000.`],
  },
  {
    name: 'a rule that cannot be read',
    sql: setLine(`rule = '{'`),
    lines: [`${one}: could not be read: …`],
  },
  {
    name: 'a negative price',
    sql: setLine('unit_price_minor = -1, returned = 2'),
    lines: [
      `${one}, line 2: unit_price_minor is -1, expected 0 or more.`,
      `${one}, line 2: matured and waiting are 2 together, expected at most 0, the kept quantity.`,
      `${one}, line 2: points_awarded − points_removed is 400, expected 0.`,
      `${one}: retained_points against its lines is 430, expected 0.`,
      `${one}: current_total_minor is 36612, expected 0.`,
      `${one}: spend_minor is 39612, expected 0.`,
      `${one}: workflow is 54, expected 64.`,
      `${one}, line 2: matured without a hold is 2, expected 0.`,
    ],
  },
  {
    name: 'negative discounts',
    sql: setLine('discount_minor = discount_minor + 3000, discount_share_minor = discount_share_minor - 3000'),
    lines: [`${one}, line 2: discount_share_minor is -612, expected 0 or more.`, `${one}: discount_minor is 3000, expected 0.`],
  },
];

const eventDamages: readonly Damage[] = [
  {
    name: 'a gap in the events',
    sql: `delete from order_events ${ofEvent(2)}`,
    lines: [
      `${one}: event 3 follows 1, expected 2.`,
      `${one}: number of entries under an event of another kind or none is 1, expected 0.`,
      `${one}: event_count is 4, expected 3.`,
      `${one}: version is 4, expected 3.`,
      `${member}, number 3 of the outbox: order o-1 has no event 2.`,
    ],
  },
  {
    name: 'a command that reads as a release',
    sql: `update order_events set type = 'POINTS_RELEASED' ${ofEvent(2)}`,
    lines: [`${one}: number of entries under an event of another kind or none is 1, expected 0.`, `${one}: version is 4, expected 3.`],
  },
  {
    name: 'an adjustment without its event',
    sql: `update order_events set type = 'CORRECTED' ${ofEvent(3)}`,
    lines: [`${one}: number of SPEND_ADJUSTED events is 1, expected 2.`],
  },
  {
    name: 'an event of no order',
    sql: `update order_events set order_id = 'nowhere' where order_id = ${orderId('o-3')} and sequence = 2`,
    lines: [
      'Row of order_events with site_id demo, order_id nowhere, sequence 2: there are no orders for site_id demo, order_id nowhere.',
      'Site demo, order o-3: number of entries under an event of another kind or none is 1, expected 0.',
      'Site demo, order o-3: event_count is 2, expected 1.',
      'Site demo, order o-3: version is 2, expected 1.',
      'Site demo, member m-3, number 3 of the outbox: order o-3 has no event 2.',
    ],
  },
];

const spendDamages: readonly Damage[] = [
  {
    name: 'no row of spend',
    sql: `delete from order_spend where order_id = ${orderId('o-1')}`,
    lines: [
      `${one}: spend_minor in order_spend is 0, expected 39612.`,
      `${member}, UTC day 20781: spend_minor in member_spend_days is 39612, expected 0.`,
    ],
  },
  {
    name: 'spend at another date',
    sql: `update order_spend set order_date = order_date + 1 where order_id = ${orderId('o-1')}`,
    lines: [
      `${one}: spend_minor in order_spend is 0, expected 39612.`,
      `${member}, order o-1: has a row in order_spend at 1795521600001 that is not of its member and date.`,
    ],
  },
  {
    name: 'nothing in an order of the last day before 1970',
    sql: `update orders set order_date = -1 where order_id = 'o-1'; update line_items set order_date = -1 where order_id = ${orderId('o-1')};
      update order_spend set order_date = -1 where order_id = ${orderId('o-1')};
      update member_spend_days set day = -1 where member_id = ${memberId('m-1')}`,
    lines: [],
  },
  {
    name: 'the spend of a day',
    sql: `update member_spend_days set spend_minor = 1 where member_id = ${memberId('m-1')}`,
    lines: [`${member}, UTC day 20781: spend_minor in member_spend_days is 1, expected 39612.`],
  },
];

const fileDamages: readonly Damage[] = [
  {
    name: 'an index that misses its rows',
    engine: 'sqlite',
    sql: `drop index orders_by_store;
      create index orders_by_store on orders (site_id, store_id, order_date, id) where order_id = 'o-1';
      pragma writable_schema = on;
      update sqlite_master set sql = replace(sql, 'where order_id = ''o-1''', '') where name = 'orders_by_store'`,
    lines: [
      'File: wrong # of entries in index orders_by_store.',
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((row) => `File: row ${row} missing from index orders_by_store.`),
    ],
  },
];

const linkDamages: readonly Damage[] = [
  {
    name: 'two primary members',
    sql: `drop index member_links_current; ${link('m-3', 'm-2')}`,
    lines: ['Site demo, member m-2: has 2 primary members, expected at most 1.'],
  },
  {
    name: 'a primary member that is a secondary',
    sql: link('m-3', 'm-1'),
    lines: [`${member}: is both a primary and a secondary member.`],
  },
];

export const damages = [
  ...fileDamages,
  ...memberDamages,
  ...orderDamages,
  ...lineDamages,
  ...eventDamages,
  ...spendDamages,
  ...linkDamages,
  ...lotDamages,
  ...holdDamages,
  ...workDamages,
];
