// What a resolver has at hand during one request.
import { createHash } from 'node:crypto';
import { type ContentKind, contentOf } from '../domain/content.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandFrame } from '../domain/order-command.ts';
import { type Program, programAt } from '../domain/program.ts';
import type { Store } from '../store/store.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { createPreviews, type Previews } from './preview.ts';
import { refusalError } from './refusal-error.ts';

/** Who asks, of which site. */
type Actor = { readonly siteId: string; readonly name: string };

export type GatewayContext = {
  readonly siteId: string;
  readonly actor: string;
  readonly store: Store;
  /** The server's time when the request came: one instant, so that everything in an answer is of the same moment. */
  readonly now: Instant;
  readonly newId: () => string;
  readonly loaders: Loaders;
  readonly previews: Previews;
  /** The program in force now; throws a GraphQL error when the site has none. */
  readonly program: Program;
};

export type ContextParts = { readonly actor: Actor; readonly store: Store; readonly clock: () => Instant; readonly newId: () => string };

/** Builds the context of one request. The program is read once: it cannot change under a request's feet in a way that matters. */
export async function createContext({ actor, store, clock, newId }: ContextParts): Promise<GatewayContext> {
  const programs = await store.reads.programs(actor.siteId);
  const now = clock();
  const program = programs.length > 0 ? programAt(programs, now) : null;
  const previews = createPreviews(newId);
  return {
    siteId: actor.siteId,
    actor: actor.name,
    store,
    now,
    newId,
    previews,
    loaders: createLoaders({ siteId: actor.siteId, reads: store.reads, previews }),
    get program(): Program {
      if (program) return program;
      throw refusalError(
        'INVALID_INPUT',
        [],
        `The site "${actor.siteId}" has no program: set one with the command line's \`program set\`.`,
      );
    },
  };
}

/** The frame of a command: who, when, a fresh id, the digest of what was sent and where it stands in the arguments. */
export function frameOf(context: GatewayContext, kind: ContentKind | null, input: object, path: readonly string[]): CommandFrame {
  const content = kind === null ? '' : createHash('sha256').update(contentOf(kind, input)).digest('base64url');
  return { siteId: context.program.siteId, actor: context.actor, at: context.now, newId: context.newId(), content, path };
}
