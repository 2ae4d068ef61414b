// Operations made from the schema that ask a root field for everything it answers, with every argument as a variable.
import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isAbstractType, isObjectType } from 'graphql';
import { everything, type Field, mayRefuse, wholeField } from './selections.ts';

type Root = 'query' | 'mutation';

const rootType = (schema: GraphQLSchema, root: Root): GraphQLObjectType => {
  const type = root === 'query' ? schema.getQueryType() : schema.getMutationType();
  if (!type) throw new Error(`The schema has no ${root}.`);
  return type;
};

export const rootFields = (schema: GraphQLSchema, root: Root): readonly Field[] => Object.values(rootType(schema, root).getFields());

function operation(root: Root, { name, args }: Field, selection: string): string {
  const declared = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return `${root} Ask${declared && `(${declared})`} { ${name}${passed && `(${passed})`} { ${selection} } }`;
}

/** The operation that asks for everything that cannot be refused. */
export function wholeDocument(schema: GraphQLSchema, root: Root, field: Field): string {
  const type = getNamedType(field.type);
  // Of objects that have an id only the names are asked for, as everywhere.
  const isNode = isAbstractType(type) || (isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'));
  return operation(root, field, isNode ? '__typename id' : everything(schema, type));
}

/** What can be refused below a root field, each by itself: the field of an object that hangs under the answer. */
export function refusableDocuments(
  schema: GraphQLSchema,
  root: Root,
  field: Field,
): readonly { readonly path: readonly [part: string, field: string]; readonly document: string }[] {
  const payload = getNamedType(field.type);
  if (!isObjectType(payload)) return [];
  return Object.values(payload.getFields()).flatMap((part) => {
    const type = getNamedType(part.type);
    if (!isObjectType(type) || type.getInterfaces().some(({ name }) => name === 'Node')) return [];
    return Object.values(type.getFields())
      .filter((below) => mayRefuse(type.name, below))
      .map((below) => ({
        path: [part.name, below.name] as const,
        document: operation(root, field, `__typename ${part.name} { __typename ${wholeField(schema, below)} }`),
      }));
  });
}
