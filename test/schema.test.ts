// The schema: printed as it stands in schema.graphql, and documented throughout.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { sandboxSchema } from '../src/graphql/sandbox.ts';
import { schema } from '../src/graphql/schema.ts';

type Documented = { readonly description?: string | null | undefined };
type Named = readonly [name: string, element: Documented];

/** A type and everything in it that a stranger reads about. */
function elementsOf(type: GraphQLNamedType): readonly Named[] {
  const at = (name: string): string => `${type.name}.${name}`;
  if (isEnumType(type)) return [[type.name, type], ...type.getValues().map((value): Named => [at(value.name), value])];
  if (isInputObjectType(type))
    return [[type.name, type], ...Object.values(type.getFields()).map((field): Named => [at(field.name), field])];
  if (!isObjectType(type) && !isInterfaceType(type)) return [[type.name, type]];
  const fields = Object.values(type.getFields());
  const args = fields.flatMap((field) => field.args.map((arg): Named => [at(`${field.name}(${arg.name})`), arg]));
  return [[type.name, type], ...fields.map((field): Named => [at(field.name), field]), ...args];
}

// The sandbox's schema has all of the product's, and what is only its own.
const ownTypes = Object.values(sandboxSchema().getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));

test('schema.graphql is what the code says', () => {
  const printed = readFileSync(join(import.meta.dirname, '../schema.graphql'), 'utf8');
  expect(`${printSchema(schema)}\n`).toBe(printed);
});

test('every type, field, argument, enum value and input field has a description', () => {
  const elements = ownTypes.flatMap(elementsOf);
  expect(elements.length).toBeGreaterThan(400);
  expect(elements.filter(([, { description }]) => !description?.trim()).map(([name]) => name)).toEqual([]);
});

test('a sandbox has the schema of the product and two fields more', () => {
  const removed: string[] = [];
  const isSandboxOnly = (name: string): boolean => name === 'now' || name === 'advanceClock';
  const withoutClock = visit(parse(printSchema(sandboxSchema())), {
    FieldDefinition: ({ name: { value } }, _key, _parent, _path, ancestors) => {
      if (!isSandboxOnly(value)) return undefined;
      const owner = ancestors.at(-1);
      removed.push(`${owner && 'name' in owner ? owner.name?.value : ''}.${value}`);
      return null;
    },
  });
  expect(print(withoutClock)).toBe(print(parse(printSchema(schema))));
  expect(removed).toEqual(['Mutation.advanceClock', 'Query.now']);
});
