// One object asked for by its id more than once in an operation.
import { afterEach, expect, it } from 'vitest';
import { openServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

let server: TestServer;
afterEach(() => server.close());

it('is found each time', async () => {
  server = openServer();
  await server.setProgram(plainProgram);
  const enroll = 'mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { member { id points { id } } } }';
  const { data } = await server.execute(enroll, { input: { userId: 'ann' } });
  const { id, points } = (data as { enrollMember: { member: { id: string; points: { id: string } } } }).enrollMember.member; // As it was asked.
  const query = `query($ids: [ID!]!, $id: ID!) {
    one: node(id: $id) { __typename id }
    all: nodes(ids: $ids) { __typename ... on Member { userId } }
    again: nodes(ids: $ids) { __typename id ... on PointsBalance { available } }
  }`;
  expect(await server.execute(query, { id, ids: [id, points.id, id] })).toEqual({
    data: {
      one: { __typename: 'Member', id },
      all: [{ __typename: 'Member', userId: 'ann' }, { __typename: 'PointsBalance' }, { __typename: 'Member', userId: 'ann' }],
      again: [
        { __typename: 'Member', id },
        { __typename: 'PointsBalance', id: points.id, available: 0 },
        { __typename: 'Member', id },
      ],
    },
  });
});
