// A cost that was worked out before is what it would be if it were worked out anew, whatever the variables.
import fc from 'fast-check';
import { getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { createCostOf } from '../../src/limits/known-cost.ts';
import { costOfCoerced } from '../../src/limits/operation-cost.ts';

const documents = [
  `query($first: Int, $after: String, $with: Boolean!, $without: Boolean = false, $lines: Int = 7) {
    orders(first: $first, after: $after) {
      totalCount @skip(if: $without)
      nodes { orderId coupons ...Lines @include(if: $with) member @skip(if: $without) { userId orders(first: $first) { nodes { orderId } } } }
    }
  }
  fragment Lines on Order { lineItems(first: $lines) { nodes { id earning { steps { kind } } } } }`,
  'query($id: ID!, $ids: [ID!]! = ["a"], $days: [Int!]) { node(id: $id) { id } nodes(ids: $ids) { id } member(by: { userId: $id }) { points { expiring(withinDays: $days) { points } } } }',
  'query($name: String!, $first: Int) { __type(name: $name) { fields { name type { name } } } orders(first: $first) { totalCount } }',
];

const text = fc.constantFrom('a', 'Order', 'Member', '', 'Query');
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const sent = fc.record({
  first: maybe(orNull(fc.integer({ min: -5, max: 600 }))),
  lines: maybe(orNull(fc.constantFrom(0, 1, 20, 500))),
  after: maybe(orNull(text)),
  with: maybe(fc.boolean()),
  without: maybe(fc.boolean()),
  id: maybe(text),
  ids: maybe(fc.array(text, { maxLength: 5 })),
  days: maybe(orNull(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 5 }))),
  name: maybe(text),
});

it.each(documents.map((text) => [validate(schema, parse(text)).map(String), text] as const))('%s %s', (faults, document) => {
  expect(faults).toEqual([]);
  const asked = { schema, document: parse(document), operationName: null };
  const costOf = createCostOf(asked);
  const definitions = getOperationAST(asked.document)?.variableDefinitions ?? [];
  const seen = new Set<number>();
  fc.assert(
    fc.property(sent, (variables) => {
      const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
      const { coerced } = getVariableValues(schema, definitions, given);
      if (!coerced) return;
      const { requested } = costOfCoerced(asked, coerced);
      seen.add(requested);
      expect([costOf(coerced), costOf(coerced)]).toEqual([requested, requested]);
    }),
    { numRuns: 500 },
  );
  // Else any cost that stays the same would do.
  expect(seen.size).toBeGreaterThan(2);
});
