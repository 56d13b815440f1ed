import { ResponseError } from '@flowpact/response';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { pageFolder } from '../../../flowpact/src/http/page-folder.ts';
import {
  createWatchServer,
  type WatchServer,
  type WatchServerConfig,
} from '../../../flowpact/src/http/watch-server.ts';
import {
  createExampleMitigations,
  type ExampleMitigations,
  exampleMitigation,
} from '../../../flowpact/test/http/api/example-mitigations.ts';
import { attacker, createExampleSource, startMs } from '../../../flowpact/test/http/api/example-source.ts';
import { buildPage } from './demo-page.ts';
import { visit } from './page-visit.ts';

const { skip, note } = systemTool('chromium', 'chromium');
const nowMs = startMs + 600_000;

describe.skipIf(skip)(`the page of the response in a browser${note}`, () => {
  let browser: Browser;
  let server: WatchServer;
  let mitigations: ExampleMitigations;
  let url: string;

  async function serve(config: Pick<WatchServerConfig, 'mayChange' | 'people'>): Promise<void> {
    const source = createExampleSource();
    const { status } = source;
    source.status = async () => ({ ...(await status()), nowMs, trafficMs: startMs + 60_000 });
    mitigations = createExampleMitigations([
      exampleMitigation('1', 'confirmed'),
      exampleMitigation('2', 'proposed', {
        origin: {
          kind: 'request',
          partner: 'isp-b.example',
          reference: { sender: 'isp-b.example', id: '1' },
          addressSpace: ['198.51.100.0/24'],
        },
      }),
      exampleMitigation('3', 'proposed', { chosen: 2 }),
      exampleMitigation('4', 'proposed', { level: 'propose', chosen: 0 }),
      exampleMitigation('5', 'expired'),
    ]);
    server = createWatchServer(
      { port: 0, pageFolder: pageFolder()!, ...config, limits: { tickMs: 100 } },
      {
        ...{ source, mitigations, self: { name: 'isp-a.example' } },
        onError(error) {
          throw error;
        },
      },
    );
    url = await server.start();
  }

  beforeAll(async () => {
    buildPage();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  }, 120_000);
  afterAll(() => browser?.close());
  beforeEach(() => serve({ mayChange: true }));
  afterEach(() => server.stop());

  it.each([
    ['example', '#/response', 'read from the other side', 'light', 1280],
    ['example', '#/response', 'read from the other side', 'dark', 390],
    ['mitigation', '#/response/2', 'Others that are hit', 'light', 1280],
    ['mitigation', '#/response/2?candidate=2', 'Others that are hit', 'dark', 390],
    ['in-force', '#/response/1', 'ends in', 'dark', 1280],
  ] as const)(
    '%s: %s shows %s, without a fault (%s, %i pixels wide)',
    async (name, hash, text, scheme, width) => {
      const { page, errors, foreign, ...seen } = await visit(browser, url, hash, {
        colorScheme: scheme,
        viewport: { width, height: 900 },
      });
      await page.getByText(text).waitFor();
      await page.getByText('live', { exact: true }).waitFor();
      await page.getByText('3 wait for a yes').waitFor();
      await seen.picture(`${name}-${scheme}-${width}`);
      expect(await seen.findings()).toEqual([]);
      expect(await seen.sideways()).toBeLessThanOrEqual(0);
      expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
      await seen.close();
    },
  );

  it('lets one compare candidates, and approve another one than was chosen', async () => {
    const { page, errors, ...seen } = await visit(browser, url, '#/response');
    await page.getByRole('link', { name: 'Proposal 2' }).click();
    await page.getByRole('heading', { name: 'Mitigation 2' }).waitFor();
    await page.getByText('3 other hosts').waitFor();
    await page.getByRole('radio').nth(2).check();
    await page.getByText('and 404 more hosts').waitFor();
    expect(await page.getByRole('button', { name: 'Approve…' }).isDisabled()).toBe(true);
    await page.getByRole('radio').first().check();
    await page.getByText('Nobody: the rule would have hit the attack alone.').waitFor();
    expect(page.url()).toContain('candidate=0');
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this rule?' });
    await dialog.getByText('62 % of the attack').waitFor();
    const yes = dialog.getByRole('button', { name: 'Yes, approve' });
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByLabel('Your name').fill('anna');
    await dialog.getByLabel('Why').fill('seen it');
    await seen.picture('approve-light-1280');
    expect(await seen.findings()).toEqual([]);
    await yes.click();
    await page.getByText('approved by anna').waitFor();
    await page.getByText('seen it (told over the API from 127.0.0.1)').waitFor();
    expect(mitigations.told).toEqual([
      { approve: '2', who: 'anna', candidate: 0, why: 'seen it (told over the API from 127.0.0.1)' },
    ]);
    expect(errors).toEqual([]);
    await seen.close();
  });

  it('signs with the name that a token belongs to', async () => {
    await server.stop();
    await serve({ mayChange: true, people: [{ name: 'ben', token: 'bens-own' }] });
    const { page, ...seen } = await visit(browser, url, '#/response/2');
    await page.getByLabel('asks for its token').fill('bens-own');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this rule?' });
    await dialog.getByText('Signed as ben').waitFor();
    expect(await dialog.getByLabel('Your name').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Yes, approve' }).click();
    await page.getByText('approved by ben').waitFor();
    await seen.close();
  });

  it('shows what happens elsewhere at once, without being loaded again', async () => {
    const { page, close } = await visit(browser, url, '#/response');
    await page.getByRole('link', { name: 'Proposal 2' }).waitFor();
    mitigations.put(exampleMitigation('6', 'proposed'));
    await page.getByRole('link', { name: 'Proposal 6' }).waitFor();
    await page.getByText('4 wait for a yes').waitFor();
    const inForce = page.getByRole('region', { name: 'Mitigations in force' });
    await inForce.getByText('50:01').waitFor();
    mitigations.put(exampleMitigation('1', 'withdrawn'));
    await page.getByText('Nothing is in force.').waitFor();
    await close();
  });

  it('extends and withdraws, and says what is refused', async () => {
    const { page, close } = await visit(browser, url, '#/response');
    await page.getByRole('button', { name: 'Extend…' }).click();
    await page.getByLabel('Your name').fill('anna');
    mitigations.extend = () => Promise.reject(new ResponseError('RESPONSE_REFUSED', 'not longer than that'));
    await page.getByRole('button', { name: 'Extend', exact: true }).click();
    await page.getByRole('alert').getByText('not longer than that').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Withdraw…' }).click();
    // The name is known by now; digits in a dialog lead nowhere else.
    await page.keyboard.press('5');
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('Nothing is in force.').waitFor();
    expect(mitigations.mitigation('1')?.state).toBe('withdrawn');
    await close();
  });

  it('stops everything only when that is typed', async () => {
    const { page, close } = await visit(browser, url, '#/response');
    await page.getByRole('button', { name: 'Stop everything…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 rule in force or on the way is withdrawn, 3 proposals are rejected').waitFor();
    await dialog.getByLabel('Your name').fill('anna');
    const yes = dialog.getByRole('button', { name: 'Stop everything' });
    expect(await yes.isDisabled()).toBe(true);
    await dialog.getByLabel('Type stop all to go on').fill('stop all');
    await yes.click();
    await page.getByText('Response off').waitFor();
    await page.getByText('No proposal waits.').waitFor();
    expect(mitigations.told).toHaveLength(1);
    await page.getByRole('button', { name: 'dry-run' }).click();
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByText('Response dry-run').waitFor();
    expect(await page.getByRole('button', { name: 'auto', exact: true }).isDisabled()).toBe(true);
    await close();
  });

  it('reads the audit log back to its beginning, and verifies it', async () => {
    const { page, errors, close } = await visit(browser, url, '#/response');
    const rows = page.getByRole('region', { name: 'Audit log' }).locator('tbody tr');
    for (const count of [20, 70, 120, 170, 220, 250]) {
      await expect.poll(() => rows.count()).toBe(count);
      if (count < 250) await page.getByRole('button', { name: 'Older entries' }).click();
    }
    expect(await page.getByRole('button', { name: 'Older entries' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('✓ It holds').waitFor();
    mitigations.verifyAudit = async () => ({ holds: false, entries: 9, problem: 'entry 7 was changed' });
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('entry 7 was changed').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('leads from an incident to what is done against it, and back', async () => {
    const { page, picture, findings, close } = await visit(browser, url, `#/incident/${attacker}`);
    await page.getByRole('link', { name: 'Mitigation 1' }).click();
    await page.getByRole('heading', { name: 'Mitigation 1' }).waitFor();
    await page.getByRole('link', { name: attacker }).first().click();
    await page.getByRole('heading', { name: `Incident ${attacker}` }).waitFor();
    await page.getByRole('button', { name: 'Try rules' }).click();
    await page.getByRole('radio').nth(2).check();
    await page.getByText('and 404 more hosts').waitFor();
    await picture('incident-candidates-light-1280');
    expect(await findings()).toEqual([]);
    expect(mitigations.told).toEqual([]);
    await close();
  });

  it('only shows where it may not change anything', async () => {
    await server.stop();
    await serve({ mayChange: false });
    const { page, close } = await visit(browser, url, '#/response');
    await page.getByText('This page only shows here.').waitFor();
    await page.getByRole('link', { name: 'Proposal 2' }).waitFor();
    expect(await page.getByRole('button', { name: /…$/ }).count()).toBe(0);
    await close();
  });

  it('says so where there is no response', async () => {
    const plain = createWatchServer(
      { port: 0, pageFolder: pageFolder()!, limits: { tickMs: 100 } },
      { source: createExampleSource(), self: { name: 'isp-a.example' }, onError: () => undefined },
    );
    const { page, close } = await visit(browser, await plain.start(), '#/response');
    await page.getByText('No response is configured').waitFor();
    await close();
    await plain.stop();
  });
});
