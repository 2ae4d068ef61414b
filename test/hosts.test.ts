// What a caller says as the name of the host changes nothing, and breaks nothing.
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from './support/process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer('--database', ':memory:', '--seed');
}, 60_000);
afterAll(() => server.end('SIGTERM'));

async function post(path: string, host: string): Promise<readonly [status: number | undefined, body: string]> {
  const { port } = new URL(server.url);
  const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: { host, 'content-type': 'application/json' } });
  sent.end('{"query":"{ program { siteId } }"}');
  const [response] = await once(sent, 'response');
  return [response.statusCode, await text(response)];
}

it.each(['[', '%', 'x:99999', '[::1', 'x/graphql?', 'shop.example'])('a host called %s', async (host) => {
  const [status, body] = await post('/graphql', host);
  expect([status, JSON.parse(body).data]).toEqual([200, { program: { siteId: 'demo' } }]);
  const [elsewhere, refusal] = await post('/public', host);
  expect([elsewhere, JSON.parse(refusal).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
});
