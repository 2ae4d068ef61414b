// Executes an operation until its time is over, or its client is gone.
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import type { Turn } from './turn.ts';

type Execute = (args: ExecutionArgs) => unknown;

/** Nobody reads it; it stands in the log. */
const clientGone = () =>
  new GraphQLError('The client did not wait for the answer.', { extensions: { code: 'CLIENT_GONE', http: { status: 499 } } });

const isQuery = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;

/**
 * Executes; an operation that was given up answers the reason and nothing else. One that only reads is given up when its client
 * goes away; commands are finished, since a client that is cut off cannot know how far they came.
 */
export async function executeWithin(
  { signal, giveUp }: Turn,
  request: Request,
  args: ExecutionArgs,
  execute: Execute,
): Promise<ExecutionResult> {
  const leave = (): void => giveUp(clientGone());
  if (isQuery(args)) request.signal.addEventListener('abort', leave, { once: true });
  try {
    // The server's executor knows the signal that the type of its arguments does not, and streams nothing that has no stream.
    const result = (await execute({ ...args, signal } as ExecutionArgs)) as ExecutionResult;
    return signal.aborted && result.errors?.some(({ originalError }) => originalError === signal.reason) ? refusedBy(signal) : result;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return refusedBy(signal);
    throw error;
  } finally {
    request.signal.removeEventListener('abort', leave);
  }
}

const refusedBy = ({ reason }: AbortSignal): ExecutionResult => ({ errors: [reason] });
