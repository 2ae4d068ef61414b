// A site that only the oracle knows: programs to start from, and commands in few words.
import type { Command, LineItemInput, UpdateAction } from './oracle/command.ts';
import { type Decision, decide } from './oracle/decide.ts';
import { settled } from './oracle/posting.ts';
import type { ProgramFile } from './oracle/program.ts';
import { memberView, orderView } from './oracle/views.ts';
import { emptyWorld, type World, withProgram } from './oracle/world.ts';

const start = Date.parse('2026-06-01T12:00:00Z');

export const plain: ProgramFile = {
  siteId: 'demo',
  name: 'Worked cases',
  currencyCode: 'USD',
  timeZone: 'America/Los_Angeles',
  pointsScale: 0,
  rounding: 'FLOOR',
  pointValue: '0.01',
  purchase: { configured: true, baseRatio: '1', pointsBase: 'UNIT_PRICE', maximumPointsPerOrder: null },
  hold: { type: 'NONE', days: 0 },
  expiryDays: null,
  debtPolicy: 'ALLOW',
  tiers: { period: 'LIFETIME', levels: [{ name: 'Bronze', minimumSpend: '0', ratio: '1' }] },
  rules: [],
  campaigns: [],
  orders: { dateRequired: false, lineKeyRequired: false, shipOnCreate: null },
  secondaryMembers: { earnForPrimary: false },
};
export const tiered: ProgramFile = {
  ...plain,
  tiers: {
    period: 'LIFETIME',
    levels: [
      { name: 'Bronze', minimumSpend: '0', ratio: '1' },
      { name: 'Silver', minimumSpend: '500', ratio: '1.5' },
      { name: 'Gold', minimumSpend: '700', ratio: '2' },
    ],
  },
};

/** A site with one member, whose commands are sent a minute apart. */
export function site(program: ProgramFile, startedAt = start) {
  let world: World = withProgram(emptyWorld(), program, startedAt);
  let now = startedAt;
  let keys = 0;
  const send = (command: Command): Decision => {
    now += 60_000;
    const decision = decide(world, command, now);
    world = decision.world;
    return decision;
  };
  const key = () => {
    keys += 1;
    return `key-${keys}`;
  };
  send({ kind: 'enrollMember', input: { userId: 'ann' } });
  return {
    send,
    /** Moves the clock to an instant and settles what is due. */
    moveTo: (instant: string) => {
      now = Date.parse(instant);
      world = settled(world, now);
    },
    /** Appends a version that is in force from an instant. */
    setProgram: (file: ProgramFile, from: string) => {
      world = withProgram(world, file, Date.parse(from));
    },
    create: (orderId: string, lineItems: LineItemInput[], more: object = {}) =>
      send({ kind: 'createOrder', input: { orderId, userId: 'ann', lineItems, ...more } }),
    update: (orderId: string, action: UpdateAction, ...taken: [productId: string, quantity: number][]) => {
      const lineItems = taken.map(([productId, quantity]) => ({ lineItem: { productId }, quantity }));
      const what = lineItems.length === 0 ? { allLineItems: true } : { lineItems };
      return send({ kind: 'updateOrder', input: { orderId, action, idempotencyKey: key(), ...what } });
    },
    add: (orderId: string, lineItems: LineItemInput[], more: object = {}) =>
      send({ kind: 'addToOrder', input: { orderId, lineItems, idempotencyKey: key(), ...more } }),
    correct: (orderId: string, productId: string, values: object) =>
      send({ kind: 'correctOrder', input: { orderId, lineItems: [{ lineItem: { productId }, ...values }], idempotencyKey: key() } }),
    adjust: (orderId: string, type: 'CREDIT' | 'DEBIT', amount: string) =>
      send({ kind: 'adjustSpend', input: { orderId, type, amount, reason: 'goodwill', adjustedBy: 'admin', idempotencyKey: key() } }),
    order: (orderId: string) => orderView(world, orderId),
    member: (userId = 'ann') => memberView(world, userId, now),
    orders: () => [...world.orders.keys()],
  };
}

export const line = (productId: string, quantity: number, unitPrice: string): LineItemInput => ({ productId, quantity, unitPrice });
