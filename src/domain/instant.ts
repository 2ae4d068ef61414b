// Instants in milliseconds since 1970 (UTC), and the calendar questions that a program asks in its time zone.
import { Temporal } from 'temporal-polyfill';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** How far ahead of the server's clock a sender's clock may run. */
export const clockToleranceMs = 5 * 60_000;

/** What RFC 3339 can print in UTC: the years 1 to 9999. */
const [firstInstant, lastInstant] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 date and time with an offset; null for anything else. Finer than a millisecond is cut off. */
export function parseInstant(text: string): Instant | null {
  if (!rfc3339.test(text)) return null;
  try {
    // More than nine decimals of a second are no Temporal text; only three are kept anyway.
    const instant = Temporal.Instant.from(text.toUpperCase().replace(/(\.\d{9})\d+/, '$1')).epochMilliseconds;
    return instant >= firstInstant && instant <= lastInstant ? instant : null;
  } catch {
    return null;
  }
}

/** UTC with milliseconds, "2026-11-24T03:42:53.000Z". */
export const formatInstant = (instant: Instant): string => new Date(instant).toISOString();

const zoned = (instant: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

/** The same local time one year before; 29 February becomes the 28th. */
export const yearBefore = (instant: Instant, timeZone: string): Instant =>
  zoned(instant, timeZone).subtract({ years: 1 }).epochMilliseconds;

/** Midnight, local time, of 1 January of the instant's year. */
export const startOfYear = (instant: Instant, timeZone: string): Instant =>
  zoned(instant, timeZone).with({ month: 1, day: 1 }).startOfDay().epochMilliseconds;

/**
 * The same local time so many calendar days on. A local time that a clock change skips moves forward; of one that occurs
 * twice it is the earlier.
 */
export const addDays = (instant: Instant, days: number, timeZone: string): Instant =>
  zoned(instant, timeZone).add({ days }, { overflow: 'constrain' }).epochMilliseconds;

/** Tells whether a name is a time zone that calendar questions can be asked in. */
export function isTimeZone(name: string): boolean {
  try {
    zoned(0, name);
    return true;
  } catch {
    return false;
  }
}
