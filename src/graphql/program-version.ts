// The versions of the site's program: who set what and when; and the mutation that sets one.
import { parseInstant } from '../domain/instant.ts';
import { type ProgramFault, type Program as ProgramRow, wholeFile } from '../domain/program.ts';
import { setProgram } from '../domain/program-change.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { ProgramVersion as ProgramVersionRow } from '../store/store.ts';
import { builder } from './builder.ts';
import { connectionType, type ListCursor, pageOf, pageRange } from './connection.ts';
import { readProgramsAgain } from './context.ts';
import { Program } from './program.ts';
import { UserError } from './user-error.ts';

const ProgramVersion = builder.objectRef<ProgramVersionRow>('ProgramVersion');

ProgramVersion.implement({
  description: "A version of the site's program as it was set. Versions are appended, and never changed.",
  fields: (t) => ({
    version: t.exposeInt('version', { description: '1, 2, 3 ... The one with the highest number whose time has come is in force.' }),
    effectiveFrom: t.field({ type: 'DateTime', description: 'From when it holds.', resolve: ({ effectiveFrom }) => effectiveFrom }),
    actor: t.exposeString('actor', { description: 'Who set it.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was set.', resolve: ({ createdAt }) => createdAt }),
    file: t.field({ type: 'JSON', description: 'The program file: the rules after the change.', resolve: ({ file }) => JSON.parse(file) }),
    previousFile: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The file of the version before it: the rules before the change; null of the first.',
      resolve: async ({ version }, _, { loaders }) => {
        const previous = await loaders.programVersion().load(String(version - 1));
        return previous && JSON.parse(previous.file);
      },
    }),
  }),
});

const ProgramVersionConnection = connectionType(ProgramVersion, 'ProgramVersion', 'program versions');
const versionCursor: ListCursor<ProgramVersionRow> = { name: 'programVersions', valueOf: ({ version }) => [version, version], most: 20 };

builder.queryField('programVersions', (t) =>
  t.field({
    type: ProgramVersionConnection,
    description: "Every version of the site's program, newest first: what was changed, by whom and when. For administrators.",
    args: {
      first: t.arg.int({ defaultValue: 10, description: 'How many at most, up to 20.' }),
      after: t.arg.string({ description: 'The cursor after which the page begins.' }),
    },
    resolve: async (_, args, { siteId, store }) => {
      const range = pageRange({ first: args.first ?? 10, after: args.after }, versionCursor);
      return pageOf(await store.reads.programVersions(siteId, range), range, versionCursor, () => store.reads.countProgramVersions(siteId));
    },
  }),
);

const UpdateProgramInput = builder.inputType('UpdateProgramInput', {
  description: "A new version of the site's program.",
  fields: (t) => ({
    file: t.field({ type: 'JSON', required: true, description: 'The whole program file, as the command line takes it.' }),
    effectiveFrom: t.field({
      type: 'DateTime',
      description: 'From when it holds; left out: from now. Lines that were earned before keep the rules they were earned under.',
    }),
    expectedVersion: t.int({
      description: 'The newest version that the file was made from: refused with VERSION_CONFLICT when there is another.',
    }),
  }),
});

type ProgramAnswer = { readonly program: ProgramRow | null; readonly added: boolean; readonly userErrors: readonly Refusal[] };

const UpdateProgramPayload = builder.objectRef<ProgramAnswer>('UpdateProgramPayload').implement({
  description: 'The answer to updateProgram.',
  fields: (t) => ({
    program: t.field({
      type: Program,
      nullable: true,
      description: 'The version that was added, or the one in force when it says the same; null when refused.',
      resolve: ({ program }) => program,
    }),
    added: t.exposeBoolean('added', { description: 'Whether a version was added; false when the file says what is in force already.' }),
    userErrors: t.field({
      type: [UserError],
      description: 'Every fault of the file, each with its path; empty when it was done.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
});

function refusalOf({ path, message, currentVersion }: ProgramFault): Refusal {
  if (currentVersion !== undefined)
    return { kind: 'CONFLICT', code: 'VERSION_CONFLICT', path: ['input', path], message, currentVersion, orderId: null };
  return refuse('INVALID_INPUT', ['input', 'file', ...(path === wholeFile ? [] : path.split('.'))], message);
}

builder.mutationField('updateProgram', (t) =>
  t.field({
    type: UpdateProgramPayload,
    description:
      "Appends a version of the site's program. Currency, pointsScale and time zone are fixed after the first order. Sending the same file again adds nothing. For administrators.",
    args: { input: t.arg({ type: UpdateProgramInput, required: true, description: 'The new version.' }) },
    resolve: async (_, { input: { file, effectiveFrom, expectedVersion } }, context): Promise<ProgramAnswer> => {
      const { siteId, actor, now, store } = context;
      const from = typeof effectiveFrom === 'string' ? parseInstant(effectiveFrom) : null;
      if (typeof effectiveFrom === 'string' && from === null) {
        const message = 'Expected a date and time with an offset, such as "2026-12-01T00:00:00-08:00".';
        return { program: null, added: false, userErrors: [refuse('INVALID_INPUT', ['input', 'effectiveFrom'], message)] };
      }
      const decision = await store.commitProgram(siteId, (state) =>
        setProgram(state, { siteId, file, from, at: now, actor, expectedVersion }),
      );
      if (decision.kind === 'REFUSED') return { program: null, added: false, userErrors: decision.refusal.map(refusalOf) };
      await readProgramsAgain(context);
      return { ...decision.result, userErrors: [] };
    },
  }),
);
