// Tokens that are bound to a body: the body that was sent must be theirs, byte for byte, each time.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { secretOf, signToken, tokenFor } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = openGuardedServer();
  await server.setProgram(plainProgram);
});
afterAll(() => server.close());

const query = '{ program { name } }';
const body = JSON.stringify({ query });
/** Says that no other page made the request, which is asked of a GET. */
const sameOrigin = { 'x-graphql-yoga-csrf': '1' };
const answered = { data: { program: { name: 'Plain' } } };

/** As the integrators of today work it out. */
const hmacOf = (bytes: Uint8Array | string, secret = secretOf('demo')): string =>
  createHmac('sha256', secret).update(Buffer.from(bytes).toString('base64')).digest('base64');
const boundTo = (bytes: Uint8Array | string): string => tokenFor('admin', 'ann', 'demo', { hmac: hmacOf(bytes) });

function post(token: string, sent: BodyInit | null, contentType = 'application/json'): Promise<Response> {
  const headers = { ...sameOrigin, authorization: `Bearer ${token}`, 'content-type': contentType };
  const stream = sent instanceof ReadableStream ? { duplex: 'half' as const } : {};
  return server.fetch(new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body: sent, ...stream }));
}

function get(token: string): Promise<Response> {
  const url = `http://127.0.0.1/graphql?query=${encodeURIComponent(query)}`;
  return server.fetch(new Request(url, { headers: { ...sameOrigin, authorization: `Bearer ${token}` } }));
}

async function expectMismatch(sent: Promise<Response>): Promise<void> {
  const response = await sent;
  const extensions = { code: 'UNAUTHENTICATED', reason: 'BODY_MISMATCH' };
  expect(await response.json()).toEqual({ errors: [{ message: 'This needs a valid token.', extensions }] });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
}

describe('a body', () => {
  it('is taken with its own token, and again', async () => {
    for (let time = 0; time < 3; time += 1) expect(await (await post(boundTo(body), body)).json()).toMatchObject(answered);
  });

  it('is compared each time, also after its token was taken', async () => {
    const token = boundTo(body);
    expect((await post(token, body)).status).toBe(200);
    await expectMismatch(post(token, `${body} `));
    await expectMismatch(post(token, '{}'));
    await expectMismatch(post(token, ''));
    await expectMismatch(post(token, null));
    expect((await post(token, body)).status).toBe(200);
  });

  it('is refused before it is parsed, and writes nothing', async () => {
    const mutation = JSON.stringify({ query: 'mutation { enrollMember(input: { userId: "x" }) { member { userId } } }' });
    await expectMismatch(post(boundTo(body), mutation));
    await expectMismatch(post(boundTo(body), '{"query":'));
    const { data } = await server.execute(
      '{ member(by: { userId: "x" }) { userId } }',
      {},
      { authorization: `Bearer ${tokenFor('admin')}` },
    );
    expect(data).toEqual({ member: null });
  });

  it('is meant as the bytes that came, not as the text that they are read as', async () => {
    const bytes = Buffer.concat([Buffer.from('{"query":"{ program { name } } # '), Buffer.from([0xff, 0xc3]), Buffer.from('"}\r\n')]);
    expect(await (await post(boundTo(bytes), bytes)).json()).toMatchObject(answered);
    await expectMismatch(post(boundTo(bytes.toString()), bytes));
    await expectMismatch(post(boundTo(bytes), bytes.toString()));
  });

  it('is taken in pieces', async () => {
    const long = JSON.stringify({ query: `${query} # ${'x'.repeat(200_000)}` });
    const pieces = (text: string) => new Blob([text]).stream();
    expect(await (await post(boundTo(long), pieces(long))).json()).toMatchObject(answered);
    await expectMismatch(post(boundTo(long), pieces(`${long}\n`)));
  });

  it('is taken as GraphQL text as well', async () => {
    expect(await (await post(boundTo(query), query, 'application/graphql')).json()).toMatchObject(answered);
    await expectMismatch(post(boundTo(body), query, 'application/graphql'));
  });

  it('of a type that is not read runs nothing', async () => {
    expect((await post(boundTo(body), body, 'text/xml')).status).toBe(415);
  });

  it('that breaks off is no failure of the server', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{"query":'));
        controller.error(new Error('The line was cut.'));
      },
    });
    const response = await post(boundTo(body), broken);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('has the limit of every body, bound or not', async () => {
    const piece = new Uint8Array(100_000).fill(0x20);
    const count = 26;
    const large = Buffer.alloc(count * piece.length, 0x20);
    const pieces = () => {
      let left = count;
      return new ReadableStream({
        pull(controller) {
          left -= 1;
          if (left < 0) controller.close();
          else controller.enqueue(piece);
        },
      });
    };
    for (const token of [boundTo(large), tokenFor('admin')]) {
      const response = await post(token, pieces());
      expect(response.status).toBe(413);
    }
  });
});

describe('a claim', () => {
  it.each<[string, string]>([
    ['of another secret', hmacOf(body, secretOf('other'))],
    ['of the body itself, not of its Base64', createHmac('sha256', secretOf('demo')).update(body).digest('base64')],
    ['in hexadecimal', Buffer.from(hmacOf(body), 'base64').toString('hex')],
    ['that is empty', ''],
    ['that is cut off', hmacOf(body).slice(0, 20)],
    ['that goes on', `${hmacOf(body)}AAAA`],
  ])('%s binds to no body', async (_, hmac) => {
    await expectMismatch(post(tokenFor('admin', 'ann', 'demo', { hmac }), body));
  });

  it('is worked out with the secret that signed the token', async () => {
    const forged = signToken({ sub: 'ann', site_id: 'demo', scope: 'admin', exp: 4_102_444_800, hmac: hmacOf(body) }, 'another');
    const response = await post(forged, body);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { reason: 'TOKEN_INVALID' } }] });
  });
});

describe('a GET', () => {
  it('has an empty body', async () => {
    expect(await (await get(boundTo(''))).json()).toMatchObject(answered);
  });

  it('is refused with the token of another body', async () => {
    await expectMismatch(get(boundTo(body)));
    await expectMismatch(get(boundTo(query)));
  });
});
