// Reading instants: what RFC 3339 can say and print, and nothing else.
import { expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../src/domain/instant.ts';

test.each([
  ['2026-11-24T09:30:00-08:00', '2026-11-24T17:30:00.000Z'],
  ['2026-11-24t09:30:00.123456789z', '2026-11-24T09:30:00.123Z'],
  ['2026-11-24T09:30:00.1234567890123Z', '2026-11-24T09:30:00.123Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is %s', (text, printed) => {
  expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(printed);
});

test.each([
  '2026-11-24T09:30:00',
  '2026-11-24',
  '2026-02-30T00:00:00Z',
  '2026-11-24T25:00:00Z',
  '0000-12-31T00:00:00Z',
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-01:00',
  '1700000000',
  'now',
])('%s is refused', (text) => {
  expect(parseInstant(text)).toBeNull();
});
