// An order: what its lines and adjustments retain together, and which actions it allows.
import type { RoundingMode } from './decimal.ts';
import {
  keptQuantity,
  type LineItem,
  lineCurrentTotal,
  lineKeptValue,
  type OrderAction,
  type OrderStatus,
  openQuantity,
  orderActions,
  orderStatuses,
  type Quantities,
  returnableQuantity,
  statusOf,
} from './line-item.ts';
import { linePoints } from './points.ts';

/** An order. Amounts are minor units of the program's currency, points units of its scale, dates instants. */
export type Order = {
  readonly id: string;
  readonly siteId: string;
  /** The caller's id. */
  readonly orderId: string;
  /** Who bought. */
  readonly memberId: string;
  /** Who earns: fixed at creation. */
  readonly creditedToId: string;
  /** The buyer's primary member when the order was created, whoever earns. */
  readonly primaryId: string | null;
  readonly orderDate: number;
  readonly createdShipped: boolean;
  /** The program version at the order's date, whose cap and adjustment terms hold for ever. */
  readonly programVersion: number;
  readonly maximumPoints: number | null;
  readonly adjustmentRatio: string;
  readonly adjustmentRounding: RoundingMode;
  readonly totalMinor: number;
  readonly discountMinor: number;
  readonly coupons: readonly string[];
  readonly storeId: string | null;
  readonly source: string | null;
  /** JSON text, as sent. */
  readonly attributes: string | null;
  /** The net spend adjustment, raised where the lines no longer cover a debit. */
  readonly adjustmentMinor: number;
  readonly adjustmentPoints: number;
  /** The sum of the points of all its spend adjustments. */
  readonly adjustedPoints: number;
  readonly pointsAwarded: number;
  readonly pointsRemoved: number;
  readonly heldPoints: number;
  /** When held points will next be released if nothing else happens; null when that is not known. */
  readonly releaseAt: number | null;
  readonly redeemedPoints: number;
  readonly redeemedReturned: number;
  /** How many lines it was placed with: those that carry what was redeemed. */
  readonly createdLines: number;
  /** pointsAwarded + adjustedPoints − pointsRemoved, always. */
  readonly retainedPoints: number;
  readonly currentTotalMinor: number;
  readonly spendMinor: number;
  /** Status and open questions in one number, by which orders are found: see `workflowState`. */
  readonly workflow: number;
  /** +1 per accepted command. */
  readonly version: number;
  readonly eventCount: number;
  readonly lineCount: number;
  /** Digest of the content of createOrder, by which a repeat is told from a conflict. */
  readonly content: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

const sumQuantities = (lines: readonly Quantities[]): Quantities =>
  lines.reduce<Quantities>(
    (sum, line) => ({
      quantity: sum.quantity + line.quantity,
      shipped: sum.shipped + line.shipped,
      cancelled: sum.cancelled + line.cancelled,
      returned: sum.returned + line.returned,
    }),
    { quantity: 0, shipped: 0, cancelled: 0, returned: 0 },
  );

/** What an order retains. Points are exact and may be beyond what a balance holds; the caller checks. */
export type Standing = {
  /** Lines less all discounts, for what is kept. */
  readonly linesMinor: number;
  /** unitPrice × kept quantity, before discounts. */
  readonly valueMinor: number;
  readonly adjustmentMinor: number;
  readonly adjustmentPoints: number;
  readonly spendMinor: number;
  readonly retainedPoints: bigint;
  /** Of the retained points, those that are not held. */
  readonly releasedPoints: bigint;
};

type Adjusted = { readonly maximumPoints: number | null; readonly adjustmentMinor: number; readonly adjustmentPoints: number };

/**
 * retained = min(cap, Σ points(line, kept)) + adjustments, and spend likewise in money. A debit that the lines no longer
 * cover is raised to what they cover; while the lines keep no value, adjustments count nothing.
 * released = min(retained, min(cap, Σ points(line, matured)) + what adjustments add).
 */
export function standingOf({ maximumPoints, adjustmentMinor, adjustmentPoints }: Adjusted, lines: readonly LineItem[]): Standing {
  const linesMinor = lines.reduce((sum, line) => sum + lineCurrentTotal(line), 0);
  const value = lines.reduce((sum, line) => sum + lineKeptValue(line), 0);
  const capped = (points: bigint): bigint => (maximumPoints !== null && points > BigInt(maximumPoints) ? BigInt(maximumPoints) : points);
  const points = capped(lines.reduce((sum, line) => sum + linePoints(line, keptQuantity(line)), 0n));
  const matured = capped(lines.reduce((sum, line) => sum + linePoints(line, line.matured), 0n));
  const money = Math.max(adjustmentMinor, 0 - linesMinor);
  const pointsAdjusted = BigInt(adjustmentPoints) < -points ? 0 - Number(points) : adjustmentPoints;
  const adjusted = value > 0 ? BigInt(pointsAdjusted) : 0n;
  const retained = points + adjusted;
  const unheld = matured + (adjusted > 0n ? adjusted : 0n);
  return {
    linesMinor,
    valueMinor: value,
    adjustmentMinor: money,
    adjustmentPoints: pointsAdjusted,
    spendMinor: linesMinor + (value > 0 ? money : 0),
    retainedPoints: retained,
    releasedPoints: unheld < retained ? unheld : retained,
  };
}

type WorkflowFacts = {
  readonly status: OrderStatus;
  readonly open: boolean;
  readonly returnable: boolean;
  readonly adjustable: boolean;
  readonly held: boolean;
};

/** Status and what is still open, packed into one number, so that one index serves the filters on all of them. */
export function workflowState(lines: readonly LineItem[], heldPoints: number): number {
  const sums = sumQuantities(lines);
  const facts = [openQuantity(sums) > 0, returnableQuantity(sums) > 0, lines.some((line) => lineKeptValue(line) > 0), heldPoints > 0];
  return orderStatuses.indexOf(statusOf(sums)) * 16 + facts.reduce((bits, fact, index) => bits + (fact ? 2 ** index : 0), 0);
}

function workflowFacts(workflow: number): WorkflowFacts {
  const has = (bit: number): boolean => Math.floor(workflow / bit) % 2 === 1;
  const status = orderStatuses[Math.floor(workflow / 16)];
  if (!status) throw new Error(`${workflow} is no state of an order.`);
  return { status, open: has(1), returnable: has(2), adjustable: has(4), held: has(8) };
}

/** Of the retained points, those that are not held: the most that a command on the order can take of available points. */
export const releasedPoints = ({ retainedPoints, heldPoints }: Order): number => retainedPoints - heldPoints;

export const orderStatus = ({ workflow }: Pick<Order, 'workflow'>): OrderStatus => workflowFacts(workflow).status;

function allows(facts: WorkflowFacts, action: OrderAction): boolean {
  switch (action) {
    case 'SHIP':
    case 'CANCEL':
      return facts.open;
    case 'RETURN':
      return facts.returnable;
    case 'ADD':
      return facts.status !== 'CANCELLED' && facts.status !== 'RETURNED';
    case 'CORRECT':
      return true;
    case 'ADJUST_SPEND':
      return facts.adjustable;
  }
}

/** What can still be done with an order. Corrections of quantities always can. */
export const allowedActions = ({ workflow }: Pick<Order, 'workflow'>): readonly OrderAction[] => {
  const facts = workflowFacts(workflow);
  return orderActions.filter((action) => allows(facts, action));
};

export type WorkflowQuestion = {
  readonly statuses?: readonly OrderStatus[];
  readonly actions?: readonly OrderAction[];
  readonly held?: boolean;
};

/** All states with one of the statuses, one of the actions, and held points or none: what a filter looks up. */
export function workflowStatesWhere({ statuses, actions, held }: WorkflowQuestion): readonly number[] {
  return Array.from({ length: orderStatuses.length * 16 }, (_, state) => state).filter((state) => {
    const facts = workflowFacts(state);
    return (
      (!statuses || statuses.includes(facts.status)) &&
      (!actions || actions.some((action) => allows(facts, action))) &&
      (held === undefined || facts.held === held)
    );
  });
}
