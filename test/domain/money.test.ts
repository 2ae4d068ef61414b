// The decimals of currencies, which ISO 4217 fixes.
import { expect, test } from 'vitest';
import { currencyDigits } from '../../src/domain/money.ts';

test.each([
  ['USD', 2],
  ['HUF', 2],
  ['IDR', 2],
  ['COP', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['KWD', 3],
  ['IQD', 3],
  ['XXZ', null],
  ['usd', null],
  ['DOLLAR', null],
])('%s has %j', (code, digits) => {
  expect(currencyDigits(code)).toBe(digits);
});
