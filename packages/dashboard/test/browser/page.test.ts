import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { pageFolder } from '../../../flowpact/src/http/page-folder.ts';
import { createWatchServer } from '../../../flowpact/src/http/watch-server.ts';
import { createExampleSource, exampleDetection } from '../../../flowpact/test/http/api/example-source.ts';
import { buildPage, startDemo, type WatchedDemo } from './demo-page.ts';
import { visit } from './page-visit.ts';

const { skip, note } = systemTool('chromium', 'chromium');
const maxWeightOctets = 150_000;

/** Of each page, a text that is there only when its data is. */
const pages = [
  ['now', '#/now', 'MultiStage'],
  ['detections', '#/detections', '/wp-login.php'],
  ['flows', '#/flows', '.AP.SF'],
  ['exchange', '#/exchange', 'its owner has been told'],
  ['response', '#/response', 'pretended-firewall'],
  ['exporters', '#/exporters', 'IPFIX'],
  ['modules', '#/modules', 'multi-stage-http.epl'],
] as const;

describe.skipIf(skip)(`the page in a browser${note}`, () => {
  let browser: Browser;
  let demo: WatchedDemo;

  beforeAll(async () => {
    buildPage();
    demo = await startDemo();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it.each([
    ...pages.map((page) => [...page, 'light', 1280] as const),
    ...pages.map((page) => [...page, 'dark', 390] as const),
  ])('%s: %s shows %s, without a fault (%s, %i pixels wide)', async (name, hash, text, scheme, width) => {
    const { page, errors, foreign, ...seen } = await visit(browser, demo.url, hash, {
      colorScheme: scheme,
      viewport: { width, height: 900 },
    });
    await page.getByText(text).first().waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    // The first tick has come.
    await page.getByText(/[0-9]k? flows\/s/).waitFor();
    await seen.picture(`${name}-${scheme}-${width}`);
    expect(await seen.findings()).toEqual([]);
    expect(await seen.sideways()).toBeLessThanOrEqual(0);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    await seen.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('an incident has everything about its attacker (%s, %i pixels wide)', async (scheme, width) => {
    const { page, errors, ...seen } = await visit(
      browser,
      demo.url,
      `#/detections?attacker=${demo.attacker}`,
      {
        colorScheme: scheme,
        viewport: { width, height: 900 },
      },
    );
    await page.getByRole('link', { name: demo.attacker }).first().click();
    await page.getByRole('heading', { name: `Incident ${demo.attacker}` }).waitFor();
    for (const statement of ['PortScan', 'LoginSearch', 'BruteForce', 'MultiStage']) {
      await page.getByText(statement).first().waitFor();
    }
    await page.getByText('accepted').first().waitFor();
    await page.getByText(/^240 flows$/).waitFor();
    const rows = page.getByRole('region', { name: 'Flows that are the evidence' }).locator('tbody tr');
    expect(await rows.count()).toBe(25);
    await page.getByRole('button', { name: 'Show all 240' }).click();
    expect(await rows.count()).toBe(240);
    await page.locator('summary', { hasText: 'MultiStage' }).click();
    await page.getByText('@SecurityEvent').waitFor();
    await page.getByRole('combobox').selectOption('iodef2');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).first().click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^bruteForce-[0-9]+\.xml$/);
    expect(readFileSync(await download.path(), 'utf8')).toContain(demo.attacker);
    await seen.picture(`incident-${scheme}-${width}`);
    expect(await seen.findings()).toEqual([]);
    expect(await seen.sideways()).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await seen.close();
  });

  it('searches flows, and says what is wrong with a filter', async () => {
    const { page, close } = await visit(browser, demo.url, '#/flows?filter=tcp%20and%20dst%20port%20443');
    const cells = page
      .getByRole('region', { name: 'Flows', exact: true })
      .locator('tbody tr td:nth-child(5)');
    await cells.first().waitFor();
    expect(new Set(await cells.allTextContents())).toEqual(new Set(['443']));
    await page.getByRole('searchbox').fill('src prot 80');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('^');
    await close();
  });

  it('is used by keys alone', async () => {
    const { page, close } = await visit(browser, demo.url, '#/now');
    await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Detections', level: 1 }).waitFor();
    await page.getByText('all statements').first().waitFor({ state: 'attached' });
    await page.keyboard.press('/');
    await page.keyboard.type('wp-login');
    expect(await page.getByRole('searchbox').inputValue()).toBe('wp-login');
    expect(page.url()).toContain('text=wp-login');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.getByText('paused').waitFor();
    for (const theme of ['light', 'dark', 'auto']) {
      await page.keyboard.press('t');
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(theme);
    }
    await page.reload();
    await page.getByRole('heading', { name: 'Detections', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await close();
  });

  it('counts a thousand detections a second, shows a sample, and says so', async () => {
    const source = createExampleSource();
    const server = createWatchServer(
      { port: 0, pageFolder: pageFolder()!, limits: { tickMs: 100 } },
      {
        source,
        self: { name: 'isp-a.example' },
        onError: (error) => {
          throw error;
        },
      },
    );
    const url = await server.start();
    const { page, errors, close } = await visit(browser, url, '#/now');
    let sent = 0;
    const send = () => {
      const rows = Array.from({ length: 1000 }, () => exampleDetection({ id: String(sent++) }));
      for (const subscriber of source.subscribers) subscriber.onDetections(rows);
    };
    await page.getByText('live', { exact: true }).waitFor();
    // A tick without detections takes the words away again, so they come until they have been seen.
    const sending = setInterval(send, 50);
    const sample = page.getByText(/a sample: 25 of [0-9]+,000 in the last second/);
    await sample.waitFor();
    const table = page.getByRole('region', { name: 'Latest detections' }).locator('tbody');
    await page.evaluate(`document.querySelector('.chart canvas').dataset.mark = 'the same'`);
    const before = sent;
    await expect.poll(() => sent).toBeGreaterThan(before + 2000);
    await sample.waitFor();
    clearInterval(sending);
    expect(await table.locator('tr').count()).toBe(14);
    expect(await page.evaluate(`document.querySelector('.chart canvas').dataset.mark`)).toBe('the same');
    expect(errors).toEqual([]);
    await close();
    await server.stop();
  });

  it('asks for the token where there is one', async () => {
    const server = createWatchServer(
      { port: 0, pageFolder: pageFolder()!, token: 'right', limits: { tickMs: 100 } },
      { source: createExampleSource(), self: { name: 'isp-a.example' }, onError: () => undefined },
    );
    const url = await server.start();
    const { page, close } = await visit(browser, url, '#/now');
    await page.getByLabel('This Flowpact asks for its token:').fill('right');
    await page.keyboard.press('Enter');
    await page.getByText('live', { exact: true }).waitFor();
    await close();
    await server.stop();
  });

  it('weighs little', () => {
    const folder = pageFolder()!;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const octets = files
      .map((file) => gzipSync(readFileSync(join(resolve(file.parentPath), file.name))).length)
      .reduce((a, b) => a + b);
    expect(octets).toBeLessThan(maxWeightOctets);
  });
});
