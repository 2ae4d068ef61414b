// Arguments that are faulty in every value, made from the schema: who may not use a field must not learn even that.
import { type GraphQLArgument, type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';

/** One more than a bulk call takes. */
const tooMany = 1_001;

const faultyScalars: Readonly<Record<string, unknown>> = { Int: -1, Boolean: true, JSON: {}, ID: '', String: '' };

/** A value that the type takes, and no rule on its content. Rows of a bulk call say no more than they must. */
function faultyValue(type: GraphQLInputType, isBulk: boolean): unknown {
  if (isNonNullType(type)) return faultyValue(type.ofType, isBulk);
  if (isListType(type)) return Array.from({ length: isBulk ? tooMany : 1 }, () => faultyValue(type.ofType, isBulk));
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return faultyScalars[type.name] ?? '?';
  const fields = Object.values(type.getFields());
  const given = type.isOneOf ? fields.slice(0, 1) : isBulk ? fields.filter((field) => isNonNullType(field.type)) : fields;
  return Object.fromEntries(given.map((field) => [field.name, faultyValue(field.type, /^Bulk.*Input$/.test(type.name))]));
}

export const faultyArguments = (args: readonly GraphQLArgument[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(args.map(({ name, type }) => [name, faultyValue(type, false)]));
