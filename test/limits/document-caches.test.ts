// What is kept of documents is bounded.
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createDocumentCaches } from '../../src/limits/document-caches.ts';

const { documentCache } = createDocumentCaches();
const value = parse('{ __typename }');

test('a long document is not kept', () => {
  documentCache.set('x'.repeat(20_000), value);
  documentCache.set('x'.repeat(20_001), value);
  expect(documentCache.get('x'.repeat(20_000))).toBe(value);
  expect(documentCache.get('x'.repeat(20_001))).toBeUndefined();
});

test('of more than a thousand, the one not used for longest makes room', () => {
  for (let index = 0; index < 1_000; index += 1) documentCache.set(String(index), value);
  documentCache.get('0');
  documentCache.set('another', value);
  expect([documentCache.get('0'), documentCache.get('1'), documentCache.get('another')]).toEqual([value, undefined, value]);
});
