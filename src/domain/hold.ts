// Holds: which goods of an order have matured, which wait and until when.
import { addDays, type Instant } from './instant.ts';
import { keptQuantity, type LineItem, openQuantity, type Portion, returnableQuantity } from './line-item.ts';
import type { Program } from './program.ts';

/** The hold of an order: that of the program version at its date, for ever. */
export type HoldTerms = Pick<Program, 'hold' | 'holdDays' | 'timeZone'>;

/** What a command did to the lines, as far as the hold looks at it. */
export type HoldStep = {
  readonly kind: 'PLACED' | 'ADDED' | 'MOVED' | 'CORRECTED' | 'ADJUSTED';
  /** The business instant: the order's date, an addition's, a shipment's. */
  readonly date: Instant;
  /** The server's time. */
  readonly at: Instant;
  /** Added goods that are not held. */
  readonly disregard: boolean;
};

const dueAfter = ({ holdDays, timeZone }: HoldTerms, from: Instant): Instant => addDays(from, holdDays, timeZone);

const waitingQuantity = ({ waiting }: LineItem): number => waiting.reduce((sum, { quantity }) => sum + quantity, 0);

/** Nothing open and something shipped. */
const isClosed = (lines: readonly LineItem[]): boolean =>
  lines.every((line) => openQuantity(line) === 0) && lines.some(({ shipped }) => shipped > 0);

/** The latest ship date of any line, as far as there is one. */
const lastShipment = (lines: readonly LineItem[], before: Instant): Instant =>
  lines.reduce<Instant | null>(
    (last, { lastShippedAt }) => (lastShippedAt === null ? last : Math.max(last ?? lastShippedAt, lastShippedAt)),
    null,
  ) ?? before;

/** When the goods of an order that is closed mature, if all must be shipped first. */
const dueOfAll = (terms: HoldTerms, lines: readonly LineItem[], before: Instant): Instant => dueAfter(terms, lastShipment(lines, before));

/** Takes goods from the portions that are due last. */
function withoutWaiting(line: LineItem, quantity: number): LineItem {
  let left = quantity;
  const waiting: Portion[] = [];
  for (const portion of line.waiting.toReversed()) {
    const taken = Math.min(left, portion.quantity);
    left -= taken;
    if (portion.quantity > taken) waiting.unshift({ ...portion, quantity: portion.quantity - taken });
  }
  return { ...line, waiting };
}

/** Matured goods and portions within the kept goods. */
function trimmed(line: LineItem): LineItem {
  const kept = keptQuantity(line);
  const matured = Math.min(line.matured, kept);
  const surplus = waitingQuantity(line) - (kept - matured);
  const lowered = matured === line.matured ? line : { ...line, matured };
  return surplus > 0 ? withoutWaiting(lowered, surplus) : lowered;
}

/** Goods that wait until an instant, or that have matured when it has come. */
function withWaiting(line: LineItem, wanted: number, dueAt: Instant, at: Instant): LineItem {
  const quantity = Math.min(wanted, keptQuantity(line) - line.matured - waitingQuantity(line));
  if (quantity <= 0) return line;
  if (dueAt <= at) return { ...line, matured: line.matured + quantity };
  const same = line.waiting.find((portion) => portion.dueAt === dueAt);
  const others = line.waiting.filter((portion) => portion !== same);
  const waiting = [...others, { quantity: quantity + (same?.quantity ?? 0), dueAt }];
  return { ...line, waiting: waiting.toSorted((left, right) => left.dueAt - right.dueAt) };
}

const wholeMatured = (line: LineItem): LineItem =>
  line.matured === keptQuantity(line) && line.waiting.length === 0 ? line : { ...line, matured: keptQuantity(line), waiting: [] };

/** The goods of a line whose hold runs: all kept ones from the order's date on, or those shipped and not returned. */
const runningGoods = ({ hold }: HoldTerms, line: LineItem | null): number => {
  if (!line) return 0;
  return hold === 'ORDER_DATE' ? keptQuantity(line) : returnableQuantity(line);
};

/** From when the hold of goods runs that a command added to a line. */
function holdStart({ hold }: HoldTerms, line: LineItem, { kind, date }: HoldStep): Instant {
  if (kind === 'CORRECTED') return hold === 'ORDER_DATE' ? line.acceptedAt : (line.lastShippedAt ?? date);
  return kind === 'PLACED' && hold === 'LINE_SHIP_DATE' ? (line.lastShippedAt ?? date) : date;
}

function maturedLine(terms: HoldTerms, before: LineItem | null, line: LineItem, step: HoldStep): LineItem {
  if (terms.hold === 'NONE') return wholeMatured(line);
  if (before === line) return line;
  const rise = runningGoods(terms, line) - runningGoods(terms, before);
  const lowered = trimmed(rise < 0 && terms.hold !== 'ALL_LINES_SHIP_DATE' ? withoutWaiting(line, 0 - rise) : line);
  if (step.disregard) {
    const added = Math.max(0, keptQuantity(line) - (before ? keptQuantity(before) : 0));
    return trimmed({ ...lowered, matured: lowered.matured + added });
  }
  if (rise <= 0 || terms.hold === 'ALL_LINES_SHIP_DATE') return lowered;
  return withWaiting(lowered, rise, dueAfter(terms, holdStart(terms, line, step)), step.at);
}

/** The lines after a command, with their matured and waiting goods. `before` are the lines as they were, settled up to `step.at`. */
export function heldLines(terms: HoldTerms, before: readonly LineItem[], after: readonly LineItem[], step: HoldStep): readonly LineItem[] {
  const old = new Map(before.map((line) => [line.position, line]));
  const lines = after.map((line) => maturedLine(terms, old.get(line.position) ?? null, line, step));
  return terms.hold === 'ORDER_DATE' && isClosed(lines) ? lines.map(wholeMatured) : maturedBy(terms, lines, step.at);
}

/** The lines with everything matured that is due by an instant, if nothing else happens until then. */
export function maturedBy(terms: HoldTerms, lines: readonly LineItem[], at: Instant): readonly LineItem[] {
  if (terms.hold === 'ALL_LINES_SHIP_DATE') return isClosed(lines) && dueOfAll(terms, lines, at) <= at ? lines.map(wholeMatured) : lines;
  return lines.map((line) => {
    const due = line.waiting.filter(({ dueAt }) => dueAt <= at).reduce((sum, { quantity }) => sum + quantity, 0);
    if (due === 0) return line;
    return trimmed({ ...line, matured: line.matured + due, waiting: line.waiting.filter(({ dueAt }) => dueAt > at) });
  });
}

/** The instants at which goods will mature if nothing else happens, the next one first. */
export function dueInstants(terms: HoldTerms, lines: readonly LineItem[]): readonly Instant[] {
  if (terms.hold !== 'ALL_LINES_SHIP_DATE')
    return [...new Set(lines.flatMap(({ waiting }) => waiting.map(({ dueAt }) => dueAt)))].sort((left, right) => left - right);
  const waits = isClosed(lines) && lines.some((line) => line.matured < keptQuantity(line));
  return waits ? [dueOfAll(terms, lines, 0)] : [];
}

/**
 * The business instant at which points became available that a command made so. It is the command's own when the goods that it
 * added are still held: then they let others go, by what the order retains.
 */
export function availableSince(terms: HoldTerms, lines: readonly LineItem[], step: HoldStep): Instant {
  const { kind, date, at } = step;
  if (kind === 'CORRECTED' || kind === 'ADJUSTED') return at;
  if (step.disregard || terms.hold === 'NONE') return date;
  if (terms.hold === 'ALL_LINES_SHIP_DATE' && !isClosed(lines)) return date;
  const shippedAt = Math.max(date, lastShipment(lines, date));
  const due = dueOfStep(terms, lines, step);
  if (terms.hold === 'ORDER_DATE' && isClosed(lines)) return kind === 'MOVED' ? shippedAt : Math.min(due, shippedAt);
  return due <= at ? due : date;
}

/** When the hold ends that a command began, or whose end it brought about. */
function dueOfStep(terms: HoldTerms, lines: readonly LineItem[], { kind, date }: HoldStep): Instant {
  if (terms.hold === 'ALL_LINES_SHIP_DATE') return Math.max(dueOfAll(terms, lines, date), date);
  return dueAfter(terms, terms.hold === 'LINE_SHIP_DATE' && kind === 'PLACED' ? lastShipment(lines, date) : date);
}
