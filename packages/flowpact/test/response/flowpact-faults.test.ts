import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutcomeStatus } from '@flowpact/event';
import {
  createExchange,
  createMemoryJournal,
  createSmtpTransport,
  flexCodec,
  systemClock,
} from '@flowpact/exchange';
import { verifyAuditLog } from '@flowpact/response';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePorts } from '../../src/demo/free-ports.ts';
import { runCli, startCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { after, createRandom, kept, killAgent, type Victim } from './lab/faults.ts';
import { createLab, type Lab, labTools } from './lab/lab.ts';
import { type LabRouter, startBird, startExabgp } from './lab/routers.ts';

const { skip, note } = labTools('exabgp', 'bird');
const rounds = Number(process.env.FLOWPACT_FAULT_ROUNDS ?? 5);
/** So long a rule may outlive its life time: as where all but Flowpact is killed. */
const boundMs = 10_000;
const names = { a: 'isp-a.example', b: 'isp-b.example' } as const;
const folder = temporaryFolder();

/** What the audit log says of a rule, by the prefix that it goes to. */
interface Written {
  /** Mitigations that were made of it. */
  count: number;
  untilMs: number;
  state: string;
}

async function readAudit(): Promise<ReadonlyMap<string, Written>> {
  const byPrefix = new Map<string, Written>();
  const byId = new Map<string, Written>();
  const { break: found } = await verifyAuditLog(join(folder, 'state', 'audit'), {
    onEntry(entry) {
      if (entry.kind === 'proposed') {
        const { id, candidates, chosen } = entry.mitigation;
        const prefix = candidates[chosen].rule.match.destination ?? '';
        const written = byPrefix.get(prefix) ?? { count: 0, untilMs: 0, state: 'proposed' };
        written.count++;
        byPrefix.set(prefix, written);
        byId.set(id, written);
      }
      const written = entry.kind === 'turn' ? byId.get(entry.mitigation) : undefined;
      if (entry.kind !== 'turn' || written === undefined) return;
      written.state = entry.state;
      written.untilMs = Math.max(written.untilMs, entry.untilMs ?? 0);
    },
  });
  expect(found).toBeUndefined();
  return byPrefix;
}

describe.skipIf(skip)(`Flowpact, and with it ExaBGP or BIRD, killed at random moments${note}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab?.stop());

  it(
    `${rounds} times: what a partner asked for is done once, and no rule outlives its time by more than ${boundMs} ms`,
    async () => {
      const seed = Number(process.env.FLOWPACT_FAULT_SEED ?? Date.now() % 1e9);
      const random = createRandom(seed);
      const socket = `${lab.folder}/exabgp.sock`;
      const [portA, portB] = await freePorts(2);
      const configFile = join(folder, 'flowpact.yaml');
      writeFileSync(
        configFile,
        `stateDirectory: state
store: {enabled: false, flows: false}
exchange:
  name: ${names.b}
  addressSpace: [198.51.100.0/24, '2001:db8:b::/48']
  retryMs: 100
  mail:
    from: flex@${names.b}
    relay: {server: '127.0.0.1:${portA}'}
    listen: {address: '127.0.0.1:${portB}', maxMessagesPerMinute: 100000}
  partners:
    - {name: ${names.a}, addressSpace: [192.0.2.0/24, 10.0.0.0/8, '2001:db8:a::/48'], languages: [flex], routes: [{transport: smtp, address: flex@${names.a}}], policy: {trustLevel: high}}
response:
  mode: auto
  playbook: [{from: [high], asks: [block], level: auto, emitters: [edge]}]
  emitters: [{kind: exabgp, name: edge, socket: ${socket}, timeoutMs: 5000}]
  rails: {maxInForcePerPartner: 1000, maxPerMinute: 100000}
  limits: {maxRequestsPerMinute: 100000, reconcileMs: 1000}
`,
      );
      const bird = kept<LabRouter>(() => startBird(lab));
      const exabgp = kept(() => startExabgp(lab, [2]));
      let started = 0;
      const flowpact = kept(async (): Promise<Victim & { readonly starting: Promise<void> }> => {
        const { process: child, result, sees } = startCli('flowpact', ['run', configFile]);
        return {
          starting: sees(/"msg":"running"/).then(
            () => void started++,
            () => undefined,
          ),
          process: {
            ended: result,
            async kill(signal) {
              child.kill(signal);
              await result;
            },
          },
        };
      });
      onTestFinished(async () => {
        await Promise.all([flowpact.stop(), exabgp.stop(), bird.stop()]);
      });

      /** What A has heard of each request. */
      const heard = new Map<string, OutcomeStatus[]>();
      const a = createExchange(
        {
          self: { name: names.a },
          partners: [
            {
              ...{ party: { name: names.b }, languages: ['flex'] },
              routes: [{ transport: 'smtp', address: `flex@${names.b}` }],
            },
          ],
          limits: { retryMs: 200, maxRetryMs: 1_000 },
        },
        {
          transports: [
            (deps) =>
              createSmtpTransport(
                {
                  from: `flex@${names.a}`,
                  relay: { host: '127.0.0.1', port: portB },
                  listen: {
                    ...{ host: '127.0.0.1', port: portA, recipients: [`flex@${names.a}`] },
                    limits: { maxMessagesPerMinute: 100_000 },
                  },
                },
                { ...deps, clock: systemClock },
              ),
          ],
          codecs: [flexCodec],
          journal: createMemoryJournal(),
          clock: systemClock,
          onEvent(event) {
            if (event.kind !== 'received') return;
            const { inReplyTo, outcome } = event.message.conversation ?? {};
            if (inReplyTo !== undefined && outcome !== undefined)
              heard.get(inReplyTo.id)?.push(outcome.status);
          },
        },
      );
      await a.start();
      onTestFinished(() => a.stop());

      /** What was asked for, by the prefix that it protects. */
      const requests = new Map<string, { readonly id: string; readonly isLasting: boolean }>();
      async function ask(target: string, lifetimeSeconds: number): Promise<void> {
        const isIpv6 = target.includes(':');
        const source = isIpv6 ? '2001:db8:b::7' : '198.51.100.7';
        const { id } = await a.request(
          {
            ...{ type: 'bruteForce', confidence: 90, startMs: Date.now() - 1_000, endMs: Date.now() },
            sources: [{ address: source }],
            targets: [{ address: target, protocol: 6, ports: [{ low: 22 }] }],
          },
          [{ action: 'block', lifetimeSeconds }],
          names.b,
        );
        heard.set(id, []);
        requests.set(`${target}/${isIpv6 ? 128 : 32}`, { id, isLasting: lifetimeSeconds > 60 });
      }

      /** When BIRD had a route last, by the prefix that it goes to. */
      const seenMs = new Map<string, number>();
      let isWatching = true;
      const shown = async (): Promise<readonly string[]> =>
        ((await bird.current?.routes()) ?? ['no BIRD'])
          .map((route) => /dst ([^;]+);/.exec(route)?.[1] ?? route)
          .sort();
      const watching = (async () => {
        while (isWatching) {
          for (const prefix of await shown().catch(() => [])) seenMs.set(prefix, Date.now());
          await after(250);
        }
      })();

      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i <= random(3); i++) await ask(`10.${round >> 8}.${round & 255}.${i}`, 1 + random(5));
        const other = random(6);
        // While it starts, or while it runs.
        if (random(2) === 0) await flowpact.current?.starting;
        await after(random(1_000));
        if (other === 0) killAgent(socket);
        else if (other < 3) await (other === 1 ? exabgp : bird).current?.process.kill('SIGKILL');
        await after(random(1_000));
        while (flowpact.current === undefined) await after(10);
        await flowpact.current.process.kill('SIGKILL');
      }

      // What lasts is there after all that, once each, and nothing else.
      const lasting = ['192.0.2.1', '192.0.2.2', '2001:db8:a::1'];
      for (const target of lasting) await ask(target, 600);
      await after(random(3_000));
      await flowpact.current?.process.kill('SIGKILL');
      await bird.current?.process.kill('SIGKILL');
      await exabgp.current?.process.kill('SIGKILL');
      const prefixes = ['192.0.2.1/32', '192.0.2.2/32', '2001:db8:a::1/128'];
      const slowly = { timeout: 60_000, interval: 200 };
      await vi.waitFor(async () => expect(await shown()).toEqual(prefixes), slowly);

      // The partner hears of each to its end.
      await vi.waitFor(() => {
        for (const [prefix, { id, isLasting }] of requests) {
          const last = heard.get(id)?.at(-1);
          expect({ prefix, last }).toEqual({ prefix, last: isLasting ? 'applied' : 'expired' });
        }
      }, slowly);
      const stopAll = ['mitigate', 'stop-all', '--why', 'the test is over', '-c', configFile];
      expect(await runCli('flowpact', stopAll)).toMatchObject({ code: 0 });
      await vi.waitFor(async () => expect(await shown()).toEqual([]), slowly);
      await vi.waitFor(() => {
        for (const { id, isLasting } of requests.values())
          if (isLasting) expect(heard.get(id)?.at(-1)).toBe('withdrawn');
      }, slowly);
      isWatching = false;
      await watching;
      await flowpact.stop();

      const written = await readAudit();
      expect([...written.keys()].sort()).toEqual([...requests.keys()].sort());
      let longestMs = 0;
      const complaints: string[] = [];
      for (const [prefix, { count, untilMs, state }] of written) {
        const overMs = (seenMs.get(prefix) ?? 0) - untilMs;
        longestMs = Math.max(longestMs, overMs);
        if (overMs > boundMs) complaints.push(`${prefix} was ${overMs} ms over its time`);
        if (count !== 1) complaints.push(`${prefix} became ${count} mitigations`);
        if (!['expired', 'withdrawn'].includes(state)) complaints.push(`${prefix} is ${state}`);
      }
      expect({ seed, complaints }).toEqual({ seed, complaints: [] });
      // Of those that BIRD never saw, the time was over while something was dead.
      const applied = [...requests.keys()].filter((prefix) => seenMs.has(prefix)).length;
      if (process.env.FLOWPACT_FAULT_ROUNDS !== undefined) {
        console.log(
          `${rounds} rounds, seed ${seed}: ${started} starts went to their end, ${requests.size} requests, ${applied} seen as routes; the longest that a rule outlived its time: ${longestMs} ms`,
        );
      }
      expect(applied).toBeGreaterThanOrEqual(lasting.length);
    },
    180_000 + rounds * 20_000,
  );
});
