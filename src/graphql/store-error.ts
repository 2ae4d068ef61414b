// The errors of a database that is away, as callers are told of them: what became of the command, and that it may be sent again.
import { GraphQLError } from 'graphql';
import { DatabaseUnavailable, OutcomeUnknown } from '../store/store-error.ts';

type Where = { readonly path: GraphQLError['path']; readonly traceId: string };

/** What a caller is told when the database was lost or could not be reached; null when something else is wrong. */
export function storeError(cause: unknown, { path, traceId }: Where): GraphQLError | null {
  const tell = (code: string, message: string): GraphQLError =>
    new GraphQLError(message, {
      ...(path && { path }),
      // Without a path nothing of the request was executed: whoever only looks at the status is told as well.
      extensions: { code, retryable: true, traceId, ...(!path && { http: { status: 503 } }) },
    });
  if (cause instanceof OutcomeUnknown)
    return tell(
      'OUTCOME_UNKNOWN',
      'The database was lost while this was being committed: it may have been carried out, or not. Send it again as it was, with the same idempotency key or id: it is carried out once.',
    );
  // It may come within the payload of a command that was carried out: so it does not say that nothing was.
  if (cause instanceof DatabaseUnavailable)
    return tell(
      'DATABASE_UNAVAILABLE',
      'The database cannot be reached at present. Send it again as it was, in a while: what was carried out of it is not done again.',
    );
  return null;
}
