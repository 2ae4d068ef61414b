// The operations that the front may answer: those of documents that Yoga has parsed, found good and carried out, and still keeps.
import { type DocumentNode, type GraphQLSchema, getOperationAST, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type CostOf, createCostOf } from '../limits/known-cost.ts';
import { operationNameOf } from '../observe/operation-name.ts';
import type { Plan } from '../plans/plan.ts';

export type KnownOperation = {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly isQuery: boolean;
  /** As the log and the metrics call it. */
  readonly name: string;
  readonly plan: Plan | null;
  /** What it costs with coerced variables. */
  readonly costOf: CostOf;
};

type KnownParts = {
  readonly schema: GraphQLSchema;
  /** The documents that Yoga keeps, by their texts. */
  readonly documents: { readonly get: (text: string) => DocumentNode | undefined };
  readonly planOf: (document: DocumentNode, operationName: string | null) => Plan | null;
};

export type KnownOperations = {
  readonly plugin: Plugin;
  /** The operation of a text and a name; null while it is not known to be good, and when there is none. */
  readonly find: (text: string, operationName: string | null) => KnownOperation | null;
};

/** Creates what is known, and the plugin by which it is learnt. What is known is kept as long as its document. */
export function createKnownOperations({ schema, documents, planOf }: KnownParts): KnownOperations {
  const known = new WeakMap<DocumentNode, Map<string | null, KnownOperation>>();

  function know(document: DocumentNode, operationName: string | null): KnownOperation | null {
    const operation = getOperationAST(document, operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
    const isQuery = operation.operation === OperationTypeNode.QUERY;
    return {
      document,
      operation,
      isQuery,
      name: operationNameOf(schema, document, operationName),
      plan: isQuery ? planOf(document, operationName) : null,
      costOf: createCostOf({ schema, document, operationName }),
    };
  }

  return {
    plugin: {
      // Whoever comes here was let through by everything that judges a document, by the schema and by what is trusted.
      onExecute({ args: { document } }) {
        if (!known.has(document)) known.set(document, new Map());
      },
    },
    find(text, operationName) {
      const document = documents.get(text);
      const operations = document && known.get(document);
      if (!operations) return null;
      const before = operations.get(operationName);
      if (before) return before;
      const operation = know(document, operationName);
      // A name that is none of the document's finds nothing and is not kept: so there are no more entries than operations, and one.
      if (operation) operations.set(operationName, operation);
      return operation;
    },
  };
}
