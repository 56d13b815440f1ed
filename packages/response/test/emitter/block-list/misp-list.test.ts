import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBlockListEmitter, createMispList, type Rule } from '../../../src/index.ts';
import { scratch } from '../../scratch.ts';
import { createVirtualTime } from '../virtual-time.ts';

const from = (source: string): Rule => ({ match: { source }, action: { kind: 'drop' } });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function started(identity = { producer: 'isp-a.example', list: 'edge' }) {
  const path = join(scratch(), 'list.json');
  const time = createVirtualTime();
  const emitter = createBlockListEmitter(
    { name: 'edge', path },
    { format: createMispList(identity), ...time },
  );
  await emitter.start();
  return { emitter, time, now: time.clock.now(), event: () => JSON.parse(readFileSync(path, 'utf8')).Event };
}

describe('createMispList', () => {
  it('writes an event with an attribute for each rule', async () => {
    const { emitter, event, now } = await started();
    expect(event()).toMatchObject({
      info: 'Block list edge of isp-a.example',
      date: '2030-01-01',
      Attribute: [],
    });
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    await emitter.apply(from('2001:db8::/32'), now + 60_000);
    await emitter.apply(
      { match: { destination: '2001:db8::1/128' }, action: { kind: 'drop' } },
      now + 60_000,
    );
    const { Attribute: attributes, Orgc, ...rest } = event();
    expect(
      attributes.map((each: Record<string, unknown>) => [each.type, each.value, each.to_ids, each.category]),
    ).toEqual([
      ['ip-src', '198.51.100.7', true, 'Network activity'],
      ['ip-src', '2001:db8::/32', true, 'Network activity'],
      ['ip-dst', '2001:db8::1', true, 'Network activity'],
    ]);
    expect(attributes[0].comment).toBe('drop from 198.51.100.7/32 until 2030-01-01T00:01:00.000Z');
    const uuids = [rest.uuid, Orgc.uuid, ...attributes.map((each: { uuid: string }) => each.uuid)];
    expect(new Set(uuids).size).toBe(5);
    for (const each of uuids) expect(each).toMatch(uuid);
  });

  it('says of the event and of each attribute when it changed', async () => {
    const { emitter, event, time, now } = await started();
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    const [first] = event().Attribute;
    await time.advance(5_000);
    await emitter.apply(from('198.51.100.8/32'), now + 60_000);
    await emitter.apply(from('198.51.100.7/32'), now + 60_000);
    expect(event().Attribute[0]).toEqual(first);
    await emitter.apply(from('198.51.100.7/32'), now + 90_000);
    expect(event().Attribute[0]).toMatchObject({ uuid: first.uuid, timestamp: String(now / 1000 + 5) });
    await time.advance(55_000);
    await emitter.inForce();
    expect(event()).toMatchObject({
      timestamp: String(now / 1000 + 60),
      Attribute: [{ value: '198.51.100.7' }],
    });
    const before = event();
    await emitter.withdraw(from('198.51.100.7/32'));
    await emitter.apply(from('198.51.100.7/32'), now + 90_000);
    expect(event().uuid).toBe(before.uuid);
    expect(event().Attribute[0].uuid).not.toBe(first.uuid);
  });

  it('gives what is of another producer or list other identifiers', async () => {
    const events = await Promise.all(
      [
        { producer: 'isp-a.example', list: 'edge' },
        { producer: 'isp-b.example', list: 'edge' },
        { producer: 'isp-a.example', list: 'core' },
      ].map(async (identity) => {
        const { emitter, event, now } = await started(identity);
        await emitter.apply(from('198.51.100.7/32'), now + 60_000);
        return event();
      }),
    );
    expect(new Set(events.flatMap((each) => [each.uuid, each.Attribute[0].uuid])).size).toBe(6);
  });

  it.each<[Rule]>([
    [{ match: { source: '192.0.2.1/32', destination: '192.0.2.2/32' }, action: { kind: 'drop' } }],
    [{ match: { source: '192.0.2.1/32', protocols: [6] }, action: { kind: 'drop' } }],
    [{ match: { source: '192.0.2.1/32' }, action: { kind: 'mark', dscp: 1 } }],
    [{ match: { destination: '192.0.2.1/32' }, action: { kind: 'blackhole' } }],
  ])('objects to what it would say less of: %j', (rule) => {
    const list = createMispList({ producer: 'isp-a.example', list: 'edge' });
    expect(list.objection(rule)).toBeDefined();
    expect(list.objection(from('192.0.2.1/32'))).toBeUndefined();
  });
});
