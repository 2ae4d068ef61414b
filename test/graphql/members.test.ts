// Members whose names and ids are not ASCII are found and paged like all others.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.member('accents', { firstName: 'Édith', lastName: 'Ångström' });
  for (const userId of ['\u{FF5E}', '\u{1F600}']) await world.member(userId, { primaryUserId: 'ann' });
});
afterAll(() => world.close());

test.each(['Édi', 'édi', 'ÅNG'])('the prefix %s finds the member', async (namePrefix) => {
  const { answer } = await world.post('query($filter: MemberFilter) { members(filter: $filter) { nodes { userId } } }', {
    filter: { namePrefix },
  });
  expect(answer.data).toEqual({ members: { nodes: [{ userId: 'accents' }] } });
});

test('secondary members page in the order of the database', async () => {
  const page = async (after: string | null) => {
    const query =
      'query($after: String) { member(by: { userId: "ann" }) { secondaryMembers(first: 1, after: $after) { nodes { userId } pageInfo { hasNextPage endCursor } } } }';
    const { answer } = await world.post(query, { after });
    return (answer.data as { member: { secondaryMembers: { nodes: { userId: string }[]; pageInfo: { endCursor: string } } } }).member
      .secondaryMembers; // What the query asks for.
  };
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);
  expect([...first.nodes, ...second.nodes].map(({ userId }) => userId).sort()).toEqual(['\u{FF5E}', '\u{1F600}'].sort());
});

test('a filter takes no more than 500 values', async () => {
  const userIds = Array.from({ length: 501 }, (_, index) => String(index));
  const { answer } = await world.post('query($filter: MemberFilter) { members(filter: $filter) { totalCount } }', { filter: { userIds } });
  expect(answer.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', path: ['filter', 'userIds'] } }]);
});

test.each(['email', 'namePrefix'])('members by %s of more than 256 characters are refused', async (name) => {
  const { errors } = await world.server.execute(`query ($text: String) { members(filter: { ${name}: $text }) { totalCount } }`, {
    text: 'x'.repeat(257),
  });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', path: ['filter', name] } }]);
});
