// What the known tools send to learn a schema that is not shown: names with one letter changed, values of wrong types, and introspection.
import type { SchemaNames } from './schema-names.ts';

export type Probe = { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };

/** A name with the letter in its middle changed. */
function misspelt(name: string): string {
  const middle = Math.floor(name.length / 2);
  const letter = name.charAt(middle);
  return `${name.slice(0, middle)}${/[a-y]/i.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 1) : 'x'}${name.slice(middle + 1)}`;
}

function grouped<Item extends { readonly type: string }>(items: readonly Item[]): readonly (readonly [string, readonly Item[]])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.type, [...(groups.get(item.type) ?? []), item]);
  return [...groups];
}

const onType = (type: string, selection: string): Probe => ({ query: `{ ...F } fragment F on ${type} { ${selection} }` });

/** Values for variables of types. A JSON argument takes them all, so that each is used and none is excluded by its place. */
function asVariables(given: readonly (readonly [type: string, value: unknown])[]): Probe {
  const declared = given.map(([type], index) => `$v${index}: ${type}`).join(' ');
  const used = given.map((_, index) => `v${index}: $v${index}`).join(' ');
  return {
    query: `query (${declared}) { cartPoints(input: {userId: "a" lineItems: [] attributes: {${used}}}) { userErrors { retryable } } }`,
    variables: Object.fromEntries(given.map(([, value], index) => [`v${index}`, value])),
  };
}

/** Literals as defaults of variables of types. */
const asDefaults = (given: readonly (readonly [type: string, literal: string])[]): Probe => ({
  query: `query (${given.map(([type, literal], index) => `$v${index}: ${type} = ${literal}`).join(' ')}) { __typename }`,
});

const fieldProbes = ({ fields }: SchemaNames): readonly Probe[] =>
  grouped(fields).flatMap(([type, own]) => [
    onType(type, own.map(({ field }) => misspelt(field)).join(' ')),
    // Without arguments and without a selection, and with both where there are none.
    onType(type, own.map(({ field }) => field).join(' ')),
    onType(type, own.map(({ field }) => `${field} { a }`).join(' ')),
    onType(
      type,
      own.flatMap(({ field, args }) => args.map((arg, index) => `f${index}${field}: ${field}(${misspelt(arg)}: 1)`)).join(' ') || 'a',
    ),
    onType(
      type,
      own.flatMap(({ field, args }) => args.map((arg, index) => `f${index}${field}: ${field}(${arg}: {a: 1})`)).join(' ') || 'a',
    ),
    {
      query: `query ($v: Boolean) { ...F } fragment F on ${type} { ${own.map(({ field, args }) => (args[0] ? `${field}(${args[0]}: $v)` : field)).join(' ')} }`,
    },
  ]);

const rootProbes = ({ fields }: SchemaNames): readonly Probe[] =>
  ['query', 'mutation', 'subscription'].map((operation) => ({
    query: `${operation} { ${fields
      .filter(({ type }) => type === 'Query' || type === 'Mutation')
      .map(({ field }) => misspelt(field))
      .join(' ')} }`,
  }));

const chunked = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const typeProbes = ({ types, inputTypes }: SchemaNames): readonly Probe[] => [
  ...chunked(types.map(misspelt), 20).flatMap((some) => [
    { query: `query (${some.map((type, index) => `$v${index}: ${type}`).join(' ')}) { __typename }` },
    { query: some.map((type, index) => `fragment F${index} on ${type} { __typename }`).join(' ') },
    { query: `{ node(id: "T3JkZXI6MQ==") { ${some.map((type) => `... on ${type} { id }`).join(' ')} } }` },
  ]),
  ...chunked(types, 20).map((some) => asVariables(some.map((type) => [type, 1]))),
  ...inputTypes.flatMap((type) => [
    asVariables(
      [5, 'a', [{}], { a: 1 }, {}, true].flatMap(
        (value) =>
          [
            [type, value],
            [`[${type}!]!`, [value]],
          ] as const,
      ),
    ),
    asVariables([
      [`${type}!`, null],
      [`[${type}!]`, [null]],
      [`${type}!`, undefined],
    ]),
    asDefaults(['5', '"a"', '{a: 1}', '{}', 'A', '[[1]]'].map((literal) => [type, literal] as const)),
  ]),
];

const inputProbes = ({ inputFields }: SchemaNames): readonly Probe[] =>
  grouped(inputFields).flatMap(([type, own]) => [
    asVariables([
      [type, Object.fromEntries(own.map(({ field }) => [misspelt(field), 1]))],
      [type, Object.fromEntries(own.map(({ field }) => [field, { a: 1 }]))],
    ]),
    asDefaults([
      [type, `{${own.map(({ field }) => `${misspelt(field)}: 1`).join(' ')}}`],
      [type, `{${own.map(({ field }) => `${field}: {a: 1}`).join(' ')}}`],
    ]),
  ]);

const enumProbes = ({ enumValues }: SchemaNames): readonly Probe[] =>
  grouped(enumValues).flatMap(([type, own]) => [
    asVariables(
      own.flatMap(
        ({ value }) =>
          [
            [type, misspelt(value)],
            [type, value.toLowerCase()],
          ] as const,
      ),
    ),
    asDefaults(
      own.flatMap(
        ({ value }) =>
          [
            [type, misspelt(value)],
            [type, `"${misspelt(value)}"`],
          ] as const,
      ),
    ),
  ]);

/** Introspection in every spelling, and faults of other kinds. */
export const spellings: readonly Probe[] = [
  ...[
    '{ __schema { types { name } } }',
    'query Innocent { a: __schema { b: types { c: name } } }',
    '{ __type(name: "Order") { fields { name } } }',
  ],
  ...['{ ...F } fragment F on Query { __schema { queryType { name } } }', '{ ... { ... on Query { __schema { directives { name } } } } }'],
  ...['{ __typename ...A } fragment A on Query { ...B } fragment B on Query { s: __type(name: "Member") { kind } }'],
  ...['mutation { __schema { types { name } } }', 'query ($on: Boolean! = true) { __schema @include(if: $on) { types { name } } }'],
  ...[
    '{ __schema @skip(if: true) { types { name } } }',
    '{ \u{feff}__schema\n,,{ types\t{ name } } }',
    '{ __schema }',
    '{ __type }',
    '{ __shema { a } }',
  ],
  ...['{ __typename @includ(if: true) }', '{ __typename @include }', '{ __typename @include(if: 1) }', '{ __typename { a } }'],
  ...[
    'query { __typename } query { __typename }',
    '{ ...Missing }',
    '{ ...F } fragment F on Query { ...F }',
    '{ node }',
    'subscription { a }',
  ],
  ...['query ($v: Boolean!) { __typename @include(if: $v) }', 'query ($v: Int) { __typename @include(if: $v) }'],
].map((query) => ({ query }));

export const probesOf = (names: SchemaNames): readonly Probe[] => [
  ...[rootProbes, fieldProbes, typeProbes, inputProbes, enumProbes].flatMap((probes) => probes(names)),
  ...spellings,
];
