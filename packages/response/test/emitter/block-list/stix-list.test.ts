import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createBlockListEmitter, createStixList, type Rule, type TrafficMatch } from '../../../src/index.ts';
import { scratch } from '../../scratch.ts';
import { createVirtualTime } from '../virtual-time.ts';

const schemas = resolve(import.meta.dirname, '../../../../../../shared/schemas/stix21/schemas');
const list = createStixList({ producer: 'isp-a.example', list: 'edge' });
const drop = (match: TrafficMatch): Rule => ({ match, action: { kind: 'drop' } });
const untilMs = Date.UTC(2030, 0, 2);
const sinceMs = Date.UTC(2030, 0, 1);

function objectsOf(...rules: readonly Rule[]) {
  const listed = rules.map((rule) => ({ rule, untilMs, sinceMs, renewedMs: sinceMs + 1 }));
  return JSON.parse(list.write(listed, sinceMs)).objects as readonly Record<string, unknown>[];
}

const samples: readonly [TrafficMatch, string][] = [
  [{ source: '198.51.100.7/32' }, "[network-traffic:src_ref.value = '198.51.100.7']"],
  [{ source: '2001:db8::/32' }, "[network-traffic:src_ref.value ISSUBSET '2001:db8::/32']"],
  [
    {
      source: '198.51.100.0/24',
      destination: '192.0.2.10/32',
      protocols: [6],
      destinationPorts: [{ low: 80 }],
    },
    "[network-traffic:src_ref.value ISSUBSET '198.51.100.0/24' AND network-traffic:dst_ref.value = '192.0.2.10' AND " +
      "network-traffic:protocols[*] = 'tcp' AND network-traffic:dst_port = 80]",
  ],
  [
    {
      destination: '2001:db8::1/128',
      protocols: [6, 17],
      sourcePorts: [{ low: 53 }, { low: 1024, high: 65535 }],
    },
    "[network-traffic:dst_ref.value = '2001:db8::1' AND (network-traffic:protocols[*] = 'tcp' OR " +
      "network-traffic:protocols[*] = 'udp') AND (network-traffic:src_port = 53 OR (network-traffic:src_port >= 1024 AND " +
      'network-traffic:src_port <= 65535))]',
  ],
];

describe('createStixList', () => {
  it.each(samples)('says all of a rule in its pattern: %j', (match, pattern) => {
    expect(list.objection(drop(match))).toBeUndefined();
    const [identity, indicator] = objectsOf(drop(match));
    expect(indicator).toMatchObject({
      type: 'indicator',
      created_by_ref: identity.id,
      created: '2030-01-01T00:00:00.000Z',
      modified: '2030-01-01T00:00:00.001Z',
      pattern,
      pattern_type: 'stix',
      valid_from: '2030-01-01T00:00:00.000Z',
      valid_until: '2030-01-02T00:00:00.000Z',
    });
  });

  it.skipIf(!existsSync(schemas))(
    'is valid against ../shared/schemas/stix21 (skipped where it is not)',
    () => {
      const ajv = new Ajv2020.default({ strict: false, unicodeRegExp: false, validateFormats: false });
      const ids = new Map<string, string>();
      for (const path of readdirSync(schemas, { recursive: true, encoding: 'utf8' })) {
        if (!path.endsWith('.json')) continue;
        const schema = JSON.parse(readFileSync(join(schemas, path), 'utf8'));
        ajv.addSchema(schema);
        ids.set(schema.title, schema.$id);
      }
      const isValid = (object: Record<string, unknown>) =>
        ajv.getSchema(ids.get(String(object.type)) ?? '')?.(object);
      const objects = objectsOf(...samples.map(([match]) => drop(match)));
      expect(objects.map(({ type }) => type)).toEqual(['identity', ...samples.map(() => 'indicator')]);
      for (const object of objects) expect(isValid(object), JSON.stringify(object)).toBe(true);
      expect(isValid({ ...objects[1], valid_from: undefined })).toBe(false);
      expect(isValid(JSON.parse(list.write([], sinceMs)))).toBe(true);
    },
  );

  it.each<[Rule, string]>([
    [
      { match: { source: '192.0.2.1/32' }, action: { kind: 'rateLimit', octetsPerSecond: 1 } },
      'only stand for drop',
    ],
    [drop({ source: '192.0.2.1/32', protocols: [6], tcpFlags: { set: 2, clear: 0 } }), 'tcpFlags'],
    [drop({ source: '192.0.2.1/32', packetLengths: [{ low: 60 }] }), 'packetLengths'],
    [drop({ source: '192.0.2.1/32', isFragment: true }), 'isFragment'],
    [drop({ source: '192.0.2.1/32', protocols: [6, 200] }), 'protocol 200'],
  ])('objects to what a pattern would say less of: %j', (rule, why) => {
    expect(list.objection(rule)).toContain(why);
  });

  it('keeps the identifiers of indicators and their beginning over restarts', async () => {
    const path = join(scratch(), 'list.json');
    const time = createVirtualTime();
    const now = time.clock.now();
    const rule = drop({ source: '198.51.100.7/32' });
    const start = async () => {
      const emitter = createBlockListEmitter({ name: 'edge', path }, { format: list, ...time });
      await emitter.start();
      return emitter;
    };
    const indicator = () => JSON.parse(readFileSync(path, 'utf8')).objects[1];
    const emitter = await start();
    await emitter.apply(rule, now + 60_000);
    const first = indicator();
    await emitter.stop();
    await time.advance(5_000);
    const next = await start();
    expect(indicator()).toEqual(first);
    expect(await next.inForce()).toEqual([{ rule, untilMs: now + 60_000 }]);
    await next.apply(rule, now + 90_000);
    expect(indicator()).toEqual({
      ...first,
      modified: '2030-01-01T00:00:05.000Z',
      valid_until: '2030-01-01T00:01:30.000Z',
    });
    await next.withdraw(rule);
    await time.advance(1_000);
    await next.apply(rule, now + 90_000);
    expect(indicator().id).not.toBe(first.id);
    await next.stop();
  });

  it('begins nothing after now where the clock was set back', async () => {
    const path = join(scratch(), 'list.json');
    const time = createVirtualTime();
    const now = time.clock.now();
    let nowMs = now;
    const clock = { now: () => nowMs };
    const emitter = createBlockListEmitter(
      { name: 'edge', path },
      { format: list, clock, timers: time.timers },
    );
    await emitter.start();
    await emitter.apply(drop({ source: '198.51.100.7/32' }), now + 60_000);
    nowMs -= 3_600_000;
    await emitter.apply(drop({ source: '198.51.100.7/32' }), nowMs + 60_000);
    expect(JSON.parse(readFileSync(path, 'utf8')).objects[1]).toMatchObject({
      valid_from: '2029-12-31T23:00:00.000Z',
      modified: '2029-12-31T23:00:00.000Z',
      valid_until: '2029-12-31T23:01:00.000Z',
    });
    await emitter.stop();
  });
});
