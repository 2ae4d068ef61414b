// Compiles an operation: walks what it selects, once, and puts together what reads its rows and what writes its answer.
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type VariableNode,
  visit,
} from 'graphql';
import type { Asking, Cells } from '../store/statement.ts';
import type { Store } from '../store/store.ts';
import { lineItemFields } from './line-item.ts';
import { balanceFields, memberFields } from './member.ts';
import { objectOf } from './object-text.ts';
import { orderFields } from './order.ts';
import { type Compiling, createLevel, type Edge, type Level, type PlannedFields, type Running, type Write } from './plan.ts';
import { queryFields } from './query.ts';
import { type Document, type Selected, selectedFields, setsOf, Unplanned } from './selection.ts';

/** The fields that plans reach, by type; and money and connections, which are written as a whole. */
export const plannedTypes: Readonly<Record<string, PlannedFields>> = {
  Query: queryFields,
  Order: orderFields,
  LineItem: lineItemFields,
  Member: memberFields,
  PointsBalance: balanceFields,
};

export type Compiled = {
  /** Reads what the answer is made of. */
  readonly read: (running: Running) => Asking<void>;
  readonly write: (running: Running) => string;
};

/** Compiles what is selected of the query type. Throws Unplanned where plans do not reach. */
export function compileQuery(store: Store, document: Document, root: Selected): Compiled {
  const level = createLevel();
  const write = objectCompiler(store, document)(level, 'Query', root);
  const rows: readonly Cells[] = [[]];
  return { read: (running) => follow(level, rows, running), write: (running) => write([], running) };
}

/** Follows the edges of a level, one after the other, and theirs. */
function* follow(level: Level, rows: readonly Cells[], running: Running): Asking<void> {
  if (rows.length === 0) return;
  for (const { read, to } of level.edges) yield* follow(to, yield* read(rows, running), running);
}

type CompileObject = (level: Level, typeName: string, selected: Selected) => Write;

/** The most fields of a plan, fragments counted each time they are spread: a document that is short may say the same very often. */
const mostFields = 500;
/** The most edges of a plan, each a statement: it runs to its end without letting others in between. */
const mostEdges = 12;

function objectCompiler(store: Store, document: Document): CompileObject {
  let places = 0;
  let fields = 0;
  const keepIn =
    (level: Level) =>
    (edge: (place: number) => Edge): number => {
      const place = places;
      places += 1;
      if (places > mostEdges) throw new Unplanned();
      level.edges.push(edge(place));
      return place;
    };

  const counted = (selected: readonly Selected[]): readonly Selected[] => {
    fields += selected.length;
    if (fields > mostFields) throw new Unplanned();
    return selected;
  };
  const under = (typeName: string, selected: Selected): readonly Selected[] =>
    counted(selectedFields(document, setsOf(selected), typeOf(document, typeName)));

  const compileObject: CompileObject = (level, typeName, selected) => {
    const type = typeOf(document, typeName);
    return objectOf<Cells>(under(typeName, selected), (field): Write => {
      if (field.name === '__typename') return () => `"${typeName}"`;
      const planned = plannedTypes[typeName];
      const compile = planned && Object.hasOwn(planned, field.name) ? planned[field.name] : undefined;
      const definition = type.getFields()[field.name];
      if (!compile || !definition) throw new Unplanned();
      const compiling: Compiling = {
        store,
        level,
        selected: field,
        selectsCursors: () => selectsCursors(document, field),
        args: argumentsOf(definition, field.nodes[0]),
        object: (name, to, of = field) => compileObject(to, name, of),
        under: (name, of = field) => under(name, of),
        keep: keepIn(level),
      };
      return compile(compiling);
    });
  };
  return compileObject;
}

function typeOf({ schema }: Document, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no type of objects.`);
  return type;
}

const cursorFields: readonly string[] = ['cursor', 'startCursor', 'endCursor'];

/** Looks at every selection under a field, also those that may not apply: a column too many does no harm. */
function selectsCursors({ fragments }: Document, { nodes }: Selected): boolean {
  const seen = new Set<string>();
  const looks = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((node) => {
      if (node.kind === Kind.FIELD) return cursorFields.includes(node.name.value) || looks(node.selectionSet);
      if (node.kind === Kind.INLINE_FRAGMENT) return looks(node.selectionSet);
      if (seen.has(node.name.value)) return false;
      seen.add(node.name.value);
      return looks(fragments.get(node.name.value)?.selectionSet);
    });
  return nodes.some(({ selectionSet }) => looks(selectionSet));
}

/** The arguments of a field: worked out once when no variable is in them. */
function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Compiling['args'] {
  if (hasVariables(node)) return ({ variables }) => getArgumentValues(field, node, variables);
  const values = getArgumentValues(field, node);
  return () => values;
}

function hasVariables({ arguments: given = [] }: FieldNode): boolean {
  const found: VariableNode[] = [];
  for (const argument of given) visit(argument, { Variable: (node) => found.push(node) && undefined });
  return found.length > 0;
}
