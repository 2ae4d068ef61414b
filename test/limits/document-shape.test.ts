// What is refused of a document before it is validated, and that nobody who asks for something sensible is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/limits/limits.ts';
import { parseWithin } from '../../src/limits/parse-within.ts';

const check = (document: string) => parseWithin(parse, defaultLimits)(document);
const many = (count: number, part: (index: number) => string): string => Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('refused', () => {
  test.each([
    ['51 aliases', `{ ${many(51, (index) => `a${index}: program { name }`)} }`, '50 aliases'],
    ['51 directives', `{ program { name ${many(51, () => '@include(if: true)')} } }`, '50 directives'],
    ['501 fields', `{ ${many(501, (index) => `f${index}`)} }`, '500 fields'],
    ['21 repeated fields', `{ program { ${many(22, () => 'name')} } }`, '20 fields beside others'],
    ['repeats in fragments written in place', `{ program { ${many(22, () => '... { name }')} } }`, '20 fields beside others'],
    [
      '26 fragments and their spreads',
      `{ ${many(26, (index) => `...F${index}`)} } ${many(26, (index) => `fragment F${index} on Query { now }`)}`,
      '50 operations',
    ],
    ['51 operations', many(51, (index) => `query Q${index} { now }`), '50 operations'],
    ['21 levels', `${'{ a '.repeat(21)}${'}'.repeat(21)}`, '20 deep'],
    [
      '21 levels through fragments',
      `{ ...A } fragment A on Query ${'{ a '.repeat(12)} ...B ${'}'.repeat(12)} fragment B on Query ${'{ a '.repeat(10)}${'}'.repeat(10)}`,
      '20 deep',
    ],
    ['fragments in place within each other', `{ ${'... { '.repeat(1_000)} now ${'}'.repeat(1_000)} }`, '20 deep'],
    ['a fragment that spreads itself', '{ ...A } fragment A on Query { ...A }', 'spreads itself'],
    [
      'fragments that spread each other',
      '{ ...A } fragment A on Query { a { ...B } } fragment B on Query { b { ...A } }',
      'spreads itself',
    ],
    [
      'fragments that spread each other and are not used',
      '{ now } fragment A on Query { ...B } fragment B on Query { ...A }',
      'spreads itself',
    ],
    ['values 33 deep', `{ a(b: ${'['.repeat(33)}${']'.repeat(33)}) }`, '32 deep'],
    ['5,001 tokens', `{ a(b: [${many(5_001, () => '1')}]) }`, '5000 tokens'],
    ['50,000 brackets', '['.repeat(50_000), 'Syntax Error'],
    ['50,000 brackets in a value', `{ a(b: ${'['.repeat(50_000)}) }`, /tokens|nests too deeply/],
    ['50,000 braces', '{ a '.repeat(50_000), /tokens|nests too deeply/],
  ])('%s', (_, document, message) => {
    expect(() => check(document)).toThrow(message);
  });

  test('fragments of which each spreads the next one often, in no time', () => {
    const document = `{ ...F0 } ${many(6, (index) => `fragment F${index} on Query { ${many(8, (each) => `a${each} { ...F${index + 1} }`)} }`)} fragment F6 on Query { now }`;
    expect(() => check(document)).toThrow('50 operations');
    const within = { ...defaultLimits, definitions: 1_000, depth: 100 };
    const deep = `{ ...F0 } ${many(60, (index) => `fragment F${index} on Query { ${many(4, (each) => `a${each} { ...F${index + 1} }`)} }`)} fragment F60 on Query { now }`;
    // Followed one by one, these would be 4 to the power of 60.
    expect(() => parseWithin(parse, within)(deep)).not.toThrow();
  });
});

describe('admitted', () => {
  const folder = join(import.meta.dirname, '../../examples/operations');
  test.each(readdirSync(folder).filter((name) => name.endsWith('.graphql')))('%s', (file) => {
    expect(() => check(readFileSync(join(folder, file), 'utf8'))).not.toThrow();
  });

  test('the introspection of GraphiQL and of generators', () => {
    const options = {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      oneOf: true,
    };
    expect(() => check(getIntrospectionQuery(options))).not.toThrow();
  });

  test.each([
    ['20 levels', `${'{ a '.repeat(20)}${'}'.repeat(20)}`],
    ['500 fields', `{ ${many(500, (index) => `f${index}`)} }`],
    ['the same field for each type', `{ node(id: 1) { ${many(8, (index) => `... on T${index} { id name }`)} } }`],
    ['an empty list', '{ a(b: []) }'],
  ])('%s', (_, document) => {
    expect(() => check(document)).not.toThrow();
  });
});
