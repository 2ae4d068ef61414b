// updateProgram: versions are appended, every fault has its path, and who changed what can be read.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { bearer } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

const admin = bearer('admin', 'Ada of the office');
const document = `mutation Update($input: UpdateProgramInput!) { updateProgram(input: $input) {
  added program { version baseRatio timeZone } userErrors { __typename code path message ... on ConflictError { currentVersion } }
} }`;
const versionsDocument = `query Versions($first: Int, $after: String) { programVersions(first: $first, after: $after) {
  totalCount nodes { version effectiveFrom actor createdAt file previousFile } pageInfo { hasNextPage endCursor }
} }`;
type Payload = {
  readonly added: boolean;
  readonly program: { readonly version: number; readonly baseRatio: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly path: readonly string[] }[];
};
type Versions = {
  readonly totalCount: number;
  readonly nodes: readonly {
    readonly version: number;
    readonly actor: string;
    readonly file: object;
    readonly previousFile: object | null;
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
};

const ratio = (baseRatio: string) => ({ ...plainProgram, purchase: { ...plainProgram.purchase, baseRatio } });

let server: TestServer;
beforeEach(async () => {
  server = openGuardedServer();
  await server.setProgram(plainProgram);
});
afterEach(() => server.close());

async function update(input: Record<string, unknown>, headers = admin): Promise<Payload> {
  const { data, errors } = await server.execute(document, { input }, headers);
  expect(errors).toBeUndefined();
  return (data as { updateProgram: Payload }).updateProgram; // As the document asks.
}
async function versions(variables: Record<string, unknown> = {}): Promise<Versions> {
  const { data, errors } = await server.execute(versionsDocument, variables, admin);
  expect(errors).toBeUndefined();
  return (data as { programVersions: Versions }).programVersions; // As the document asks.
}
async function earned(orderId: string): Promise<unknown> {
  const { data } = await server.execute(
    `mutation { createOrder(input: { orderId: "${orderId}", userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: 100 }] }) { order { pointsAwarded } } }`,
    {},
    admin,
  );
  return (data as { createOrder: { order: { pointsAwarded: number } } }).createOrder.order.pointsAwarded; // As the document asks.
}
const enroll = () => server.execute('mutation { enrollMember(input: { userId: "ann" }) { userErrors { code } } }', {}, admin);

describe('updateProgram', () => {
  it('appends a version, in force at once, and what follows in the operation sees it', async () => {
    await enroll();
    const { data } = await server.execute(
      `mutation Two($input: UpdateProgramInput!) {
        updateProgram(input: $input) { added program { version baseRatio } userErrors { code } }
        createOrder(input: { orderId: "o1", userId: "ann", lineItems: [{ productId: "p", quantity: 1, unitPrice: 100 }] }) { order { pointsAwarded } }
      }`,
      { input: { file: ratio('2') } },
      admin,
    );
    expect(data).toEqual({
      updateProgram: { added: true, program: { version: 2, baseRatio: '2' }, userErrors: [] },
      createOrder: { order: { pointsAwarded: 200 } },
    });
    expect((await server.execute('{ program { version baseRatio } }', {}, admin)).data).toEqual({
      program: { version: 2, baseRatio: '2' },
    });
  });

  it('adds nothing when the file says what is in force', async () => {
    expect(await update({ file: plainProgram })).toMatchObject({ added: false, program: { version: 1 }, userErrors: [] });
    expect((await versions()).totalCount).toBe(1);
  });

  it('takes effect when it says', async () => {
    await enroll();
    expect(await update({ file: ratio('3'), effectiveFrom: '2026-12-01T00:00:00Z' })).toMatchObject({
      added: true,
      program: { version: 2 },
    });
    expect(await earned('now')).toBe(100);
    server.setClock(Date.parse('2026-12-01T00:00:00Z'));
    expect(await earned('then')).toBe(300);
  });

  it('answers every fault of the file with its path, and writes nothing', async () => {
    const file = { ...plainProgram, rounding: 'UP', tiers: { period: 'LIFETIME', levels: [{ name: 'A', minimumSpend: '5', ratio: 'x' }] } };
    const { added, program, userErrors } = await update({ file });
    expect({ added, program }).toEqual({ added: false, program: null });
    expect(userErrors.map(({ code, path }) => [code, ...path])).toEqual([
      ['INVALID_INPUT', 'input', 'file', 'rounding'],
      ['INVALID_INPUT', 'input', 'file', 'tiers', 'levels', '0', 'ratio'],
    ]);
    expect((await versions()).totalCount).toBe(1);
  });

  it.each([
    ['another site', { ...plainProgram, siteId: 'other' }, ['input', 'file', 'siteId']],
    ['a text', 'program', ['input', 'file']],
    ['a list', [], ['input', 'file']],
  ])('refuses %s', async (_, file, path) => {
    expect(await update({ file })).toMatchObject({ program: null, userErrors: [{ code: 'INVALID_INPUT', path }] });
  });

  it('refuses a date that is none, and another newest version than was expected', async () => {
    expect(await update({ file: ratio('2'), effectiveFrom: 'tomorrow' })).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'effectiveFrom'] }],
    });
    expect(await update({ file: ratio('2'), expectedVersion: 2 })).toMatchObject({
      userErrors: [{ __typename: 'ConflictError', code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'], currentVersion: 1 }],
    });
    expect(await update({ file: ratio('2'), expectedVersion: 1 })).toMatchObject({ added: true, program: { version: 2 } });
  });

  it('keeps what is fixed after the first order', async () => {
    await enroll();
    await earned('o1');
    expect(await update({ file: { ...plainProgram, timeZone: 'Europe/Berlin' } })).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'file', 'timeZone'] }],
    });
  });

  it('is done once when it is sent fifty times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => update({ file: ratio('2') })));
    expect(answers.filter(({ added }) => added)).toHaveLength(1);
    expect((await versions()).totalCount).toBe(2);
  });
});

describe('programVersions', () => {
  it('tell who set what, before and after, newest first, page by page', async () => {
    server.setClock(Date.parse('2026-11-25T08:00:00Z'));
    await update({ file: ratio('2') });
    await update({ file: ratio('3') }, bearer('admin', 'Bo'));
    const first = await versions({ first: 2 });
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [
        { version: 3, actor: 'Bo', file: ratio('3'), previousFile: ratio('2') },
        {
          ...{ version: 2, actor: 'Ada of the office', file: ratio('2'), previousFile: plainProgram },
          ...{ effectiveFrom: '2026-11-25T08:00:00.000Z', createdAt: '2026-11-25T08:00:00.000Z' },
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    const second = await versions({ first: 2, after: first.pageInfo.endCursor });
    expect(second.nodes).toMatchObject([{ version: 1, actor: 'test', file: plainProgram, previousFile: null }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it.each(['service', 'member'] as const)('are not for a %s, who cannot change the program either', async (role) => {
    const { data, errors } = await server.execute(versionsDocument, {}, bearer(role));
    expect({ data, errors }).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await update({ file: ratio('2'), effectiveFrom: 'tomorrow' }, bearer(role))).toMatchObject({
      ...{ added: false, program: null },
      userErrors: [{ code: 'FORBIDDEN', path: [] }],
    });
    expect((await versions()).totalCount).toBe(1);
  });
});
