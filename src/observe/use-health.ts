// Tells whether the server is alive (/health) and whether it should be sent requests (/ready).
import type { Plugin } from 'graphql-yoga';

/** Why no requests should be sent; null when they should. */
export type Readiness = () => Promise<'shutting down' | 'database' | null>;

// A response writes the length of its body into the headers that it is given: each is given its own.
const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

type Answer = { readonly status: number; readonly body: object };

async function readyAnswer(readiness: Readiness): Promise<Answer> {
  const reason = await readiness();
  return reason === null ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'not ready', reason } };
}

/** Answers both paths without a token: whoever asks learns no more than a word. */
export function useHealth(readiness: Readiness): Plugin {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    '/health': async () => ({ status: 200, body: { status: 'ok' } }),
    '/ready': () => readyAnswer(readiness),
  };
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      const answer = Object.hasOwn(answers, url.pathname) ? answers[url.pathname] : undefined;
      if (!answer) return;
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
      const { status, body } = await answer();
      endResponse(new fetchAPI.Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers: { ...headers } }));
    },
  };
}
