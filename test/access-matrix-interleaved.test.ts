// Ten thousand requests of four people of two sites at once: each gets what they got alone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLeakScan } from './support/access/leaks.ts';
import { memberOf, type Viewer } from './support/access/viewers.ts';
import { type AccessWorld, openAccessWorld } from './support/access/world.ts';

let world: AccessWorld;
beforeAll(async () => {
  world = await openAccessWorld();
});
afterAll(() => world.close());

// The same user ids on both sites: the primary of one is a stranger on the other.
const people = ['demo', 'other'].flatMap((siteId) => ['pat', 'ann'].map((userId) => memberOf(siteId, userId)));
const documents = [
  '{ members { totalCount nodes { id userId firstName email } } }',
  '{ orders(first: 3) { totalCount edges { cursor node { id orderId source member { firstName } } } } }',
  '{ member(by: { userId: "pat" }) { id email points { id available } pointsEntries(first: 2) { nodes { id points } } } }',
  '{ member(by: { userId: "ann" }) { id email points { id available } lots(first: 2) { nodes { id remaining } } } }',
  '{ order(by: { orderId: "secondary-pooled" }) { id storeId lineItems { nodes { id name } } events(first: 1) { nodes { id } } } }',
  '{ order(by: { orderId: "stranger-1" }) { id storeId lineItems { nodes { id name } } spendAdjustments { nodes { id reason } } } }',
];
const requests = 10_000;
const atOnce = 100;

async function ask({ headers }: Viewer, query: string): Promise<string> {
  const response = await world.server.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    }),
  );
  const { data, errors }: { data: unknown; errors: unknown } = JSON.parse(await response.text());
  return JSON.stringify({ data, errors });
}

it('answers each of four people what they got alone, whoever else asks', async () => {
  const alone = new Map<string, string>();
  const keyOf = (viewer: Viewer, document: string): string => `${viewer.name} ${document}`;
  const leaks = createLeakScan(world.model);
  for (const viewer of people)
    for (const document of documents) {
      const answer = await ask(viewer, document);
      alone.set(keyOf(viewer, document), answer);
      expect(leaks(viewer, answer)).toEqual([]);
    }
  // Somebody else's answer would be noticed: no two people are told the same, unless it is nothing.
  for (const document of documents) {
    const told = people.map((viewer) => alone.get(keyOf(viewer, document)) ?? '').filter((text) => text.includes('"id"'));
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told).size).toBe(told.length);
  }

  let next = 0;
  const wrong: string[] = [];
  const askOn = async (): Promise<void> => {
    while (next < requests && wrong.length === 0) {
      // Neighbours are of other people, and the questions come in an order that shifts against theirs.
      const turn = next++;
      const [viewer, document] = [people[turn % people.length], documents[(turn * 7 + Math.floor(turn / 11)) % documents.length]];
      if (!viewer || !document) continue;
      const answer = await ask(viewer, document);
      if (answer !== alone.get(keyOf(viewer, document))) wrong.push(`${viewer.name}: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(next).toBe(requests);
});
