// A hand-written endpoint for each query whose JSON SQLite builds: one statement, whose text is the answer. Writes are those of bare.ts.
import { answersOf } from './answers.ts';
import { serveHandlers } from './handlers.ts';
import { currencyCode, openDatabase, prepareReads, siteId } from './rows.ts';
import { globalId, instantOf, statusOf } from './values.ts';
import { prepareWrites } from './writes.ts';

const connection = openDatabase(process.argv[2] ?? '');
const reads = prepareReads(connection);
const answers = answersOf(reads, prepareWrites(connection, reads));

// What SQLite has no words for.
const deterministic = { deterministic: true };
connection.function('order_gid', deterministic, (id) => globalId('Order', String(id)));
connection.function('member_gid', deterministic, (id) => globalId('Member', String(id)));
connection.function('line_gid', deterministic, (id, position) => globalId('LineItem', `${String(id)}:${String(position)}`));
connection.function('status_of', deterministic, (workflow) => statusOf(Number(workflow)));
connection.function('instant_of', deterministic, (instant) => instantOf(Number(instant)));

const money = (column: string): string =>
  `json_object('amount', printf('%d.%02d', ${column} / 100, ${column} % 100), 'currencyCode', '${currencyCode}')`;
const member = (table: string): string =>
  `'id', member_gid(${table}.id), 'userId', ${table}.user_id, 'firstName', ${table}.first_name, 'lastName', ${table}.last_name`;
const lines = `'lineItems', (select json_object('nodes', json_group_array(json_object('id', line_gid(l.order_id, l.position), 'productId', l.product_id,
  'name', l.name, 'quantity', l.quantity, 'unitPrice', ${money('l.unit_price_minor')}, 'pointsAwarded', l.points_awarded)))
  from (select * from line_items where site_id = o.site_id and order_id = o.id order by position) l)`;
const order = `'id', order_gid(o.id), 'orderId', o.order_id, 'status', status_of(o.workflow), 'orderDate', instant_of(o.order_date),
  'total', ${money('o.total_minor')}, 'pointsAwarded', o.points_awarded, 'version', o.version`;

const q1 = `select json_object('data', json_object('order', (select json_object(${order}, 'member', json_object(${member('m')}), ${lines})
  from orders o join members m on m.site_id = o.site_id and m.id = o.member_id where o.site_id = '${siteId}' and o.order_id = ?)))`;
const q2 = `select json_object('data', json_object('member', json_object(${member('m')}, 'orders', (select json_object('nodes',
  json_group_array(json_object(${order}, ${lines}))) from (select * from orders indexed by orders_by_member
    where site_id = m.site_id and member_id = m.id order by order_date desc, id desc limit 20) o))))
  from members m where m.site_id = '${siteId}' and m.user_id = ?`;
const secondaries = `(select json_object('nodes', json_group_array(json_object(${member('s')}))) from (select s.* from member_links k
  cross join members s on s.site_id = k.site_id and s.id = k.secondary_id
  where k.site_id = m.site_id and k.primary_id = m.id and k.ended_at is null order by s.user_id) s)`;
const q3 = `select json_object('data', json_object('orders', json_object('nodes', json_group_array(json_object(${order}, ${lines}, 'member',
  (select json_object(${member('m')}, 'secondaryMembers', ${secondaries}) from members m where m.site_id = o.site_id and m.id = o.member_id))))))
  from (select * from orders indexed by orders_by_date where site_id = '${siteId}' and order_date < ? order by order_date desc, id desc limit 50) o`;

const text = (sql: string) => {
  const statement = connection.prepare<[string | number], string>(sql).pluck();
  return (value: string | number): string => statement.get(value) ?? '{"data":null}';
};
const [orderText, memberText, ordersText] = [text(q1), text(q2), text(q3)];

serveHandlers({
  Q1: ({ orderId }) => orderText(orderId),
  Q2: ({ userId }) => memberText(userId),
  Q3: ({ before }) => ordersText(Date.parse(before)),
  W1: (variables) => JSON.stringify({ data: answers.createOrder(variables) }),
  W2: (variables) => JSON.stringify({ data: answers.updateOrder(variables) }),
  B1: (variables) => JSON.stringify({ data: answers.bulkCreateOrders(variables) }),
});
