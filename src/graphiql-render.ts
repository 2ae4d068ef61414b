// Renders the GraphiQL page to compressed HTML, away from the event loop.

import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { GraphiQLOptions } from 'graphql-yoga';

export type Encoding = 'br' | 'gzip';
export type Bytes = Uint8Array<ArrayBuffer>;

const require = createRequire(import.meta.url);
/** The renderer is looked for when a page is made, since most servers show none. */
const renderer = (): string => require.resolve('@graphql-yoga/render-graphiql');
const versionOf = ({ version }: { readonly version: string }): string => version;

// GraphiQL shows the first default tab without its variables, and opens one tab more after a reload, unless it is told which tab to open.
// So the page names the tab: that of a link with ?query=, else the one left open, else the first. An edit does not rewrite the address.
// The style keeps each tab in its place: an animation that never ends would carry it away from under the first click.
const openTab = `((root, options) => {
  document.head.append(Object.assign(document.createElement('style'), { textContent: '.graphiql-tab { transform: none !important }' }));
  const link = Object.fromEntries(new URLSearchParams(location.search));
  const shared = link.query ? [{ query: link.query, variables: link.variables ?? '' }] : [];
  const stored = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
  const { query, variables } = shared[0] ?? stored.tabs?.[stored.activeTabIndex] ?? options.defaultTabs[0];
  const defaultTabs = [...shared, ...options.defaultTabs];
  YogaGraphiQL.renderYogaGraphiQL(root, { ...options, defaultTabs, query, variables, onEditQuery() {} });
})(`;

// Brotli at 5 takes a third of a second for 1.95 MB; at 11 it would take 13 seconds for 1.7 MB.
const workerSource = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { brotliCompressSync, constants, gzipSync } = require('node:zlib');
  const page = require(workerData.renderer).renderGraphiQL(workerData.options);
  const call = 'YogaGraphiQL.renderYogaGraphiQL(';
  if (page.split(call).length !== 2) throw new Error('The page of this version of the GraphiQL renderer opens in another way.');
  const html = Buffer.from(page.replace(call, () => workerData.openTab));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: html.length };
  parentPort.postMessage(workerData.encoding === 'br' ? brotliCompressSync(html, { params }) : gzipSync(html));
`;

/** All that the page is made from: two pages with one recipe are the same page. */
export const recipe = (options: GraphiQLOptions): string =>
  JSON.stringify([versionOf(require('@graphql-yoga/render-graphiql/package.json')), openTab, options]);

/** The renderer is 9 MB of script: in a worker it neither stops the event loop for half a second nor keeps 54 MB of memory. */
export function render(options: GraphiQLOptions, encoding: Encoding): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const workerData = { renderer: renderer(), openTab, options, encoding };
    const worker = new Worker(workerSource, { eval: true, execArgv: [], workerData });
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The GraphiQL page was not rendered: its worker ended with ${code}.`)));
  });
}
