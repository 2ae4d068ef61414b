// Kinds of damage to the outbox, the leases, and to what members are searched by.
import { ann, bob, type Damage, memberId, orderId, setUser } from './damage.ts';

const setEvent = (userId: string, number: number, values: string) =>
  `update outbox set ${values} where member_id = ${memberId(userId)} and number = ${number}`;
const without = (userId: string, numbers: string) => `delete from outbox where member_id = ${memberId(userId)} and number ${numbers}`;

const outboxDamages: readonly Damage[] = [
  { name: 'nothing where the oldest events were removed', sql: without('bob', '< 5'), lines: [] },
  { name: 'nothing where all events were removed', sql: without('bob', '> 0'), lines: [] },
  {
    name: 'a gap in the outbox',
    sql: without('bob', 'in (3, 4)'),
    lines: [`${bob}: number of the outbox 5 follows 2, expected 3.`],
  },
  {
    name: 'an outbox without its last event',
    sql: without('ann', "= (select outbox_count from members where user_id = 'ann')"),
    lines: [`${ann}: outbox_count is 10, expected 9.`],
  },
  {
    name: 'a count of events that did not happen',
    sql: setUser('ann', 'outbox_count = 11'),
    lines: [`${ann}: outbox_count is 11, expected 10.`],
  },
  {
    name: 'a number before the first',
    sql: `insert into outbox values ('shop', ${memberId('ann')}, 0, 'MEMBER_CHANGED', null, null, null, null, 0)`,
    lines: [`${ann}, number 0 of the outbox: expected 1 or more.`],
  },
  {
    name: 'an event of the outbox that no order has',
    sql: setEvent('bob', 2, 'event_sequence = 9, first_entry = null, last_entry = null'),
    lines: [`${bob}, number 2 of the outbox: order s-3 has no event 9.`],
  },
  {
    name: 'an event of the outbox without an order',
    sql: setEvent('bob', 2, 'order_id = null, first_entry = null, last_entry = null'),
    lines: [`${bob}, number 2 of the outbox: order null has no event 1.`],
  },
  {
    name: "an event of somebody else's order",
    sql: setEvent('bob', 2, `order_id = ${orderId('s-1')}, first_entry = null, last_entry = null`),
    lines: [`${bob}, number 2 of the outbox: order s-1 is not credited to the member.`],
  },
  {
    name: 'an event with entries of another',
    sql: setEvent('bob', 2, 'last_entry = 2'),
    lines: [`${bob}, number 2 of the outbox: the entries 1 to 2 are not its own.`],
  },
  {
    name: 'an event with an end of its entries and no beginning',
    sql: setEvent('bob', 2, 'first_entry = null'),
    lines: [`${bob}, number 2 of the outbox: the entries null to 1 are not its own.`],
  },
  {
    name: 'an expiry that has no entry',
    sql: `update outbox set first_entry = null, last_entry = null where type = 'POINTS_EXPIRED' and member_id = ${memberId('bob')}`,
    lines: [`${bob}, number 4 of the outbox: the entries null to null are not its own.`],
  },
  {
    name: 'an event of nobody',
    sql: `insert into outbox values ('shop', 'nobody', 1, 'MEMBER_CHANGED', null, null, null, null, 0)`,
    lines: ['Row of outbox with site_id shop, member_id nobody, number 1: there are no members for site_id shop, member_id nobody.'],
  },
];

const leaseDamages: readonly Damage[] = [
  { name: 'nothing in a lease', sql: `insert into leases values ('shop', 'settlement', 'somebody', 1, 0)`, lines: [] },
  {
    name: 'a lease that nobody took',
    sql: `insert into leases values ('shop', 'settlement', 'nobody', 0, 0)`,
    lines: ['Site shop, lease of settlement: fence is 0, expected 1 or more.'],
  },
];

const foldDamages: readonly Damage[] = [
  {
    name: 'nothing in names of other scripts',
    sql: setUser('ann', `first_name = 'ÄNNE', first_name_folded = 'änne', last_name = 'ΣΟΦΊΑ', last_name_folded = 'σοφία'`),
    lines: [],
  },
  {
    name: 'an e-mail that is not found',
    sql: setUser('ann', `email = 'Ann@shop.example', email_folded = 'Ann@shop.example'`),
    lines: [`${ann}: email_folded is not its email in lower case.`],
  },
  {
    name: 'a name that is not found',
    sql: setUser('ann', `first_name = 'Änne', first_name_folded = 'anne'`),
    lines: [`${ann}: first_name_folded is not its first_name in lower case.`],
  },
  {
    name: 'a name that is found and not there',
    sql: setUser('ann', `last_name_folded = 'ghost'`),
    lines: [`${ann}: last_name_folded is not its last_name in lower case.`],
  },
];

/** More members than are read at once, of two sites. */
const crowd: Damage = {
  name: 'each of a crowd',
  sql: `insert into members (site_id, id, user_id, status, opted_in, available, held, used, expired, lifetime, debt, total_spend_minor,
      entry_count, revision, created_at, updated_at)
    with recursive numbers (n) as (select 10001 union all select n + 1 from numbers where n < 12500)
    select case when n < 10700 then 'crowd' else 'other' end, 'id-' || n, 'user-' || n, status, opted_in, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0
    from numbers, members where user_id = 'ann'`,
  lines: Array.from({ length: 2_500 }, (_, index) => index + 10_001).map(
    (n) => `Site ${n < 10_700 ? 'crowd' : 'other'}, member user-${n}: debt is 1, expected 0.`,
  ),
};

export const workDamages = [crowd, ...outboxDamages, ...leaseDamages, ...foldDamages];
