// Selections made from the schema: every field of a type, and of the types of its fields, down to the objects that have an id.
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { accessRules } from '../../../src/graphql/access-rules.ts';

export type Field = GraphQLField<unknown, unknown>;

/** The rule that the product declares for a field. */
export const ruleOf = (type: string, field: string): string | undefined => accessRules.get(type)?.get(field);

const isNode = (type: GraphQLObjectType): boolean => type.getInterfaces().some(({ name }) => name === 'Node');

/** Whether asking may be refused with an error, which takes the whole object away: such a field is asked for by itself. */
export const mayRefuse = (type: string, field: Field): boolean => ruleOf(type, field.name) === 'ACCOUNT' && isNonNullType(field.type);

/** Lists are asked for as long as they may be. */
const argumentsOf = (field: Field): string => (field.args.some(({ name }) => name === 'first') ? '(first: 100)' : '');

/** A field with everything of it. Objects that have an id are only named: each of them is asked for by itself. */
export function wholeField(schema: GraphQLSchema, field: Field, given = argumentsOf(field)): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return `${field.name}${given}`;
  return `${field.name}${given} { ${isObjectType(type) && isNode(type) ? '__typename id' : everything(schema, type)} }`;
}

/** All fields of a type. Of those that may be refused, none. */
export function everything(schema: GraphQLSchema, type: GraphQLNamedType): string {
  if (isAbstractType(type))
    return `__typename ${schema
      .getPossibleTypes(type)
      .map((possible) => `... on ${possible.name} { ${everything(schema, possible)} }`)
      .join(' ')}`;
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).filter((field) => !mayRefuse(type.name, field));
  return ['__typename', ...fields.map((field) => wholeField(schema, field))].join(' ');
}

/** All fields of a type, with all fields of the objects that they lead to, so many objects deep. Short pages, since they multiply. */
export function deep(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  if (!isObjectType(type)) return '__typename';
  const left = isNode(type) ? depth - 1 : depth;
  if (left < 0) return '__typename id';
  const fields = Object.values(type.getFields()).filter((field) => !mayRefuse(type.name, field) && field.name !== 'edges');
  const parts = fields.map((field) => {
    const below = getNamedType(field.type);
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 5)' : '';
    return isLeafType(below) ? field.name : `${field.name}${page} { ${deep(schema, below, left)} }`;
  });
  return ['__typename', ...parts].join(' ');
}

type NodeSelection = { readonly typename: string; readonly field: string | null; readonly selection: string };

/** What asks for all of the objects of each type that has ids: once for what cannot be refused, and once for each field that can. */
export function nodeSelections(schema: GraphQLSchema): readonly NodeSelection[] {
  const node = schema.getType('Node');
  if (!node || !isAbstractType(node)) throw new Error('The schema has no Node.');
  return schema.getPossibleTypes(node).flatMap((type) => {
    const of = (field: string | null, selection: string): NodeSelection => ({
      typename: type.name,
      field,
      selection: `__typename ... on ${type.name} { ${selection} }`,
    });
    const refusable = Object.values(type.getFields()).filter((field) => mayRefuse(type.name, field));
    return [of(null, everything(schema, type)), ...refusable.map((field) => of(field.name, wholeField(schema, field)))];
  });
}
