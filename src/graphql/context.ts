// What a resolver has at hand during one request.
import { createHash } from 'node:crypto';
import type { Actor, Role } from '../access/actor.ts';
import { type ContentKind, contentOf } from '../domain/content.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandFrame } from '../domain/order-command.ts';
import { type Program, programAt } from '../domain/program.ts';
import type { SiteTime } from '../site-time.ts';
import type { Store } from '../store/store.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { createPreviews, type Previews } from './preview.ts';
import { refusalError } from './refusal-error.ts';
import { readViewer, type Viewer } from './viewer.ts';

/** When a request is answered: one instant, so that everything in the answer is of the same moment. */
type Moment = {
  /** The site's time when the request came, or to which the request itself moved it. */
  now: Instant;
  /** The version of the program in force then. */
  program: Program;
  /** All versions of the site's program. */
  programs: readonly Program[];
};

export type GatewayContext = Readonly<Moment> & {
  readonly siteId: string;
  readonly actor: string;
  readonly role: Role;
  readonly viewer: Viewer;
  readonly store: Store;
  readonly time: SiteTime;
  readonly newId: () => string;
  readonly loaders: Loaders;
  readonly previews: Previews;
};

type ContextParts = { readonly actor: Actor; readonly store: Store; readonly time: SiteTime; readonly newId: () => string };

/**
 * Builds the context of one request. The program is read once: it cannot change under a request's feet in a way that
 * matters. Throws a GraphQL error when the site has none.
 */
export async function createContext({ actor, store, time, newId }: ContextParts): Promise<GatewayContext> {
  const { siteId, name, role } = actor;
  const programs = await store.reads.programs(siteId);
  if (programs.length === 0)
    throw refusalError('INVALID_INPUT', [], `The site "${siteId}" has no program: set one with the command line's \`program set\`.`);
  const previews = createPreviews(newId);
  const viewer = await readViewer(actor, store.reads);
  return {
    siteId,
    actor: name,
    role,
    viewer,
    store,
    time,
    newId,
    previews,
    loaders: createLoaders({ siteId, reads: store.reads, previews, viewer }),
    ...momentOf(programs, await time.now(siteId)),
  };
}

const momentOf = (programs: readonly Program[], now: Instant): Moment => ({ now, program: programAt(programs, now), programs });

/** Moves a request on to a later time: whatever it asks and does after that is of then. */
export function moveOn(context: GatewayContext, now: Instant): void {
  const moment: Moment = context;
  Object.assign(moment, momentOf(context.programs, now));
  context.loaders.forget();
}

/** Takes in what a request did to the site's program. */
export async function readProgramsAgain(context: GatewayContext): Promise<void> {
  const moment: Moment = context;
  Object.assign(moment, momentOf(await context.store.reads.programs(context.siteId), context.now));
  context.loaders.forget();
}

/** The frame of a command: who, when, a fresh id, the digest of what was sent and where it stands in the arguments. */
export function frameOf(context: GatewayContext, kind: ContentKind | null, input: object, path: readonly string[]): CommandFrame {
  const content = kind === null ? '' : createHash('sha256').update(contentOf(kind, input)).digest('base64url');
  return { siteId: context.siteId, actor: context.actor, at: context.now, newId: context.newId(), content, path };
}
