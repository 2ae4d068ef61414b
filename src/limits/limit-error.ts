// The errors by which a limit refuses: each says what was too much, how much is allowed, and what helps.
import { GraphQLError } from 'graphql';

/** Refuses a document before it is validated. The status is for answers of the type application/graphql-response+json. */
export const documentRefused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'DOCUMENT_TOO_COMPLEX', http: { spec: true, status: 400 } } });

/** A document that runs the parser out of stack, or is longer than may be parsed. */
export const documentUnparsed = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { spec: true, status: 400 } } });

/** Refuses an operation that would cost more than one may. Nothing of it is executed. */
export const costExceeded = (requested: number, maximum: number): GraphQLError =>
  new GraphQLError(
    `The operation costs ${requested}, and at most ${maximum} is allowed. It counts every object that could be returned: ask for smaller pages (\`first\`), fewer lists within lists or fewer rows, or split it.`,
    { extensions: { code: 'COST_EXCEEDED', cost: { requested, maximum }, http: { spec: true, status: 400 } } },
  );

/** Ends a list that holds more than was reckoned with, when the rest of what is allowed does not pay for it. */
export const listExceeded = (maximum: number): GraphQLError =>
  new GraphQLError(
    `With what this list holds the answer costs more than ${maximum}, the most that is allowed: ask for fewer objects. Commands of the operation were carried out.`,
    { extensions: { code: 'ANSWER_TOO_LARGE' } },
  );

/** Turns a client away whose minute is spent. Nothing is executed. */
export const rateLimited = (retryAfterSeconds: number, perMinute: number): GraphQLError =>
  new GraphQLError(`The budget of ${perMinute} a minute is spent: send it again in ${retryAfterSeconds} s.`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds,
      http: { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
    },
  });

/** Gives up an operation. What it was to write may have been written. */
export const timedOut = (timeoutMs: number): GraphQLError =>
  new GraphQLError(
    `The operation was given up after ${timeoutMs} ms. A command in it may have been carried out: send it again with the same key, which does it once.`,
    { extensions: { code: 'OPERATION_TIMEOUT', http: { status: 503 } } },
  );
