// Which goods wait, until when, and since when those that do not wait any more count as available.
import { daysAfter } from './calendar.ts';
import { keptOf, returnableOf } from './earning.ts';
import { allMatured, fitted, isClosed, type Line, ripened, withoutWaiting, withPortion } from './line.ts';
import type { Fact, Order } from './order.ts';

/** The lines of an order, and the date of the command since which nothing of it is open. */
type Goods = { readonly lines: readonly Line[]; readonly closedAt: number | null };
type DeedFact = Exclude<Fact, { readonly kind: 'matured' }>;

const dueAfter = (order: Order, date: number): number => daysAfter(date, order.hold.days, order.timeZone);

/** The business time of a deed. */
export function dateOf(order: Order, fact: Fact): number {
  switch (fact.kind) {
    case 'created':
      return order.orderDate;
    case 'moved':
    case 'added':
    case 'matured':
      return fact.at;
    case 'corrected':
    case 'adjusted':
      return fact.now;
  }
}

function underOrderDate(order: Order, line: Line, was: Line | undefined, fact: DeedFact): Line {
  switch (fact.kind) {
    case 'created':
      return withPortion(line, line.ordered, dueAfter(order, order.orderDate));
    case 'moved':
      return withoutWaiting(line, was === undefined ? 0 : keptOf(was) - keptOf(line));
    case 'added':
      return withPortion(line, line.ordered - (was?.ordered ?? 0), dueAfter(order, fact.at));
    case 'corrected': {
      const more = was === undefined ? 0 : keptOf(line) - keptOf(was);
      return more < 0 ? withoutWaiting(line, -more) : withPortion(line, more, dueAfter(order, line.madeAt));
    }
    case 'adjusted':
      return line;
  }
}

function underLineShipDate(order: Order, line: Line, was: Line | undefined, fact: DeedFact): Line {
  const shipped = line.shipped - (was?.shipped ?? 0);
  switch (fact.kind) {
    case 'created':
      return withPortion(line, shipped, dueAfter(order, fact.shippedAt ?? order.orderDate));
    case 'moved':
      return fact.action === 'RETURN'
        ? withoutWaiting(line, line.returned - (was?.returned ?? 0))
        : withPortion(line, shipped, dueAfter(order, fact.at));
    case 'added':
      return withPortion(line, shipped, dueAfter(order, fact.at));
    case 'corrected': {
      const more = was === undefined ? 0 : returnableOf(line) - returnableOf(was);
      return more < 0 ? withoutWaiting(line, -more) : withPortion(line, more, dueAfter(order, line.lastShip ?? order.orderDate));
    }
    case 'adjusted':
      return line;
  }
}

function underHold(order: Order, line: Line, was: Line | undefined, fact: DeedFact): Line {
  if (fact.kind === 'added' && fact.disregardHold) {
    const more = line.ordered - (was?.ordered ?? 0);
    return { ...line, matured: line.matured + more };
  }
  switch (order.hold.type) {
    case 'ORDER_DATE':
      return underOrderDate(order, line, was, fact);
    case 'LINE_SHIP_DATE':
      return underLineShipDate(order, line, was, fact);
    case 'NONE':
    case 'ALL_LINES_SHIP_DATE':
      return line;
  }
}

const lastShipOf = (lines: readonly Line[]): number => Math.max(...lines.flatMap((line) => line.lastShip ?? []));

/** When the goods of an order of which nothing is open are all shipped for the program. */
const closingOf = ({ lines, closedAt }: Goods): number => Math.max(lastShipOf(lines), closedAt ?? Number.NEGATIVE_INFINITY);

/** When all goods mature together, once nothing is open; null while that depends on a shipment. */
function togetherAt(order: Order, goods: Goods): number | null {
  if (goods.closedAt === null || order.hold.type !== 'ALL_LINES_SHIP_DATE') return null;
  return Math.max(dueAfter(order, lastShipOf(goods.lines)), closingOf(goods));
}

function maturedBy(order: Order, goods: Goods, instant: number): Goods {
  const together = togetherAt(order, goods);
  const lines = goods.lines.map((line) => ripened(line, instant));
  return { ...goods, lines: together !== null && together <= instant ? lines.map(allMatured) : lines };
}

/** The goods after a fact; the quantities of the lines are those after it already. */
export function goodsAfter(order: Order, before: Goods, lines: readonly Line[], fact: Fact): Goods {
  if (fact.kind === 'matured') return maturedBy(order, before, fact.at);
  const waiting = lines.map((line, index) => fitted(underHold(order, line, before.lines[index], fact)));
  const closedAt = isClosed(lines) ? (before.closedAt ?? dateOf(order, fact)) : null;
  const goods = maturedBy(order, { lines: waiting, closedAt }, fact.now);
  const atOnce = order.hold.type === 'NONE' || (order.hold.type === 'ORDER_DATE' && closedAt !== null);
  return atOnce ? { ...goods, lines: goods.lines.map(allMatured) } : goods;
}

/** When the hold of the goods of a deed ended by itself, as far as it has; the deed's date when nothing of a hold explains it. */
function endOf(order: Order, goods: Goods, fact: DeedFact & { readonly kind: 'created' | 'moved' | 'added' }): number {
  const date = dateOf(order, fact);
  const closing = goods.closedAt === null ? [] : [closingOf(goods)];
  const past = (instant: number) => (instant <= fact.now ? [instant] : []);
  const first = (instants: readonly number[]) => (instants.length === 0 ? date : Math.min(...instants));
  switch (order.hold.type) {
    case 'NONE':
      return date;
    case 'ORDER_DATE':
      return first([...(fact.kind === 'moved' ? [] : past(dueAfter(order, date))), ...closing]);
    case 'LINE_SHIP_DATE':
      return first(past(dueAfter(order, fact.kind === 'created' ? (fact.shippedAt ?? date) : date)));
    case 'ALL_LINES_SHIP_DATE':
      return first(past(togetherAt(order, goods) ?? date));
  }
}

/** Since when what a fact made available counts as available. */
export function availableSince(order: Order, goods: Goods, fact: Fact): number {
  if (fact.kind === 'corrected' || fact.kind === 'adjusted' || fact.kind === 'matured') return dateOf(order, fact);
  const disregarded = fact.kind === 'added' && fact.disregardHold;
  const returned = fact.kind === 'moved' && fact.action === 'RETURN';
  return disregarded || returned ? dateOf(order, fact) : endOf(order, goods, fact);
}

/** The instants at which goods of the order will mature if nothing else happens, the next one first. */
export function dueInstants(order: Order, goods: Goods): number[] {
  const together = togetherAt(order, goods);
  const waits = goods.lines.some((line) => line.matured < keptOf(line));
  const dues = goods.lines.flatMap((line) => line.portions.map((portion) => portion.due));
  return [...new Set(together !== null && waits ? [...dues, together] : dues)].toSorted((a, b) => a - b);
}

/** The goods at an instant, if nothing else happens until then. */
export const goodsAt = maturedBy;
