// Serves the GraphiQL page, with the example operations as its tabs.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'graphql';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import { type Bytes, type Encoding, recipe, render } from './graphiql-render.ts';

export type OperationTab = { readonly title: string; readonly query: string; readonly variables: string };
export type GraphiqlPage = { readonly headers: Readonly<Record<string, string> & { etag: string }>; readonly body: () => Promise<Bytes> };

const operationFiles = [
  ...['create-order', 'bulk-create-orders', 'bulk-update-orders', 'secondary-member-orders', 'order-details'],
  ...['cart-points', 'adjust-spend', 'update-order', 'add-to-order'],
];

/** Reads the example operations and their variables, in the order of the documentation. GraphiQL titles a tab by its operation's name. */
export function readOperationTabs(folder: string): readonly OperationTab[] {
  return operationFiles.map((file) => {
    const query = readFileSync(join(folder, `${file}.graphql`), 'utf8');
    const [operation] = parse(query).definitions;
    if (operation?.kind !== 'OperationDefinition' || !operation.name) throw new Error(`${file}.graphql must hold one named operation.`);
    return { title: operation.name.value, query, variables: readFileSync(join(folder, `${file}.variables.json`), 'utf8').trim() };
  });
}

// The page is one document without outside parts; the policy holds it, and whatever a response brings, to this origin.
const policy = [
  "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data:; font-src data:",
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

function accepts(acceptEncoding: string, encoding: Encoding): boolean {
  const codings = acceptEncoding.split(',').map((coding) => coding.toLowerCase().replaceAll(/\s/g, ''));
  return codings.some((coding) => coding.split(';')[0] === encoding && !/;q=0(\.0*)?$/.test(coding));
}

/** Answers the page for an Accept-Encoding header. Its tag needs no rendering; each encoding is rendered once, when it is first sent. */
export function graphiqlPage(tabs: readonly OperationTab[]): (acceptEncoding: string) => GraphiqlPage {
  const defaultTabs = tabs.map(({ query, variables }) => ({ query, variables }));
  const options: GraphiQLOptions = {
    title: 'Loyalty orders',
    defaultTabs,
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  };
  const hash = createHash('sha256').update(recipe(options)).digest('base64url').slice(0, 16);
  const rendered = new Map<Encoding, Promise<Bytes>>();

  function body(encoding: Encoding): Promise<Bytes> {
    const page = rendered.get(encoding) ?? render(options, encoding);
    rendered.set(encoding, page);
    page.catch(() => rendered.delete(encoding));
    return page;
  }

  return (acceptEncoding) => {
    const encoding = (['br', 'gzip'] as const).find((each) => accepts(acceptEncoding, each));
    const tag = { etag: `"${hash}-${encoding ?? 'identity'}"`, vary: 'accept, accept-encoding', 'cache-control': 'no-cache' };
    const headers = {
      ...tag,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    };
    if (encoding === undefined) return { headers, body: async () => promisify(gunzip)(await body('gzip')) };
    return { headers: { ...headers, 'content-encoding': encoding }, body: () => body(encoding) };
  };
}

/** Answers a browser's GET of the endpoint with the page. The server's own `graphiql` option must be false. */
export function useGraphiqlPage(tabs: readonly OperationTab[], endpoint = '/graphql'): Plugin {
  const page = graphiqlPage(tabs);
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || url.pathname.replace(/\/$/, '') !== endpoint) return;
      if (!request.headers.get('accept')?.includes('text/html')) return;
      const { headers, body } = page(request.headers.get('accept-encoding') ?? '');
      const known = request.headers.get('if-none-match')?.includes(headers.etag);
      endResponse(known ? new fetchAPI.Response(null, { status: 304, headers }) : new fetchAPI.Response(await body(), { headers }));
    },
  };
}
