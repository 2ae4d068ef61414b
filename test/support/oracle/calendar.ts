// Calendar days in a program's time zone.
import { Temporal } from 'temporal-polyfill';

/** The same local time so many days later; a local time that a clock change skips moves forward. */
export function daysAfter(instant: number, days: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).add({ days }).epochMilliseconds;
}
