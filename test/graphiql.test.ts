// Proves that a browser opens GraphiQL with the nine operations ready to run, and that it fetches nothing from elsewhere.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { graphiqlPage, readOperationTabs } from '../src/graphiql.ts';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { startServer } from './support/server.ts';

const titles = [
  ...['CreateOrder', 'BulkCreateOrders', 'BulkUpdateOrders', 'SecondaryMemberOrders', 'OrderDetails'],
  ...['CartPoints', 'AdjustSpend', 'UpdateOrder', 'AddToOrder'],
];
const tabs = readOperationTabs(fileURLToPath(new URL('../examples/operations', import.meta.url)));

describe('the page', () => {
  test('is the same in every encoding, under a tag of its own', async () => {
    const page = graphiqlPage(tabs);
    const [brotli, gzip, plain] = [page('gzip, deflate, br'), page('br;q=0, gzip;q=0.5'), page('')];
    const html = Buffer.from(await plain.body()).toString();
    expect(html).toContain('CreateOrder');
    expect(brotliDecompressSync(await brotli.body()).toString() === html).toBe(true);
    expect(gunzipSync(await gzip.body()).toString() === html).toBe(true);
    expect([brotli, gzip, plain].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
    expect(new Set([brotli, gzip, plain].map(({ headers }) => headers.etag)).size).toBe(3);
  });

  test('has another tag when an example changes', () => {
    const changed = tabs.map((tab) => ({ ...tab, query: `${tab.query}\n` }));
    expect(graphiqlPage(changed)('br').headers.etag).not.toBe(graphiqlPage(tabs)('br').headers.etag);
  });

  test('is not sent again to a browser that has it', async () => {
    const server = await startServer();
    onTestFinished(server.close);
    const accept = { accept: 'text/html', 'accept-encoding': 'gzip' };
    const first = await fetch(server.url, { headers: accept });
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, first.headers.get('cache-control'), (await first.text()).length > 0]).toEqual([200, 'no-cache', true]);
    const second = await fetch(server.url, { headers: { ...accept, 'if-none-match': `W/"other", W/${etag}` } });
    expect([second.status, await second.text()]).toEqual([304, '']);
  });

  test('leaves a GET by a client of the API alone', async () => {
    const server = await startServer();
    onTestFinished(server.close);
    const response = await fetch(`${server.url}?query={__typename}`, {
      headers: { accept: 'application/json', 'x-graphql-yoga-csrf': '1' },
    });
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
  });
});

describe('in a browser', () => {
  test('nine tabs open with their variables, run, and survive a reload', async ({ skip }) => {
    if (chromiumPath === undefined) return skip('There is no Chromium at CHROMIUM_PATH or /usr/bin/chromium.');
    const server = await startServer();
    onTestFinished(server.close);
    const { page, outsideRequests, problems, close } = await openBrowser(chromiumPath);
    onTestFinished(close);
    const tabButtons = page.locator('.graphiql-tab-button');
    const textOf = async (selector: string) => (await page.locator(selector).allInnerTexts()).join();
    const execute = async (field: string) => {
      const answered = page.waitForResponse((answer) => answer.request().postData()?.includes(field) ?? false);
      await page.getByRole('button', { name: 'Execute query' }).click();
      expect(await (await answered).json()).not.toHaveProperty('errors');
      await expect.poll(() => textOf('.graphiql-response')).toContain(`"${field}"`);
      expect(await textOf('.graphiql-response')).not.toContain('"errors"');
    };

    await page.goto(server.url);
    await expect.poll(() => tabButtons.allInnerTexts(), { timeout: 60_000 }).toEqual(titles);
    await execute('createOrder');
    const screenshot = join(await mkdtemp(join(tmpdir(), 'graphiql-')), 'create-order.png');
    await page.screenshot({ path: screenshot });
    console.log(`GraphiQL after the first operation: ${screenshot}`);

    await tabButtons.nth(titles.indexOf('OrderDetails')).click();
    await expect.poll(() => textOf('.graphiql-tab-active')).toBe('OrderDetails');
    await execute('orderDetails');

    // GraphiQL stores the tabs half a second after a change.
    const storedTab = () => page.evaluate("JSON.parse(localStorage.getItem('graphiql:tabState')).activeTabIndex");
    await expect.poll(storedTab).toBe(titles.indexOf('OrderDetails'));
    await page.reload();
    await expect.poll(() => tabButtons.allInnerTexts(), { timeout: 60_000 }).toEqual(titles);
    expect(await textOf('.graphiql-tab-active')).toBe('OrderDetails');
    expect(outsideRequests).toEqual([]);
    expect(problems).toEqual([]);
  });
});
