// Bodies that nest too deeply are refused before they are parsed.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nestsWithin } from '../../src/limits/use-json-depth.ts';
import { openServer, type TestServer } from '../support/server.ts';
import { plainProgram } from '../support/world.ts';

describe('nestsWithin', () => {
  it.each([
    ['[[]]', 2, true],
    ['[[]]', 1, false],
    ['[{"a":[]},{"b":[]}]', 3, true],
    ['{"a":"[[[[\\"[["}', 1, true],
    ['{"a":"\\\\","b":[[]]}', 2, false],
    ['"[', 0, true],
  ])('%s within %i: %s', (json, limit, expected) => {
    expect(nestsWithin(json, limit)).toBe(expected);
  });
});

describe('a body', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = openServer();
    await server.setProgram(plainProgram);
  });
  afterEach(() => server.close());

  const post = async (depth: number, padding: string, headers: Record<string, string> = {}): Promise<readonly [number, unknown]> => {
    const body = `{"query":"{ program { version } }","variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":"${padding}"}}`;
    const request = new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const response = await server.fetch(request);
    const { data, errors } = JSON.parse(await response.text());
    return [response.status, errors?.[0].extensions.code ?? data];
  };
  const padding = 'x["{'.replace('"', '\\"').repeat(10_000);

  it('of 198 levels in its variables is read', async () => {
    expect(await post(198, padding)).toEqual([200, { program: { version: 1 } }]);
  });
  it('of more is refused', async () => {
    expect(await post(199, padding)).toEqual([400, 'BAD_REQUEST']);
    expect(await post(400_000, '')).toEqual([400, 'BAD_REQUEST']);
  });
  it('that is short is read as it is', async () => {
    expect(await post(1_000, '', { 'content-length': '2100' })).toEqual([200, { program: { version: 1 } }]);
  });
});
