// What may not be seen is as if it did not exist: the same answer as for what there is not, and the same SQL statements.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { besideQuestions, type HiddenQuestion, hiddenQuestions } from './support/access/hidden-questions.ts';
import { nodeTypes } from './support/access/rows.ts';
import { memberOf, type Viewer } from './support/access/viewers.ts';
import { type AccessWorld, openAccessWorld } from './support/access/world.ts';

let world: AccessWorld;
beforeAll(async () => {
  world = await openAccessWorld();
});
afterAll(() => world.close());

const members = ['pat', 'sam', 'finn', 'eve', 'ann', 'nobody'].map((userId) => memberOf('demo', userId));

async function ask(viewer: Viewer, document: string, variables: Readonly<Record<string, unknown>>) {
  world.server.takeStatements();
  const answer = await world.server.execute(document, { ...variables }, { ...viewer.headers });
  return { data: answer.data, errors: answer.errors, statements: world.server.takeStatements() };
}

async function expectNoDifference(viewer: Viewer, questions: readonly HiddenQuestion[]): Promise<void> {
  for (const { label, document, hidden, missing } of questions) {
    const about = await ask(viewer, document, hidden);
    expect({ label, ...about }).toEqual({ label, ...(await ask(viewer, document, missing)) });
    expect(about.statements.length).toBeGreaterThan(1);
  }
}

describe('what a member may not see', () => {
  it.each(members)('is to $name as what there is not, in every answer and every statement', async (viewer) => {
    const questions = hiddenQuestions(world.model, viewer);
    for (const typename of nodeTypes) expect(questions.filter(({ label }) => label.endsWith(`demo, ${typename}`))).toHaveLength(2);
    await expectNoDifference(viewer, questions);
  });

  it.each(members)('is so to $name beside what else is asked for', (viewer) =>
    expectNoDifference(viewer, besideQuestions(world.model, viewer)),
  );

  it('costs other statements than what they may see', async () => {
    const own = world.model.rows.nodes.find(
      ({ typename, identity }) => typename === 'LineItem' && world.model.sees(memberOf('demo', 'pat'), typename, identity),
    );
    const document = 'query Ask($id: ID!) { node(id: $id) { ... on LineItem { id order { events { nodes { id } } } } } }';
    const seen = await ask(memberOf('demo', 'pat'), document, { id: own?.id });
    expect(seen.statements).not.toEqual((await ask(memberOf('demo', 'ann'), document, { id: own?.id })).statements);
  });
});
