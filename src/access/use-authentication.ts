// Finds out who is asking, before anything of a request is read.
import { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { normaliseId } from '../domain/check.ts';
import { recordOf } from '../observe/request-record.ts';
import { type AccessRefusal, keysUnavailable, noKeys, noSite, otherSite, refusalResponse, unauthenticated } from './access-refusal.ts';
import type { Actor } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import { matchesBody } from './body-hmac.ts';
import type { VerifiedToken } from './verify-token.ts';

const defaultSite = 'demo';

type Binding = NonNullable<VerifiedToken['binding']>;
type Asking = { readonly actor: Actor; readonly binding: Binding | null };

/** Without an authenticator nobody is known but, in a sandbox, everybody without a token. */
type AuthenticationOptions = {
  readonly sandbox: boolean;
  readonly authenticator: Authenticator | undefined;
  readonly newId: () => string;
  readonly log: { readonly error: (details: object, message: string) => void };
};

const actors = new WeakMap<object, Actor>();
const unnamed = new WeakSet<Actor>();

/** Whether nobody said who they are, as in a sandbox. */
export const isUnnamed = (actor: Actor): boolean => unnamed.has(actor);

/** Keeps who asks, for whom it was found out of elsewhere. */
export const keepActor = (request: object, actor: Actor): void => {
  actors.set(request, actor);
};

/** Who asks, if that was found out. */
export const knownActor = (request: object): Actor | null => actors.get(request) ?? null;

/** Who asks. Throws when that was not found out, so that nothing is ever answered to nobody. */
export function actorOf(request: object): Actor {
  const actor = actors.get(request);
  if (!actor) throw new Error('A request was answered without anybody asking.');
  return actor;
}

/** In a sandbox the caller says which site it means, and everybody may do everything. */
function sandboxActor(site: string | null): Actor | null {
  const siteId = normaliseId(site ?? defaultSite);
  if (siteId === null) return null;
  const actor: Actor = { siteId, role: 'admin', name: 'sandbox' };
  unnamed.add(actor);
  return actor;
}

/** What a request says of who sends it. */
export type Credentials = { readonly authorization: string | null; readonly site: string | null };

const isOtherSite = (site: string | null, actor: Actor): boolean => site !== null && normaliseId(site) !== actor.siteId;

/** Who asks, if that is known at once and beyond doubt; null where it must be found out, or is bound to a body. */
export function knownAtOnce(
  { authorization, site }: Credentials,
  { sandbox, authenticator }: Pick<AuthenticationOptions, 'sandbox' | 'authenticator'>,
): Actor | null {
  if (sandbox && authorization === null) return sandboxActor(site);
  const actor = authorization === null ? null : (authenticator?.knownActor(authorization) ?? null);
  return actor && isOtherSite(site, actor) ? null : actor;
}

async function ask(headers: Headers, { sandbox, authenticator }: AuthenticationOptions): Promise<Asking | AccessRefusal> {
  const authorization = headers.get('authorization');
  const site = headers.get('x-site-id');
  if (sandbox && authorization === null) {
    const actor = sandboxActor(site);
    return actor ? { actor, binding: null } : noSite;
  }
  if (!authenticator) return noKeys;
  const authentication = await authenticator.authenticate(authorization);
  if (authentication.kind === 'REFUSED')
    return authentication.reason === 'KEYS_UNAVAILABLE' ? keysUnavailable : unauthenticated(authentication.reason);
  return isOtherSite(site, authentication.actor) ? otherSite : authentication;
}

/** What cannot happen did: it is logged, and the caller learns no more than where to look. */
function broken(request: Request, error: unknown, { newId, log }: AuthenticationOptions): AccessRefusal {
  const traceId = newId();
  const record = recordOf(request);
  log.error({ ...(record && { requestId: record.requestId }), traceId, error }, 'Who is asking could not be found out.');
  return { status: 500, message: 'Something went wrong here.', extensions: { code: 'INTERNAL_ERROR', traceId } };
}

/** A body that did not come to its end is no failure of the server's; what the server itself threw, such as for its length, is passed on. */
function brokenOff(error: unknown): never {
  if (error instanceof GraphQLError) throw error;
  throw new GraphQLError('The body could not be read to its end.', { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

/** Reads a body and answers a request that holds the very same bytes. A body beyond the server's limit is refused while it is read. */
async function readBody(request: Request, fetchAPI: FetchAPI): Promise<{ readonly body: Uint8Array; readonly request: Request }> {
  if (request.body === null) return { body: new Uint8Array(), request };
  const body = new Uint8Array(await request.arrayBuffer().catch(brokenOff));
  const { method, headers, signal } = request;
  return { body, request: new fetchAPI.Request(request.url, { method, headers, signal, body }) };
}

/** Turns away whoever is not known, and keeps who asks for `actorOf`. */
export function useAuthentication(options: AuthenticationOptions): Plugin {
  if (!options.sandbox && !options.authenticator) throw new Error('Outside a sandbox a server needs an authenticator.');
  const bindings = new WeakMap<Request, Asking & { readonly binding: Binding }>();
  return {
    async onRequest({ request, fetchAPI, endResponse }) {
      // A browser asks so, without a token, whether a page may send one.
      if (request.method === 'OPTIONS' || actors.has(request)) return;
      const asking = await ask(request.headers, options).catch((error: unknown) => broken(request, error, options));
      if ('status' in asking) return endResponse(refusalResponse(request, fetchAPI, asking));
      const { actor, binding } = asking;
      // Who sent a token that is bound to a body is known when the body was seen to be that one.
      if (binding) bindings.set(request, { actor, binding });
      else actors.set(request, actor);
    },
    onRequestParse({ request: asked, requestParser, setRequestParser, fetchAPI }) {
      const bound = bindings.get(asked);
      if (!bound || !requestParser) return;
      // The limit on the size of bodies is wrapped around this parser by the server itself, so it holds for what is read here.
      setRequestParser(async (limited) => {
        const { body, request } = await readBody(limited, fetchAPI);
        if (!matchesBody(bound.binding, body)) return refusalResponse(asked, fetchAPI, unauthenticated('BODY_MISMATCH'));
        actors.set(asked, bound.actor);
        return requestParser(request);
      });
    },
  };
}
