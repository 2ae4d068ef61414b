// Pages of other origins: they may not read answers, and a form, which needs no permission to be sent, is not read.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const post = (contentType: string, body: string): Promise<Response> =>
  world.server.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': contentType, origin: 'https://elsewhere.example' },
      body,
    }),
  );

test('another origin is given no leave to read', async () => {
  const response = await post('application/json', '{"query":"{ program { name } }"}');
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('a form writes nothing', async () => {
  const before = world.stored();
  const mutation = 'mutation { enrollMember(input: { userId: "drive-by" }) { member { userId } } }';
  const response = await post('application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`);
  expect(response.status).toBe(415);
  expect(world.stored()).toEqual(before);
});
