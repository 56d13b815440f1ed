import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createAgentServer,
  createExabgpAgent,
  createExabgpApi,
  createExabgpEmitter,
  createKeptRulesFile,
  defaultAgentServer,
  defaultExabgpAgent,
  type Rule,
  systemClock,
  systemTimers,
} from '../../../src/index.ts';
import { scratch } from '../../scratch.ts';
import { createFakeExabgp } from './fake-exabgp.ts';

const rule: Rule = {
  match: { destination: '192.0.2.10/32', protocols: [17], destinationPorts: [{ low: 53 }] },
  action: { kind: 'drop' },
};
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function started(folder = scratch()) {
  const exabgp = createFakeExabgp();
  const api = createExabgpApi({ ...exabgp, timers: systemTimers, onEnd: () => {} });
  const state = createKeptRulesFile(join(folder, 'state.json'));
  const deps = { api, state, clock: systemClock, timers: systemTimers, log: () => {} };
  const agent = createExabgpAgent(defaultExabgpAgent, deps);
  const socket = join(folder, 'agent.sock');
  const server = createAgentServer({ ...defaultAgentServer, socket }, agent);
  await server.start();
  await agent.start();
  stops.push(async () => {
    agent.stop();
    await server.stop();
  });
  return { folder, exabgp, socket, emitter: createExabgpEmitter({ name: 'edge', socket }) };
}

/** What a listener that is no agent says. */
async function answering(text: string) {
  const socket = join(scratch(), 'other.sock');
  const server = createServer((client) => client.resume().end(text));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  return createExabgpEmitter({ name: 'edge', socket });
}

describe('createExabgpEmitter', () => {
  it('hands rules over, reads them back, and takes them back', async () => {
    const { emitter, exabgp, folder } = await started();
    await emitter.start();
    const untilMs = Date.now() + 60_000;
    await emitter.apply(rule, untilMs);
    await emitter.apply(rule, untilMs + 1);
    expect(await emitter.inForce()).toEqual([{ rule, untilMs: untilMs + 1 }]);
    expect(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'))).toEqual({
      version: 1,
      rules: [{ rule, untilMs: untilMs + 1 }],
    });
    await emitter.withdraw(rule);
    expect(await emitter.inForce()).toEqual([]);
    expect(exabgp.routes.size).toBe(0);
    await emitter.stop();
  });

  it('does not tell of what is held and not announced, nor of routes of others', async () => {
    const { emitter, exabgp } = await started();
    await emitter.apply(rule, Date.now() + 60_000);
    (exabgp.routes as Map<string, string>).clear();
    exabgp.output.write(
      'announce route 192.0.2.99/32 next-hop 192.0.2.1 community [ 65535:666 65535:65281 ]\n',
    );
    expect(await emitter.inForce()).toEqual([]);
  });

  it('says what went wrong at ExaBGP', async () => {
    const { emitter, exabgp } = await started();
    exabgp.mood = 'error';
    await expect(emitter.apply(rule, Date.now() + 60_000)).rejects.toThrow(
      /edge: apply: .*ExaBGP says error/,
    );
  });

  it('fails where nobody listens, or somebody else', async () => {
    const nobody = createExabgpEmitter({ name: 'edge', socket: join(scratch(), 'none.sock') });
    await expect(nobody.inForce()).rejects.toThrow('is ExaBGP running?');
    await expect((await answering('')).inForce()).rejects.toThrow('ended without an answer');
    await expect((await answering('what?\n')).inForce()).rejects.toThrow('the agent answers "what?');
    await expect((await answering('{"ok":true,"inForce":[{}]}\n')).inForce()).rejects.toThrow(
      'the agent answers',
    );
    await expect((await answering('{"ok":false,"error":"full"}\n')).inForce()).rejects.toThrow(
      'edge: inForce: full',
    );
  });

  it('knows what ExaBGP cannot say', () => {
    const emitter = createExabgpEmitter({ name: 'edge', socket: '/none' });
    const { match } = rule;
    const of = (action: Rule['action']): string | undefined => emitter.objection({ match, action });
    expect(of({ kind: 'drop' })).toBeUndefined();
    expect(of({ kind: 'redirect', routeTarget: '192.0.2.1:100' })).toContain('AS numbers');
    expect(of({ kind: 'rateLimit', octetsPerSecond: 2 ** 24 + 1 })).toContain('16777216');
    expect(of({ kind: 'rateLimit', octetsPerSecond: 2 ** 40 })).toContain('1000000000000');
    expect(of({ kind: 'rateLimit', octetsPerSecond: 0 })).toContain('drop');
    expect(
      emitter.objection({ match: { destination: '2001:db8::/64' }, action: { kind: 'blackhole' } }),
    ).toContain('single');
  });
});

describe('createAgentServer', () => {
  function told(socket: string, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const client = connect(socket, () => client.end(text));
      client.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      client.on('error', reject).on('close', () => resolve(answer));
    });
  }

  it.each([
    ['what?\n', 'not valid JSON'],
    ['null\n', 'null'],
    ['{}\n', 'ask for apply, withdraw or inForce'],
    ['{"ask":"flush"}\n', 'ask for apply, withdraw or inForce'],
    ['{"ask":"apply"}\n', 'not a rule'],
    [
      '{"ask":"apply","rule":{"match":{"destination":"0.0.0.0/0; shutdown"},"action":{"kind":"drop"}}}\n',
      'not a rule',
    ],
    [
      '{"ask":"apply","rule":{"match":{"destination":"192.0.2.1","protocols":6},"action":{"kind":"drop"}}}\n',
      'not a rule',
    ],
    [
      '{"ask":"apply","rule":{"match":{"destination":"192.0.2.1"},"action":{"kind":"drop"}}}\n',
      'its time is over',
    ],
  ])('answers nonsense with its reason: %s', async (line, reason) => {
    const { socket, exabgp } = await started();
    const { ok, error } = JSON.parse(await told(socket, line)) as { ok: boolean; error: string };
    expect(ok).toBe(false);
    expect(error).toContain(reason);
    expect(exabgp.commands).toEqual(['version']);
  });

  it('ends connections that ask nothing, or too much', async () => {
    const { socket } = await started();
    expect(await told(socket, '')).toBe('');
    expect(await told(socket, 'x'.repeat(200_000)).catch(() => '')).toBe('');
  });

  it('takes the place of an agent that was killed, not of one that lives', async () => {
    const { folder, socket } = await started();
    const other = createAgentServer({ ...defaultAgentServer, socket, takeOverMs: 0 }, {} as never);
    await expect(other.start()).rejects.toThrow('another agent has it');
    const left = join(folder, 'left.sock');
    writeFileSync(left, '');
    const next = createAgentServer({ ...defaultAgentServer, socket: left }, {} as never);
    await next.start();
    await next.stop();
  });
});
