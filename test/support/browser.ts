// Opens a page in a headless Chromium that reaches this machine's loopback address only.

import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';

const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'];
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

export type BrowserPage = {
  readonly page: Page;
  readonly outsideRequests: readonly string[]; // to any other host; each was blocked
  readonly problems: readonly string[]; // uncaught exceptions and console errors
  readonly close: () => Promise<void>;
};

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const still = ['--disable-component-update', '--disable-sync'];

/** A page in a fresh profile. */
export async function openBrowser(executablePath: string): Promise<BrowserPage> {
  const browser = await chromium.launch({ executablePath, headless: true, args: [...quiet, ...still] });
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const outsideRequests: string[] = [];
  const problems: string[] = [];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === '127.0.0.1' || url.protocol === 'blob:' || url.protocol === 'data:') return route.continue();
    outsideRequests.push(url.href);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return { page, outsideRequests, problems, close: () => browser.close() };
}
