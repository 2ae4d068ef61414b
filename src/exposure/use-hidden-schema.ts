// Keeps the schema from who does not know it: no introspection, and faults of a request are told without a name of it.
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const documentFault = 'The document is not valid for this API. It does not show its schema, so it cannot say more.';
const valueFault = 'A value of the request is not of the type that this API takes. It does not show its schema, so it cannot say more.';

/** Whether an error is one of our own, whose words are chosen; the library leaves its own without a code. */
function isOurs(error: Error): boolean {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return code !== undefined && code !== 'GRAPHQL_VALIDATION_FAILED';
}

/** One error for all that is wrong with a document; it says where, and what the client sent there is known to it. */
function withoutNames(errors: readonly Error[]): readonly Error[] {
  const theirs = errors.filter((error) => !isOurs(error));
  if (theirs.length === 0) return errors;
  const nodes = theirs.flatMap((error) => (error instanceof GraphQLError ? (error.nodes?.slice(0, 1) ?? []) : []));
  const fault = new GraphQLError(documentFault, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  return [...errors.filter(isOurs), fault];
}

/** Refuses introspection, however it is spelled, and tells nothing of the schema in what is wrong with a document. */
export const useHiddenSchema = (): Plugin => ({
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule);
    return ({ valid, result, setResult }) => {
      if (!valid) setResult([...withoutNames(result)]);
    };
  },
});

/**
 * What may be told of an error that arose when a document was carried out: which class of fault it is, and where. Null for a
 * fault that no request should be able to cause, such as an object of a type that the schema does not have.
 */
export function hiddenExecutionError(error: GraphQLError): GraphQLError | null {
  if (isOurs(error)) return error;
  const { message, nodes, path, extensions } = error;
  const isValueFault = /^(Variable "|Argument "|Too many errors processing variables)/.test(message);
  // Of what goes wrong while a field is answered, only its arguments are the client's.
  if (path && !isValueFault) return null;
  return new GraphQLError(isValueFault ? valueFault : documentFault, {
    ...(nodes && { nodes }),
    ...(path && { path }),
    // The status of the answer, which the server takes out of what it sends.
    extensions: {
      ...('http' in extensions && { http: extensions['http'] }),
      code: isValueFault ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED',
    },
  });
}
