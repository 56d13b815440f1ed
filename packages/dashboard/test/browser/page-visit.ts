import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = resolve(import.meta.dirname, '../../test-results');

/** A page in a window of its own, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  /** Errors on the console (violations of the Content-Security-Policy among them) and exceptions. */
  readonly errors: readonly string[];
  /** Where it asked for something that is not the server itself. */
  readonly foreign: readonly string[];
  /** What axe-core finds, as `impact rule element`. */
  findings(): Promise<readonly string[]>;
  /** How far the page goes beyond the window sideways, pixels. */
  sideways(): Promise<number>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function visit(
  browser: Browser,
  url: string,
  hash: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(?:blob|data):/.test(request.url())) foreign.push(request.url());
  });
  await page.goto(url + hash);
  return {
    ...{ page, errors, foreign },
    async findings() {
      await page.evaluate(axe);
      const found: unknown = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ impact, id, nodes }) => impact + ' ' + id + ' ' + nodes[0].html))`,
      );
      return found as string[];
    },
    sideways: () => page.evaluate('document.documentElement.scrollWidth - innerWidth') as Promise<number>,
    async picture(name) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: resolve(pictures, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}
