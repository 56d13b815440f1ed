import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, SecurityEvent } from '@flowpact/event';
import {
  createExchange,
  createMemoryJournal,
  createMemoryNetwork,
  createPolicyDecide,
  type Decide,
  flexCodec,
  type Partner,
  systemClock,
} from '@flowpact/exchange';
import { createMemoryReplay } from '@flowpact/response';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { answerPartner } from '../../src/response/answer-partner.ts';
import { startResponse } from '../../src/response/running-response.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { startRuleAgent } from './rule-agent.ts';

const folder = temporaryFolder();
const soon = { timeout: 20_000, interval: 50 };

const partnerOf = (name: string, addressSpace: readonly string[]): Partner => ({
  party: { name },
  addressSpace,
  languages: ['flex'],
  routes: [{ transport: 'memory', address: name }],
  policy: { trustLevel: 'high' },
});
const a = partnerOf('isp-a.example', ['192.0.2.0/24']);
const b = partnerOf('isp-b.example', ['203.0.113.0/24']);

const attack = (target: string): SecurityEvent => ({
  type: 'bruteForce',
  confidence: 90,
  startMs: Date.now() - 60_000,
  endMs: Date.now(),
  sources: [{ address: '198.51.100.7' }],
  targets: [{ address: target, protocol: 6, ports: [{ low: 22 }] }],
});

it('a partner asks for a rule, a person approves it, and the partner hears of it to its end', async () => {
  const agent = await startRuleAgent(join(folder, 'agent.sock'));
  const file = join(folder, 'flowpact.yaml');
  writeFileSync(
    file,
    `
response:
  mode: approve
  playbook: [{from: [high], asks: [block], level: approve, emitters: [edge]}]
  emitters: [{kind: exabgp, name: edge, socket: agent.sock}]
  rails: {maxLifetimeSeconds: 3600}
  limits: {reconcileMs: 200}
`,
  );
  const loaded = await loadConfig(file);
  const settings = loaded.config.response;
  if (settings === undefined) throw new Error('there is no response');
  const log = createLogger({ level: 'silent', format: 'json' }, { out: process.stderr });
  const network = createMemoryNetwork();
  const open = (self: Partner, partner: Partner, decide?: Decide) =>
    createExchange(
      { self: self.party, partners: [partner] },
      {
        transports: [network.join(self.party.name)],
        codecs: [flexCodec],
        journal: createMemoryJournal(),
        clock: systemClock,
        onEvent(event) {
          if (event.kind === 'received' && self === a) heard.push(event.message);
        },
        onFeedback: async (feedback) => {
          if (self === b) await response.heard(feedback);
        },
        ...(decide === undefined ? {} : { decide }),
      },
    );
  const heard: Message[] = [];
  const replay = createMemoryReplay(
    ['198.51.100.7', '198.51.100.200'].map((source) => ({
      startMs: Date.now() - 30_000,
      ...{ source, destination: '192.0.2.10', protocol: 6, sourcePort: 40_000, destinationPort: 22 },
      ...{ tcpFlags: 0x1b, packets: 20, octets: 2_000, flows: 10 },
    })),
  );
  const response = await startResponse(loaded, settings, {
    log,
    replay,
    feedback: (mitigation, answer) =>
      answerPartner(
        {
          feedback: async (request, outcome) => {
            await exchangeB.feedback(request, outcome);
          },
        },
        mitigation,
        answer,
        log,
      ),
  });
  const exchangeA = open(a, b);
  const exchangeB = open(
    b,
    a,
    createPolicyDecide({ self: b, partners: [a] }, { clock: systemClock, decide: response.decide }),
  );
  onTestFinished(async () => {
    await Promise.all([exchangeA.stop(), exchangeB.stop(), response.stop()]);
  });
  await exchangeB.start();
  await exchangeA.start();
  const statuses = () => heard.map(({ conversation }) => conversation?.outcome?.status);

  const ask = (seconds: number) => ({ action: 'block', lifetimeSeconds: seconds }) as const;
  await exchangeA.request(attack('192.0.2.10'), [ask(2)], 'isp-b.example');
  await vi.waitFor(() => expect(statuses()).toEqual(['received']), soon);
  expect(agent.rules()).toEqual([]);
  expect(heard[0].conversation?.outcome?.reason).toContain('100.0 % of the octets of the attack');
  const [proposed] = await response.office.mitigations(['proposed']);
  await response.office.approve(proposed.id, 'anna');
  await vi.waitFor(() => expect(agent.rules()).toHaveLength(1), soon);
  expect(agent.rules()[0]).toMatch(/^drop from 198\.51\.100\.7\/32 to 192\.0\.2\.10\/32/);
  await vi.waitFor(() => expect(statuses().slice(-1)).toEqual(['expired']), soon);
  expect(agent.rules()).toEqual([]);
  expect(statuses().filter((status) => status !== 'accepted')).toEqual(['received', 'applied', 'expired']);
  const applied = heard.find(({ conversation }) => conversation?.outcome?.status === 'applied');
  expect(applied?.conversation?.outcome).toMatchObject({
    untilMs: expect.any(Number),
    applied: [{ action: 'block', scope: [{ address: '198.51.100.7' }], lifetimeSeconds: 2 }],
  });

  // What it takes back is taken back.
  heard.length = 0;
  const withdrawn = await exchangeA.request(attack('192.0.2.10'), [ask(600)], 'isp-b.example');
  await vi.waitFor(() => expect(statuses()).toEqual(['received']), soon);
  const [again] = await response.office.mitigations(['proposed']);
  await response.office.approve(again.id, 'anna');
  await vi.waitFor(() => expect(statuses()).toContain('applied'), soon);
  await exchangeA.withdraw(withdrawn, 'isp-b.example');
  await vi.waitFor(() => expect(statuses().slice(-1)).toEqual(['withdrawn']), soon);
  expect(agent.rules()).toEqual([]);
  expect((await response.office.mitigation(again.id))?.turns.at(-2)).toMatchObject({
    why: 'isp-a.example has taken it back',
  });

  // Foreign space is refused by the policy, too long a life time by it or by the rails; all of it is answered.
  heard.length = 0;
  await exchangeA.request(attack('203.0.113.9'), [ask(60)], 'isp-b.example');
  await exchangeA.request(attack('192.0.2.11'), [ask(100 * 366 * 86_400)], 'isp-b.example');
  await exchangeA.request(attack('192.0.2.12'), [ask(7_200)], 'isp-b.example');
  await vi.waitFor(() => expect(statuses()).toEqual(['rejected', 'rejected', 'rejected']), soon);
  expect(response.report().refusals).toEqual([{ partner: 'isp-a.example', count: 1 }]);
}, 60_000);
