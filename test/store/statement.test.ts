// What a statement is sent: what is named, a row beside it, and nothing that was not given.
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { sqliteEngine } from '../../src/store/sqlite.ts';
import { builder, valuesOf } from '../../src/store/statement.ts';
import { orderEvents } from '../../src/store/tables.ts';

const insert = sqliteEngine.write(
  builder.insert(orderEvents).values({
    siteId: sql.placeholder('siteId'),
    orderId: sql.placeholder('orderId'),
    sequence: 7,
    type: 'SHIPPED',
    actor: 'tests',
    reason: sql.placeholder('reason'),
    occurredAt: 5,
    recordedAt: 5,
    lines: sql.placeholder('lines'),
  } as never), // Drizzle wants values where placeholders stand.
);
const lines = [{ position: 1, quantity: 2 }];

it('sends what is named as its column has it, and what the statement says itself', () => {
  const sent = valuesOf(insert, { siteId: 'shop', orderId: 'o', reason: null, lines });
  expect(sent).toEqual(['shop', 'o', 7, 'SHIPPED', 'tests', null, 5, 5, JSON.stringify(lines)]);
});

it('looks for the rest in a row; what is named itself goes first, also when it is null', () => {
  const row = { siteId: 'elsewhere', orderId: 'o', reason: 'late', lines };
  expect(valuesOf(insert, { siteId: 'shop', reason: null, row }).slice(0, 6)).toEqual(['shop', 'o', 7, 'SHIPPED', 'tests', null]);
  expect(valuesOf(insert, { siteId: 'shop', row })[5]).toBe('late');
});

it('is not sent without what it names', () => {
  expect(() => valuesOf(insert, { siteId: 'shop', orderId: 'o', reason: null })).toThrow('No value was given for "lines".');
  expect(() => valuesOf(insert, { siteId: 'shop', row: { orderId: 'o', reason: null } })).toThrow('No value was given for "lines".');
});
