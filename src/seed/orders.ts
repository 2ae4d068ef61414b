// The orders of the demo: three that the example operations use, and 197 drawn from the catalogue, with what became of them.
import type { CreateOrderInput } from '../domain/create-order.ts';
import type { Instant } from '../domain/instant.ts';
import type { LineItemInput } from '../domain/new-lines.ts';
import { catalogue } from './catalogue.ts';
import type { DatedCommand } from './commands.ts';
import { type DemoMember, demoMembers, optedOutUserId, type Purse } from './members.ts';
import { elementAt, type Random, seededRandom } from './random.ts';
import { type Step, type Story, stories } from './stories.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** About 14 months: the oldest orders are out of the tiers' year already. */
const historyDays = 425;
const drawnOrders = 197;
/** Nothing happened in the last hours, so that what a newcomer does is the newest. */
const quietMs = 3 * hourMs;

const orderIdOf = (number: number): string => `order-${String(number).padStart(4, '0')}`;

const goods = (productId: string, name: string, quantity: number, unitPrice: string): LineItemInput => ({
  productId,
  name,
  quantity,
  unitPrice,
});
const threeLines = [goods('D1', 'Desk lamp', 1, '100.00'), goods('D2', 'Desk chair', 2, '200.00'), goods('D3', 'Desk', 3, '300.00')];

/** The orders that the example operations work on: nothing has happened to them yet. */
const exampleOrders = (now: Instant): readonly DatedCommand[] => [
  created(now - 40 * dayMs, { orderId: 'order-0002', userId: 'user-001', source: 'web', lineItems: threeLines }),
  created(now - 4 * dayMs, { orderId: 'order-0001', userId: 'user-001', source: 'web', status: 'OPEN', lineItems: threeLines }),
  created(now - 2 * dayMs, {
    orderId: 'order-0003',
    userId: 'user-002',
    source: 'app',
    status: 'OPEN',
    lineItems: [goods('p1', 'Print', 2, '50.00')],
  }),
];

const created = (at: Instant, input: CreateOrderInput): DatedCommand => ({ at, command: { kind: 'createOrder', input } });

/** How often a member comes by in one round of all. */
const visits: Readonly<Record<Purse, number>> = { SMALL: 1, MEDIUM: 2, LARGE: 3 };
const round: readonly DemoMember[] = [0, 1, 2].flatMap((visit) => demoMembers.filter(({ purse }) => visit < visits[purse]));

/** Every command on the demo's orders, in the order of time. */
export function demoCommands(now: Instant): readonly DatedCommand[] {
  const random = seededRandom(2026);
  const stepMs = (historyDays * dayMs) / drawnOrders;
  const drawn = Array.from({ length: drawnOrders }, (_, index) => {
    const at = now - quietMs - Math.floor(historyDays * dayMs - index * stepMs - random.int(0, 20) * hourMs);
    const member = elementAt(round, index);
    const story = elementAt(stories, index);
    return lived(now, at, drawOrder(random, orderIdOf(index + 4), member, story), story);
  });
  return [...exampleOrders(now), ...drawn.flat()].toSorted((one, other) => one.at - other.at);
}

/** An order with as much of its story as there was time for. */
function lived(now: Instant, at: Instant, order: CreateOrderInput, story: Story): readonly DatedCommand[] {
  const [first] = order.lineItems;
  if (!first) throw new Error('An order of the demo has lines.');
  const dateOf = ({ afterHours }: Step): Instant => at + afterHours * hourMs;
  const steps = story.steps(order, first).filter((step) => dateOf(step) <= now - quietMs && isOpenTo(order.userId, step));
  return [created(at, order), ...steps.map((step) => ({ at: dateOf(step), command: step.command }))];
}

/** Who has opted out gets no spend adjustments: they would be refused. */
const isOpenTo = (userId: string, { command }: Step): boolean => !(userId === optedOutUserId && command.kind === 'adjustSpend');

function drawOrder(random: Random, orderId: string, { userId, purse }: DemoMember, { status }: Story): CreateOrderInput {
  const source = random.pick(['web', 'web', 'app', 'store', 'phone']);
  return {
    orderId,
    userId,
    source,
    storeId: source === 'store' ? random.pick(['store-03', 'store-07', 'store-12']) : null,
    coupons: random.chance(0.2) ? [random.pick(['WELCOME', 'SPRING'])] : [],
    discount: random.chance(0.15) ? '5.00' : null,
    status,
    lineItems: drawLines(random, purse),
  };
}

/** One to three products, each once; a single one is bought twice, so that a part of every order can be acted on. */
function drawLines(random: Random, purse: Purse): readonly LineItemInput[] {
  const products = catalogue[purse];
  const start = random.int(0, products.length - 1);
  const count = random.int(1, purse === 'SMALL' ? 2 : 3);
  return Array.from({ length: count }, (_, index) => ({
    ...elementAt(products, start + index),
    quantity: count === 1 ? 2 : random.int(1, 2),
    discount: random.chance(0.1) ? '2.50' : null,
  }));
}
