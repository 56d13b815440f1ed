import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { controlSocketName } from '../../src/control/control-socket.ts';
import { connectResponse } from '../../src/control/response-client.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/workspace.ts';
import { type RunningDaemon, startDaemon } from '../daemon/running-daemon.ts';
import { startRuleAgent } from './rule-agent.ts';

const folder = temporaryFolder();
const traffic = join(folder, 'traffic.ipfix');
const soon = { timeout: 20_000, interval: 100 };

beforeAll(async () => {
  await runCli('flowpact', ['generate', '-o', traffic, '--seed', '7']);
});

const yaml = (mode: string) => `
stateDirectory: state-${mode}
collectors: [{listen: 'tcp://127.0.0.1:0'}]
modules: [{file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'}]
http: {listen: '127.0.0.1:0'}
response:
  mode: ${mode}
  playbook: [{level: approve, emitters: [edge], lifetimeSeconds: 600}]
  emitters: [{kind: exabgp, name: edge, socket: agent.sock}]
  limits: {reconcileMs: 500}
`;

const replay = (daemon: RunningDaemon) =>
  runCli('flowpact', ['replay', '-i', traffic, '-t', 'TCP', '-p', String(daemon.ports.tcp), '-n', '1']);

/** What `flowpact … --json` prints, and how it ends. */
async function flowpact(daemon: RunningDaemon, args: readonly string[]) {
  const { stdout, stderr, code } = await runCli('flowpact', [...args, '-c', daemon.configFile]);
  return {
    ...{ code, stderr },
    lines: stdout
      .split('\n')
      .filter(Boolean)
      // biome-ignore lint/suspicious/noExplicitAny: what is in it is looked at
      .map((line): any => JSON.parse(line)),
  };
}

describe('flowpact run with a response', () => {
  it('proposes, applies what a person approves, takes it back, and has it all in its log', async () => {
    const agent = await startRuleAgent(join(folder, 'agent.sock'));
    const daemon = await startDaemon(folder, yaml('approve'));
    const mitigate = (...args: string[]) => flowpact(daemon, ['mitigate', ...args]);
    const office = connectResponse({ path: join(folder, 'state-approve', controlSocketName) });
    await replay(daemon);
    const [proposed] = await vi.waitFor(async () => {
      const found = await office.mitigations(['proposed']);
      expect(found.length).toBeGreaterThan(0);
      return found;
    }, soon);
    const { id, candidates, chosen } = proposed;
    expect(agent.rules()).toEqual([]);
    expect(candidates[chosen].collateral?.attack.hit.flows).toBeGreaterThan(0);
    expect(await mitigate('list', '--state', 'proposed')).toMatchObject({
      code: 0,
      stderr: 'mode: approve\n',
      lines: expect.arrayContaining([expect.objectContaining({ id })]),
    });

    expect(await mitigate('approve', id, '--as', 'anna', '--why', 'seen it')).toMatchObject({ code: 0 });
    await vi.waitFor(() => expect(agent.rules()).toHaveLength(1), soon);
    await vi.waitFor(async () => {
      expect(await office.mitigation(id)).toMatchObject({ state: 'confirmed', approvals: [{ who: 'anna' }] });
    }, soon);
    expect(await daemon.metrics()).toMatch(/flowpact_mitigations\{emitter="edge",state="confirmed"\} 1/);
    expect(await mitigate('approve', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is confirmed'),
    });
    const { untilMs } = await office.extend(id, 'ben', 1_200);
    expect(untilMs).toBeGreaterThan(Date.now() + 1_000_000);
    await vi.waitFor(async () => expect((await office.mitigation(id))?.state).toBe('confirmed'), soon);
    await office.withdraw(id, 'ben');
    await vi.waitFor(() => expect(agent.rules()).toEqual([]), soon);

    const stopped = await mitigate('stop-all', '--as', 'anna', '--why', 'enough');
    expect(stopped).toMatchObject({ code: 0, stderr: expect.stringContaining('mode: off') });
    expect(await office.mode()).toBe('off');
    await expect(office.setMode('auto', 'anna')).rejects.toThrow('approve at most');

    daemon.process.kill('SIGTERM');
    expect((await daemon.result).code).toBe(0);
    // The log is read without a daemon.
    const verified = await flowpact(daemon, ['audit', 'verify']);
    expect(verified).toMatchObject({ code: 0, lines: [{ holds: true, tornBytes: 0 }] });
    const { number, hash } = verified.lines[0].head;
    expect(await flowpact(daemon, ['audit', 'verify', '--head', `${number}:${hash}`])).toMatchObject({
      code: 0,
    });
    expect(
      await flowpact(daemon, ['audit', 'verify', '--head', `${number}:${'0'.repeat(64)}`]),
    ).toMatchObject({
      code: 1,
      lines: [{ holds: false }],
    });
    const shown = await flowpact(daemon, ['audit', 'show', '--mitigation', id]);
    expect(shown.lines.map(({ kind, state, who }) => `${kind} ${state ?? ''} ${who}`)).toEqual([
      'proposed  flowpact',
      'approval  anna',
      'turn approved anna',
      'turn applying flowpact',
      'turn applied flowpact',
      'turn confirmed flowpact',
      'extended  ben',
      'turn applied flowpact',
      'turn confirmed flowpact',
      'turn withdrawing ben',
      'turn withdrawn flowpact',
    ]);
    const path = join(folder, 'state-approve', 'audit', 'audit-000001.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"who":"anna"', '"who":"anne"'));
    expect(await flowpact(daemon, ['audit', 'verify'])).toMatchObject({
      code: 1,
      lines: [{ holds: false, break: { fault: 'changed' } }],
    });
    expect(await mitigate('list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not answer'),
    });
  }, 90_000);
});
