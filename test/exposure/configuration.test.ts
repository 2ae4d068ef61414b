// What opens the server is set by words that are checked, each fault under the name of its variable or flag.
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { exposureOf } from '../../src/exposure/exposure.ts';

test('nothing is open but in a sandbox, and there only the schema and the page', () => {
  const read = readConfig({}, {});
  expect(
    'config' in read && [read.config.introspection, read.config.graphiql, read.config.corsOrigins, read.config.trustedDocuments],
  ).toEqual(Array(4).fill(undefined));
  const nothing = { introspection: false, graphiql: false, origins: [], trustedDocuments: null };
  expect(exposureOf(false)).toEqual(nothing);
  expect(exposureOf(false, { introspection: undefined, origins: undefined })).toEqual(nothing);
  expect(exposureOf(true)).toEqual({ ...nothing, introspection: true, graphiql: true });
  expect(exposureOf(true, { introspection: false })).toEqual({ ...nothing, graphiql: true });
});

test('words for what is open', () => {
  const variables = { INTROSPECTION: 'true', GRAPHIQL: 'false', CORS_ORIGINS: 'https://shop.example, http://127.0.0.1:3000' };
  const read = readConfig({}, variables);
  expect('config' in read && read.config).toMatchObject({
    introspection: true,
    graphiql: false,
    corsOrigins: ['https://shop.example', 'http://127.0.0.1:3000'],
  });
});

test('faults', () => {
  const read = readConfig({ 'cors-origins': '*,https://shop.example/,https://ok.example' }, { INTROSPECTION: 'yes', GRAPHIQL: '1' });
  expect('faults' in read && read.faults.toSorted()).toEqual([
    expect.stringMatching(/^--cors-origins: "\*" is no origin/),
    expect.stringMatching(/^--cors-origins: "https:\/\/shop\.example\/" is no origin/),
    'GRAPHIQL: expected true or false.',
    'INTROSPECTION: expected true or false.',
  ]);
});
