// Refuses documents that would be expensive to validate: counted in one walk, before anything is compared with anything.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import { documentRefused } from './limit-error.ts';
import type { Limits } from './limits.ts';

type ShapeLimits = Pick<Limits, 'depth' | 'aliases' | 'directives' | 'fields' | 'definitions' | 'repeats'>;

/** How deep lists and objects may stand within each other in a literal. Data that nests more is sent as a variable. */
const valueDepth = 32;

/** What each limit counts, in words for the refusal. */
const words = {
  aliases: 'aliases',
  directives: 'directives',
  fields: 'fields',
  definitions: 'operations, fragments and spreads of fragments',
  repeats: 'fields beside others of the same name',
} as const;

type Counts = Record<keyof typeof words, number>;

/**
 * Throws when a document is beyond a limit. Fragments are counted once, however often they are spread, and only the depth looks
 * through them, once for each. Fragments that spread themselves are refused here, since the validation would follow them.
 */
export function checkShape(document: DocumentNode, limits: ShapeLimits): void {
  const counts: Counts = { aliases: 0, directives: 0, fields: 0, definitions: 0, repeats: 0 };
  const add = (what: keyof Counts, more = 1): void => {
    counts[what] += more;
    if (counts[what] > limits[what]) throw documentRefused(`Expected at most ${limits[what]} ${words[what]} in a document.`);
  };
  let values = 0;
  const enterValue = (): void => {
    values += 1;
    if (values > valueDepth) throw documentRefused(`Expected values that nest at most ${valueDepth} deep: send others as variables.`);
  };
  const leaveValue = (): void => {
    values -= 1;
  };
  visit(document, {
    OperationDefinition: () => add('definitions'),
    FragmentDefinition: () => add('definitions'),
    FragmentSpread: () => add('definitions'),
    Directive: () => add('directives'),
    Field(field) {
      add('fields');
      if (field.alias) add('aliases');
      if (field.selectionSet) add('repeats', repeatsIn(field.selectionSet));
    },
    ListValue: { enter: enterValue, leave: leaveValue },
    ObjectValue: { enter: enterValue, leave: leaveValue },
  });
  for (const definition of document.definitions) if ('selectionSet' in definition) add('repeats', repeatsIn(definition.selectionSet));
  checkDepth(document, limits.depth);
}

/** How many fields stand beside an earlier one of the same name, those in fragments written in place included. */
function repeatsIn({ selections }: SelectionSetNode): number {
  const seen = new Set<string>();
  let repeats = 0;
  const look = (among: readonly SelectionNode[], condition: string): void => {
    for (const selection of among) {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        look(selection.selectionSet.selections, selection.typeCondition?.name.value ?? condition);
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      const key = selection.kind === Kind.FIELD ? `${condition} ${(selection.alias ?? selection.name).value}` : null;
      if (key !== null && seen.has(key)) repeats += 1;
      if (key !== null) seen.add(key);
    }
  };
  look(selections, '');
  return repeats;
}

/** Each fragment is measured once; one that is met while it is being measured spreads itself. */
function checkDepth(document: DocumentNode, limit: number): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const known = new Map<string, number | 'being measured'>();

  const ofFragment = (name: string, above: number): number => {
    const fragment = fragments.get(name);
    const measured = known.get(name);
    if (measured === 'being measured') throw documentRefused(`The fragment "${name}" spreads itself, by itself or through others.`);
    if (measured !== undefined || !fragment) return measured ?? 0;
    known.set(name, 'being measured');
    const depth = ofSelections(fragment.selectionSet, above);
    known.set(name, depth);
    return depth;
  };
  const ofSelections = ({ selections }: SelectionSetNode, above: number): number =>
    Math.max(...selections.map((selection) => ofSelection(selection, above)));
  const ofSelection = (selection: SelectionNode, above: number): number => {
    // Without this a document could nest deeper than this walk can follow before its depth is known.
    if (above > limit * 10) throw tooDeep(limit);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value, above + 1);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelections(selection.selectionSet, above + 1);
    return 1 + (selection.selectionSet ? ofSelections(selection.selectionSet, above + 1) : 0);
  };

  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION && ofSelections(definition.selectionSet, 0) > limit) throw tooDeep(limit);
  // A fragment that nobody spreads may spread itself too.
  for (const name of fragments.keys()) ofFragment(name, 0);
}

const tooDeep = (limit: number) => documentRefused(`Expected fields at most ${limit} deep.`);
