// Every field has a weight: what is not in the table goes by a rule, and a list must say how long it is.
import { getNullableType, isInterfaceType, isListType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { sandboxSchema } from '../../src/graphql/sandbox.ts';
import { weightOf, weights } from '../../src/limits/weights.ts';

const fields = Object.values(sandboxSchema().getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
  .flatMap((type) => ('getFields' in type ? Object.values(type.getFields()).map((field) => ({ type, field })) : []));

test('every list says how long it is', () => {
  const lists = fields.filter(({ field }) => isListType(getNullableType(field.type)));
  expect(lists.length).toBeGreaterThan(30);
  expect(
    lists
      .filter(({ type, field }) => !('args' in field) || !weightOf(type.name, field).list)
      .map(({ type, field }) => `${type.name}.${field.name}`),
  ).toEqual([]);
});

test('every connection says how long its page is', () => {
  const pages = fields.filter(({ field }) => String(field.type).replace('!', '').endsWith('Connection'));
  expect(pages.length).toBeGreaterThan(10);
  for (const { type, field } of pages)
    expect('args' in field && weightOf(type.name, field).sizes, `${type.name}.${field.name}`).toBeTypeOf('function');
});

test('a list that is as long as the field above it says stands under one that says so', () => {
  const sized = fields.filter(({ type, field }) => 'args' in field && weightOf(type.name, field).list?.kind === 'sized');
  const said = fields.filter(({ type, field }) => 'args' in field && weightOf(type.name, field).sizes);
  const parents = said.map(({ field }) => String(field.type).replace('!', ''));
  // The lines of a cart stand one object further down.
  const reached = [...parents, 'CartPoints'];
  for (const { type } of sized) expect(reached).toContain(type.name);
});

test('the table names no field that there is not', () => {
  const names = fields.map(({ type, field }) => `${type.name}.${field.name}`);
  expect(Object.keys(weights).filter((name) => !names.includes(name))).toEqual([]);
});
