// What a resolver has at hand during one request.
import { createHash } from 'node:crypto';
import { type ContentKind, contentOf } from '../domain/content.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandFrame } from '../domain/order-command.ts';
import { type Program, programAt } from '../domain/program.ts';
import type { SiteTime } from '../site-time.ts';
import type { Store } from '../store/store.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { createPreviews, type Previews } from './preview.ts';
import { refusalError } from './refusal-error.ts';

/** Who asks, of which site. */
type Actor = { readonly siteId: string; readonly name: string };

/** When a request is answered: one instant, so that everything in the answer is of the same moment. */
type Moment = {
  /** The site's time when the request came, or to which the request itself moved it. */
  now: Instant;
  /** The version of the program in force then. */
  program: Program;
};

export type GatewayContext = Readonly<Moment> & {
  readonly siteId: string;
  readonly actor: string;
  readonly store: Store;
  readonly time: SiteTime;
  readonly newId: () => string;
  readonly loaders: Loaders;
  readonly previews: Previews;
  /** All versions of the site's program. */
  readonly programs: readonly Program[];
};

type ContextParts = { readonly actor: Actor; readonly store: Store; readonly time: SiteTime; readonly newId: () => string };

/**
 * Builds the context of one request. The program is read once: it cannot change under a request's feet in a way that
 * matters. Throws a GraphQL error when the site has none.
 */
export async function createContext({ actor: { siteId, name }, store, time, newId }: ContextParts): Promise<GatewayContext> {
  const programs = await store.reads.programs(siteId);
  if (programs.length === 0)
    throw refusalError('INVALID_INPUT', [], `The site "${siteId}" has no program: set one with the command line's \`program set\`.`);
  const previews = createPreviews(newId);
  return {
    siteId,
    actor: name,
    store,
    time,
    newId,
    previews,
    loaders: createLoaders({ siteId, reads: store.reads, previews }),
    programs,
    ...momentOf(programs, await time.now(siteId)),
  };
}

const momentOf = (programs: readonly Program[], now: Instant): Moment => ({ now, program: programAt(programs, now) });

/** Moves a request on to a later time: whatever it asks and does after that is of then. */
export function moveOn(context: GatewayContext, now: Instant): void {
  const moment: Moment = context;
  Object.assign(moment, momentOf(context.programs, now));
  context.loaders.forget();
}

/** The frame of a command: who, when, a fresh id, the digest of what was sent and where it stands in the arguments. */
export function frameOf(context: GatewayContext, kind: ContentKind | null, input: object, path: readonly string[]): CommandFrame {
  const content = kind === null ? '' : createHash('sha256').update(contentOf(kind, input)).digest('base64url');
  return { siteId: context.siteId, actor: context.actor, at: context.now, newId: context.newId(), content, path };
}
