// Plans of a server: compiled when an operation is first asked for, and kept with its document.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { includesRole } from '../access/actor.ts';
import { programAt } from '../domain/program.ts';
import type { Asking } from '../store/statement.ts';
import type { Store } from '../store/store.ts';
import { TookTooLong } from '../store/store-error.ts';
import { type Compiled, compileQuery } from './compile.ts';
import type { Plan, PlanRequest, Running } from './plan.ts';

type PlansOptions = { readonly schema: GraphQLSchema; readonly store: Store };

export type Plans = {
  /** The plan of an operation of a valid document; null when it has none. */
  readonly planOf: (document: DocumentNode, operationName: string | null | undefined) => Plan | null;
};

/** How many ways of including and skipping are compiled of an operation. */
const mostVariants = 16;

/** How many requests are carried out in the ordinary way, with its turns, after one that took too long by a plan. */
const requestsOfRest = 100;

/** Creates the plans of a schema on a store. Documents are to be kept by the caller: a plan lives as long as its document. */
export function createPlans({ schema, store }: PlansOptions): Plans {
  const known = new WeakMap<DocumentNode, Map<string, Plan | null>>();
  return {
    planOf(document, operationName) {
      const plans = known.get(document) ?? new Map<string, Plan | null>();
      known.set(document, plans);
      const name = operationName ?? '';
      const before = plans.get(name);
      if (before !== undefined) return before;
      const plan = createPlan(schema, store, document, operationName);
      plans.set(name, plan);
      return plan;
    },
  };
}

function createPlan(schema: GraphQLSchema, store: Store, document: DocumentNode, operationName: string | null | undefined): Plan | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.QUERY || operation.directives?.length) return null;
  const fragments = new Map(
    document.definitions.flatMap((node): [string, FragmentDefinitionNode][] =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const conditions = conditionsOf(document);
  const variants = new Map<string, Compiled | null>();
  const variantOf = (variables: PlanRequest['variables']): Compiled | null => {
    const values = conditions.map((name) => variables[name]);
    const key = JSON.stringify(values);
    const before = variants.get(key);
    if (before !== undefined || variants.size >= mostVariants) return before ?? null;
    const chosen = Object.fromEntries(conditions.map((name, index) => [name, values[index]]));
    const compiled = compiledOrNull(() => compileQuery(store, { schema, fragments, conditions: chosen }, rootOf(operation)));
    variants.set(key, compiled);
    return compiled;
  };
  // What no variable decides is known now.
  if (conditions.length === 0 && variantOf({}) === null) return null;
  let rests = 0;
  return {
    run(request) {
      if (rests > 0) {
        rests -= 1;
        return null;
      }
      return runPlan(store, variantOf(request.variables), request, () => {
        rests = requestsOfRest;
      });
    },
  };
}

/** The operation as a field, so that what it selects is compiled as everything is that is selected of an object. */
const rootOf = ({ selectionSet }: OperationDefinitionNode): Parameters<typeof compileQuery>[2] => {
  const name = { kind: Kind.NAME, value: 'query' } as const;
  return { key: '', name: '', nodes: [{ kind: Kind.FIELD, name, selectionSet }] };
};

/** The variables that decide what is included or skipped. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** Whatever a plan stumbles over is for the ordinary execution to answer, which says what is wrong. */
function compiledOrNull(compile: () => Compiled): Compiled | null {
  try {
    return compile();
  } catch {
    return null;
  }
}

function runPlan(
  store: Store,
  compiled: Compiled | null,
  { actor, variables, now }: PlanRequest,
  onTooLong: () => void,
): ReturnType<Plan['run']> {
  if (!compiled || !includesRole(actor.role, 'service')) return null;
  function* read({ read }: Compiled): Asking<Running | null> {
    const programs = yield* store.chosen.programs(actor.siteId);
    if (programs.length === 0) return null;
    const running: Running = { siteId: actor.siteId, program: programAt(programs, now), variables, found: [] };
    yield* read(running);
    return running;
  }
  try {
    const looked = store.look(() => read(compiled));
    if (!(looked instanceof Promise)) return looked && compiled.write(looked);
    return looked.then((running) => running && compiled.write(running)).catch(() => null);
  } catch (error) {
    if (error instanceof TookTooLong) onTooLong();
    return null;
  }
}
