// Random operations over the schema: with literals, variables, defaults, fragments, aliases and conditions.
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** A number from 0 up to, but not, so many. */
export type Choose = (below: number) => number;
export type RandomOperation = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

/** What required arguments are given, by field; a field with others that are required is left out. */
export type KnownArguments = Readonly<Record<string, readonly string[]>>;

/** Whether a field may be asked for, by the name of its type and its own. */
export type IsMeant = (typeName: string, fieldName: string) => boolean;

/** Writes a query that is valid. What it asks for is chosen by the numbers, among the fields that are meant. */
export function randomOperation(
  schema: GraphQLSchema,
  choose: Choose,
  known: KnownArguments,
  isMeant: IsMeant = () => true,
): RandomOperation {
  const fragments: string[] = [];
  const declarations: string[] = [];
  const variables: Record<string, unknown> = {};
  let names = 0;
  const name = (prefix: string): string => `${prefix}${names++}`;
  const isSeldom = (): boolean => choose(5) === 0;

  function variable(type: string, value: number | boolean): string {
    const variableName = name('v');
    // Left to its default, or given over another default.
    const isDefault = isSeldom();
    declarations.push(`$${variableName}: ${type} = ${isDefault ? value : type === 'Int' ? 1 : !value}`);
    if (!isDefault) variables[variableName] = value;
    return `$${variableName}`;
  }

  function page(): string {
    const first = [0, 1, 2, 3, 7, 20, 100][choose(7)] ?? 1;
    const way = choose(4);
    if (way === 0) return '';
    if (way === 1) return isSeldom() ? 'first: null' : `first: ${first}`;
    return `first: ${variable('Int', first)}`;
  }

  function argumentsOf(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): string {
    const required = known[`${parent.name}.${field.name}`];
    const given = [required?.[choose(required.length)] ?? '', field.args.some((arg) => arg.name === 'first') ? page() : ''].filter(Boolean);
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  const condition = (): string => (isSeldom() ? ` @${isSeldom() ? 'skip' : 'include'}(if: ${variable('Boolean!', choose(2) === 0)})` : '');

  function isUsable(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>, depth: number): boolean {
    if (getNamedType(field.type).name === 'JSON' || !isMeant(parent.name, field.name)) return false;
    const isRequired = field.args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
    return (depth > 0 || !isCompositeType(getNamedType(field.type))) && (!isRequired || `${parent.name}.${field.name}` in known);
  }

  function fieldOf(type: GraphQLNamedType, depth: number): string {
    const fields =
      isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()).filter((field) => isUsable(type, field, depth)) : [];
    const composite = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    const among = composite.length > 0 && choose(4) > 0 ? composite : fields;
    const field = among[choose(among.length)];
    if (!field) return '__typename';
    const named = getNamedType(field.type);
    // Each has a name of its own, so that no two of them conflict.
    const alias = `${name('a')}: `;
    return `${alias}${field.name}${argumentsOf(type, field)}${condition()}${isCompositeType(named) ? ` ${selections(named, depth - 1)}` : ''}`;
  }

  function selections(type: GraphQLNamedType, depth: number): string {
    const parts = Array.from({ length: 1 + choose(3) }, () => {
      const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
      const meant = possible.length > 0 && choose(2) === 0 ? (possible[choose(possible.length)] ?? type) : type;
      if (meant !== type || isSeldom()) return fragment(meant, depth);
      return fieldOf(type, depth);
    });
    return `{ ${parts.join(' ')} }`;
  }

  function fragment(type: GraphQLNamedType, depth: number): string {
    const body = depth > 0 ? selections(type, depth - 1) : '{ __typename }';
    if (choose(2) === 0) return `... on ${type.name}${condition()} ${body}`;
    const fragmentName = name('F');
    fragments.push(`fragment ${fragmentName} on ${type.name} ${body}`);
    return `...${fragmentName}${condition()}`;
  }

  const root = schema.getQueryType();
  const body = root ? selections(root, 6) : '{ __typename }';
  const declared = declarations.length > 0 ? `(${declarations.join(', ')})` : '';
  return { query: [`query Random${declared} ${body}`, ...fragments].join('\n'), variables };
}

/** The objects of an answer, the answer's own not counted: lists hold objects, and are none. */
export function countObjects(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((count: number, each) => count + countObjects(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((count: number, each) => count + countObjects(each), 1);
}
