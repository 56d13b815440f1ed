import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemTool } from '../../../../test/system-tool.ts';
import { runCli } from '../../../flowpact/test/cli/run-cli.ts';
import { startDaemon } from '../../../flowpact/test/daemon/running-daemon.ts';
import { startRuleAgent } from '../../../flowpact/test/response/rule-agent.ts';
import { buildPage } from './demo-page.ts';
import { visit } from './page-visit.ts';

const { skip, note } = systemTool('chromium', 'chromium');

/** Of each page, a text that is there only when its data is. */
const pages = [
  ['#/now', 'MultiStage'],
  ['#/detections', '/wp-login.php'],
  ['#/flows', '.AP.SF'],
  ['#/exchange', 'isp-b.example'],
  ['#/response', 'Proposal 1'],
  ['#/exporters', 'IPFIX'],
  ['#/modules', 'multi-stage-http'],
] as const;

describe.skipIf(skip)(`the page of flowpact run in a browser${note}`, () => {
  it('shows what was collected, detected and said, and switches a module', { timeout: 180_000 }, async () => {
    buildPage();
    const folder = mkdtempSync(join(tmpdir(), 'flowpact-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
    const traffic = join(folder, 'traffic.ipfix');
    const truth = join(folder, 'truth.json');
    await runCli('flowpact', ['generate', '-o', traffic, '--truth', truth, '--seed', '7']);
    const [attacker] = JSON.parse(readFileSync(truth, 'utf8')).attacks[0].attackers as string[];
    const agent = await startRuleAgent(join(folder, 'agent.sock'));
    const daemon = await startDaemon(
      folder,
      `
collectors: [{ listen: 'tcp://127.0.0.1:0' }]
modules: [{ file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl' }]
http: { listen: '127.0.0.1:0', allowChanges: true }
store: { flushAfterMs: 500 }
response:
  mode: approve
  playbook: [{ level: approve, emitters: [edge], lifetimeSeconds: 600 }]
  emitters: [{ kind: exabgp, name: edge, socket: agent.sock }]
exchange:
  name: isp-a.example
  mail: { from: flex@isp-a.example, relay: { server: '127.0.0.1:1' } }
  partners:
    - name: isp-b.example
      addressSpace: [203.0.113.0/24]
      languages: [flex]
      routes: [{ transport: smtp, address: flex@isp-b.example }]
`,
    );
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    onTestFinished(() => browser.close());
    const url = `http://127.0.0.1:${daemon.ports.http}/`;
    const open = ['-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1'];
    await runCli('flowpact', ['replay', '-i', traffic, ...open]);

    for (const [hash, text] of pages) {
      const { page, errors, foreign, ...seen } = await visit(browser, url, hash);
      await page.getByText(text).first().waitFor();
      await page.getByText('live', { exact: true }).waitFor();
      expect(await seen.findings(), hash).toEqual([]);
      expect({ errors, foreign }, hash).toEqual({ errors: [], foreign: [] });
      if (hash === '#/modules') {
        await page.getByRole('button', { name: 'Switch off multi-stage-http' }).click();
        await page.getByText('switched off').waitFor();
        await page.getByRole('button', { name: 'Switch on multi-stage-http' }).click();
        await page.getByText('at work').waitFor();
        await seen.picture('modules-of-run');
        expect(errors).toEqual([]);
      }
      await seen.close();
    }
    const incident = await visit(browser, url, `#/incident/${attacker}`);
    await incident.page.getByRole('heading', { name: `Incident ${attacker}` }).waitFor();
    for (const statement of ['PortScan', 'LoginSearch', 'BruteForce', 'MultiStage']) {
      await incident.page.getByText(statement).first().waitFor();
    }
    await incident.page.getByText('isp-b.example').first().waitFor();
    await incident.page.getByRole('link', { name: 'Mitigation 1' }).click();
    await incident.page.getByRole('button', { name: 'Approve…' }).click();
    await incident.page.getByLabel('Your name').fill('anna');
    await incident.page.getByRole('button', { name: 'Yes, approve' }).click();
    await incident.page.getByText('confirmed').first().waitFor();
    await incident.page.getByText('approved by anna', { exact: true }).waitFor();
    await incident.picture('mitigation-of-run');
    expect(agent.rules()).toHaveLength(1);
    expect(incident.errors).toEqual([]);
    await incident.close();
  });
});
