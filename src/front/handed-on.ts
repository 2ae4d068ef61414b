// Requests that the front began and Yoga ends: what is not plain after all, and what an operation came to that did not go well.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Actor } from '../access/actor.ts';
import { keepActor } from '../access/use-authentication.ts';
import type { ServerContext } from '../limits/client.ts';
import { keepRecord, keepStart, type RequestRecord } from '../observe/request-record.ts';

/** An operation that was carried out, or thrown out of: it is not carried out again, and nobody is asked who asks. */
export type CarriedOut = {
  readonly record: RequestRecord;
  readonly actor: Actor;
  /** What stood for the request while it was carried out. */
  readonly asked: object;
  readonly outcome: { readonly result: ExecutionResult } | { readonly error: unknown };
};

const carriedOut = new WeakMap<IncomingMessage, CarriedOut>();
const starts = new WeakMap<IncomingMessage, number>();

/**
 * Gives a request back that came then, by performance.now(), with the body that was read from it; null when it did not come to its
 * end. As bytes it would be dear: the server lists the keys of a body, which are one for each byte.
 */
export function giveBack(request: IncomingMessage, startedAt: number, body: Buffer | null): void {
  starts.set(request, startedAt);
  if (body) Object.assign(request, { body: Readable.from([body]) });
}

/** Has Yoga answer what was carried out already. */
export const leaveAnswer = (request: IncomingMessage, done: CarriedOut): void => {
  carriedOut.set(request, done);
};

type HandedOnOptions = {
  /** Has who was taken in for one request taken in for the other. */
  readonly admitAgain: (request: object, before: object) => void;
};

/** Must come before all other plugins, so that they find what is known of the request. */
export const useHandedOn = ({ admitAgain }: HandedOnOptions): Plugin<object, ServerContext> => ({
  onRequest({ request, serverContext }) {
    const startedAt = serverContext.req && starts.get(serverContext.req);
    if (startedAt !== undefined) keepStart(request, startedAt);
    const done = serverContext.req && carriedOut.get(serverContext.req);
    if (!done) return;
    keepRecord(request, done.record);
    keepActor(request, done.actor);
    admitAgain(request, done.asked);
  },
  onParams({ context, setResult, setParamsHandler }) {
    const done = context.req && carriedOut.get(context.req);
    if (!done) return;
    const { outcome } = done;
    if ('result' in outcome) setResult(outcome.result);
    else setParamsHandler(() => Promise.reject(outcome.error));
  },
});
