// The text of single values in a JSON answer: each as the ordinary execution and JSON.stringify would write it.
import { formatInstant, type Instant } from '../domain/instant.ts';
import { encodeGlobalId, numberedId } from '../graphql/global-id.ts';

/** What JSON writes otherwise than it stands: quotes, backslashes, control characters and halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string in quotes. Most hold nothing to be escaped, and looking costs half of JSON.stringify. */
export const quoted = (text: string): string => (escaped.test(text) ? JSON.stringify(text) : `"${text}"`);

/** Minor units as an amount with the decimals of the currency: no more than digits and a point, so it is never escaped. */
export function amountText(minor: number, digits: number): string {
  if (digits === 2 && minor >= 0) {
    const whole = Math.floor(minor / 100);
    const rest = minor - whole * 100;
    return rest < 10 ? `${whole}.0${rest}` : `${whole}.${rest}`;
  }
  if (digits === 0) return String(minor);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Points as a JSON number, from units of the program's scale. */
export const pointsText = (units: number, scale: number): string =>
  scale === 0 ? String(units) : JSON.stringify(Number(amountText(units, scale)));

const dayMs = 86_400_000;
/** The last day that was written: the instants of a list mostly stand near each other. */
let lastDay = Number.NaN;
let lastDate = '';

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** An instant in UTC with milliseconds. The text of its day is kept; writing all of a date anew takes several times as long. */
export function instantText(instant: Instant): string {
  const day = Math.floor(instant / dayMs);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = formatInstant(instant).slice(0, -13);
  }
  const seconds = Math.floor((instant - day * dayMs) / 1_000);
  const milliseconds = instant - day * dayMs - seconds * 1_000;
  const clock = `${twoDigits[Math.floor(seconds / 3_600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}:${twoDigits[seconds % 60]}`;
  return `"${lastDate}${clock}.${milliseconds === 0 ? '000' : String(milliseconds).padStart(3, '0')}Z"`;
}

/** Ids of which base64 is the same in both alphabets: no letter in them makes a + or a /. */
const plainId = /^[\w:-]*$/;

/** An id of a type of node: text without anything to be escaped. */
export function idText(typename: string, id: string): string {
  if (!plainId.test(id)) return `"${encodeGlobalId(typename, id)}"`;
  const text = btoa(`${typename}:${id}`);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return padding === 0 ? `"${text}"` : `"${text.slice(0, -padding)}"`;
}

const lineIdStart = 'LineItem:';
/** How many bytes make whole letters of base64, so that texts may be encoded in pieces. */
const wholeLetters = 3;

/**
 * Writes ids of lines. The lines of an order come one after the other and their ids begin alike, so that is encoded once for each
 * order: it halves the time.
 */
export function lineIdWriter(): (orderId: string, position: number) => string {
  const ends: string[] = [];
  let lastId = '';
  let lastStart: string | null = null;
  return (orderId, position) => {
    if (orderId !== lastId) {
      lastId = orderId;
      const isWhole = (lineIdStart.length + orderId.length) % wholeLetters === 0 && plainId.test(orderId);
      lastStart = isWhole ? btoa(lineIdStart + orderId) : null;
    }
    if (lastStart === null) return idText('LineItem', numberedId(orderId, position));
    ends[position] ??= Buffer.from(numberedId('', position)).toString('base64url');
    return `"${lastStart}${ends[position]}"`;
  };
}
