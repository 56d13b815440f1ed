import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createBlockListEmitter,
  createSuricataList,
  type ListFormat,
  type Rule,
  ruleText,
  textList,
} from '../../../src/index.ts';
import { scratch } from '../../scratch.ts';
import { createVirtualTime } from '../virtual-time.ts';

const from = (source: string): Rule => ({ match: { source }, action: { kind: 'drop' } });

async function started(format: ListFormat = textList, folder = scratch(), time = createVirtualTime()) {
  const path = join(folder, 'blocked.txt');
  const emitter = createBlockListEmitter({ name: 'list', path }, { format, ...time });
  await emitter.start();
  return { emitter, path, folder, time, now: time.clock.now(), list: () => readFileSync(path, 'utf8') };
}

describe('createBlockListEmitter', () => {
  it('writes what is handed over, a line each, and ends it in time', async () => {
    const { emitter, list, time, now } = await started();
    expect(list()).toBe('');
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    await emitter.apply(from('2001:db8::/64'), now + 30_000);
    await emitter.apply(from('198.51.100.7/32'), now + 90_000);
    expect(list()).toBe(
      '198.51.100.7/32 # until 2030-01-01T00:01:30Z\n2001:db8::/64 # until 2030-01-01T00:00:30Z\n',
    );
    expect((await emitter.inForce()).map(({ rule }) => ruleText(rule))).toEqual([
      'drop from 198.51.100.7/32',
      'drop from 2001:db8::/64',
    ]);
    await time.advance(30_000);
    expect((await emitter.inForce()).length).toBe(1);
    expect(list()).toBe('198.51.100.7/32 # until 2030-01-01T00:01:30Z\n');
    await emitter.withdraw(from('198.51.100.7/32'));
    await emitter.withdraw(from('198.51.100.7/32'));
    expect(list()).toBe('');
  });

  it('goes on where it was, without what has ended', async () => {
    const { emitter, folder, time, now } = await started();
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    await emitter.apply(from('198.51.100.8/32'), now + 10_000);
    await emitter.stop();
    await time.advance(20_000);
    const next = await started(textList, folder, time);
    expect(next.list()).toBe('198.51.100.7/32 # until 2030-01-01T00:01:00Z\n');
  });

  it('does not count a list that somebody has changed', async () => {
    const { emitter, path, now } = await started();
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    writeFileSync(path, '');
    expect(await emitter.inForce()).toEqual([]);
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    expect(await emitter.inForce()).toHaveLength(1);
    rmSync(path);
    expect(await emitter.inForce()).toEqual([]);
  });

  it('fails where it cannot write, and ends what is due as soon as it can', async () => {
    const { emitter, path, list, time, now } = await started();
    await emitter.apply(from('198.51.100.7/32'), now + 10_000);
    mkdirSync(`${path}.next`);
    await expect(emitter.apply(from('198.51.100.8/32'), now + 60_000)).rejects.toThrow('EISDIR');
    await time.advance(15_000);
    expect(list()).toContain('198.51.100.7');
    rmSync(`${path}.next`, { recursive: true });
    await time.advance(1_000);
    await emitter.inForce();
    expect(list()).toBe('');
    expect(existsSync(`${path}.next`)).toBe(false);
  });

  it('does nothing before it has started, nor with what is over', async () => {
    const emitter = createBlockListEmitter(
      { name: 'list', path: join(scratch(), 'x') },
      { format: textList },
    );
    await expect(emitter.inForce()).rejects.toThrow('has not started');
    const { emitter: other, now } = await started();
    await expect(other.apply(from('198.51.100.7/32'), now)).rejects.toThrow('its time is over');
  });
});

describe('textList', () => {
  it.each<[Rule]>([
    [{ match: { destination: '192.0.2.1/32' }, action: { kind: 'drop' } }],
    [{ match: { source: '192.0.2.1/32', destination: '192.0.2.2/32' }, action: { kind: 'drop' } }],
    [{ match: { source: '192.0.2.1/32', protocols: [6] }, action: { kind: 'drop' } }],
    [{ match: { source: '192.0.2.1/32' }, action: { kind: 'mark', dscp: 1 } }],
  ])('objects to what it would say less of: %j', (rule) => {
    expect(textList.objection(rule)).toBeDefined();
    expect(textList.objection(from('192.0.2.1/32'))).toBeUndefined();
  });
});

describe('createSuricataList', () => {
  const list = createSuricataList({ firstSid: 9_000_000, sids: 3 });
  const untilMs = Date.UTC(2030, 0, 1);
  const listed = (rule: Rule) => ({ rule, untilMs, sinceMs: 0, renewedMs: 0 });

  it('writes a signature for each protocol', () => {
    const rule: Rule = {
      match: { source: '198.51.100.0/24', destination: '192.0.2.10/32', protocols: [6, 47] },
      action: { kind: 'drop' },
    };
    const dns: Rule = {
      match: {
        destination: '2001:db8::1/128',
        protocols: [17],
        sourcePorts: [{ low: 53 }],
        destinationPorts: [{ low: 99 }, { low: 1024, high: 65535 }],
      },
      action: { kind: 'drop' },
    };
    expect(list.objection(rule)).toBeUndefined();
    expect(list.write([rule, dns].map(listed), 0)).toBe(
      `drop tcp 198.51.100.0/24 any -> 192.0.2.10/32 any (msg:"drop from 198.51.100.0/24 to 192.0.2.10/32 protocol 6,47 until 2030-01-01T00:00:00Z"; sid:9000000; rev:1;)
drop ip 198.51.100.0/24 any -> 192.0.2.10/32 any (msg:"drop from 198.51.100.0/24 to 192.0.2.10/32 protocol 6,47 until 2030-01-01T00:00:00Z"; ip_proto:47; sid:9000001; rev:1;)
drop udp any [53] -> 2001:db8::1/128 [99,1024:65535] (msg:"drop to 2001:db8::1/128 protocol 17 source-port 53 destination-port 99,1024-65535 until 2030-01-01T00:00:00Z"; sid:9000002; rev:1;)\n`,
    );
    expect(() => list.write([rule, rule].map(listed), 0)).toThrow('sids');
  });

  it('objects to what Suricata would take otherwise', () => {
    const match = { source: '192.0.2.1/32' };
    expect(list.objection({ match, action: { kind: 'rateLimit', octetsPerSecond: 1 } })).toContain(
      'only drop',
    );
    expect(list.objection({ match: { ...match, isFragment: true }, action: { kind: 'drop' } })).toContain(
      'isFragment',
    );
    expect(
      list.objection({ match: { ...match, packetLengths: [{ low: 1 }] }, action: { kind: 'drop' } }),
    ).toContain('packetLengths');
  });
});
