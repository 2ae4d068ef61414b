// The names of a schema, and which of them an answer tells that were not in its request.
import { type GraphQLSchema, isEnumType, isInputObjectType, isInputType, isInterfaceType, isObjectType } from 'graphql';

export type SchemaNames = {
  readonly types: readonly string[];
  /** Those that values can be sent of. */
  readonly inputTypes: readonly string[];
  readonly fields: readonly { readonly type: string; readonly field: string; readonly args: readonly string[] }[];
  readonly inputFields: readonly { readonly type: string; readonly field: string }[];
  readonly enumValues: readonly { readonly type: string; readonly value: string }[];
  readonly all: ReadonlySet<string>;
};

/** Every name of a schema's own. */
export function namesOf(schema: GraphQLSchema): SchemaNames {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map(({ name, args }) => ({ type: type.name, field: name, args: args.map((arg) => arg.name) }))
      : [],
  );
  const inputFields = types.flatMap((type) =>
    isInputObjectType(type) ? Object.keys(type.getFields()).map((field) => ({ type: type.name, field })) : [],
  );
  const enumValues = types.flatMap((type) =>
    isEnumType(type) ? type.getValues().map(({ name }) => ({ type: type.name, value: name })) : [],
  );
  const words = [
    ...types.map(({ name }) => name),
    ...fields.flatMap(({ field, args }) => [field, ...args]),
    ...inputFields.map(({ field }) => field),
    ...enumValues.map(({ value }) => value),
  ];
  const inputTypes = types.filter(isInputType).map(({ name }) => name);
  return { types: types.map(({ name }) => name), inputTypes, fields, inputFields, enumValues, all: new Set(words) };
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));

/** Words that every answer of GraphQL has: its keys, and the names of errors' codes. They name nothing of a schema. */
const everyAnswers = new Set(['data', 'errors', 'message', 'locations', 'line', 'column', 'path', 'extensions', 'code']);

/** The names that an answer tells and its request did not say. */
export function recovered(all: ReadonlySet<string>, request: string, answer: string, known: ReadonlySet<string>): readonly string[] {
  const said = wordsOf(request);
  return [...wordsOf(answer)].filter((word) => all.has(word) && !said.has(word) && !known.has(word) && !everyAnswers.has(word));
}
