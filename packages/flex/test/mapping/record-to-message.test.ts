import { type Message, parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Detection,
  decodeFlexRecord,
  encodeFlexRecord,
  FlexError,
  FlexReal,
  type FlexRecord,
  flexRecordFromMessage,
  messageFromFlexRecord,
  type Settings,
  UnknownElement,
} from '../../src/index.ts';
import { arbitraryRecord } from '../arbitrary-record.ts';
import { smallestRecord } from '../smallest-record.ts';

function record(detection: Partial<Detection>, settings: Partial<Settings> = {}): FlexRecord {
  const smallest = smallestRecord();
  return {
    ...smallest,
    settings: { ...smallest.settings, ...settings },
    detection: { ...smallest.detection, ...detection },
  };
}

function thereAndBack(original: FlexRecord): FlexRecord {
  return flexRecordFromMessage(messageFromFlexRecord(original));
}

describe('messageFromFlexRecord', () => {
  it('makes a valid message of any record, or says why not', () => {
    fc.assert(
      fc.property(arbitraryRecord(), (original) => {
        let message: Message;
        try {
          message = messageFromFlexRecord(original);
        } catch (error) {
          expect(error).toBeInstanceOf(FlexError);
          expect((error as FlexError).code).toBe('FLEX_UNSUPPORTED');
          return;
        }
        expect(parseMessage(message)).toStrictEqual(message);
        const again = decodeFlexRecord(encodeFlexRecord(flexRecordFromMessage(message)));
        expect(messageFromFlexRecord(again)).toStrictEqual(message);
      }),
    );
  });

  it('keeps the numbers of later versions beside the least promising word, and gives them back', () => {
    const layout = {
      fields: [],
      anonymisation: { technique: 7 },
      sampling: { algorithm: 8, interval: 10 },
    };
    const original: FlexRecord = {
      ...record(
        { severity: 9, tlp: 10, additional: [{ name: 'a', value: 1 }] },
        { eventType: 42, type: 5, version: 11 },
      ),
      flowFields: layout,
      correlation: [{ fields: layout, flows: [] }],
    };
    const { event } = messageFromFlexRecord(original);
    expect(event).toMatchObject({ type: 'other', tlp: 'red' });
    expect(event.severity).toBeUndefined();
    expect(event.flowSource).toBeUndefined();
    expect(event.flows?.layout).toMatchObject({
      anonymisation: { technique: 'permutation' },
      sampling: { algorithm: 'random', interval: 10 },
    });
    expect(event.additional).toEqual([
      { name: 'a', value: 1 },
      ...[
        ['settings.type', 5],
        ['settings.version', 11],
        ['settings.eventType', 42],
        ['detection.severity', 9],
        ['detection.tlp', 10],
        ['flowFields.anonymisation.technique', 7],
        ['flowFields.sampling.algorithm', 8],
        ['correlation[0].fields.anonymisation.technique', 7],
        ['correlation[0].fields.sampling.algorithm', 8],
      ].map(([path, value]) => ({ name: `flex:${path}`, value })),
    ]);
    expect(thereAndBack(original)).toStrictEqual(original);
  });

  it('gives no number back where the word has been changed since, or where the number has a word', () => {
    const message = messageFromFlexRecord(record({}, { eventType: 42 }));
    const changed = { ...message, event: { ...message.event, type: 'scan' as const } };
    expect(flexRecordFromMessage(changed).settings.eventType).toBe('scan');
    expect(flexRecordFromMessage(changed).detection.additional).toHaveLength(1);
    const misleading = record(
      { additional: [{ name: 'flex:settings.eventType', value: 1 }] },
      { eventType: 'other' },
    );
    expect(thereAndBack(misleading)).toStrictEqual(misleading);
  });

  it('keeps all properties of one reserved name', () => {
    const additional = [
      { name: 'flex:settings.eventType', value: 50 },
      { name: 'flex:settings.eventType', value: 51 },
    ];
    const message = messageFromFlexRecord(record({ additional }, { eventType: 'other' }));
    const returned = messageFromFlexRecord(flexRecordFromMessage(message));
    expect(returned.event.additional).toHaveLength(2);
    expect(returned.event.additional).toEqual(expect.arrayContaining(additional));
  });

  it('takes a version without a word out of the last property', () => {
    const additional = [{ name: 'flex:flowSource.version', value: 6 }];
    const message = messageFromFlexRecord(record({ additional }, { type: 'netflow', version: 'none' }));
    expect(message.event.flowSource).toEqual({ protocol: 'netflow', version: 6 });
    expect(message.event.additional).toBeUndefined();
    for (const value of [256, -1, '6', null, 0.5]) {
      const odd = [{ name: 'flex:flowSource.version', value: value === 0.5 ? new FlexReal(value) : value }];
      const kept = messageFromFlexRecord(record({ additional: odd }, { version: 'none' }));
      expect(kept.event.flowSource).toEqual({ protocol: 'ipfix' });
      expect(kept.event.additional).toHaveLength(1);
    }
  });

  it('makes numbers of REALs, and null of what it does not know', () => {
    const unknown = new UnknownElement(Uint8Array.of(0x9e, 0));
    const row = [new FlexReal(3), new FlexReal(1.5), unknown, [new FlexReal(Number.NaN), 'a']];
    const { event } = messageFromFlexRecord({
      ...smallestRecord({ flows: [row] }),
      flowFields: { fields: [{ kind: 'unknown', element: Uint8Array.of(0x9e, 0) }] },
    });
    expect(event.flows).toStrictEqual({
      layout: { columns: [{ kind: 'named', name: 'flex:9e00' }] },
      groups: [{ rows: [[3, 1.5, null, [Number.NaN, 'a']]] }],
    });
  });

  it('leaves the fields of later versions out', () => {
    const extensions = [Uint8Array.of(0xbe, 0)];
    const original = {
      ...record({
        detector: { name: 'd', extensions },
        extensions,
        classification: [{ scheme: 's', value: 'v', extensions }],
      }),
      extensions,
    };
    const { event } = messageFromFlexRecord(original);
    expect(event.detector).toStrictEqual({ name: 'd' });
    expect(event.classifications).toStrictEqual([{ scheme: 's', value: 'v' }]);
  });

  it.each([
    ['a kind of message', record({}, { msgType: 3 }), 'settings.msgType'],
    [
      'an action',
      record({ exchange: { asks: [{ action: 'block' }, { action: 8 }] } }),
      'detection.exchange.asks[1].action',
    ],
    ['an outcome', record({ exchange: { outcome: { status: 10 } } }), 'detection.exchange.outcome.status'],
  ])('does not guess %s', (_, original, path) => {
    expect(() => messageFromFlexRecord(original)).toThrowError(
      expect.objectContaining({ code: 'FLEX_UNSUPPORTED', path }),
    );
  });

  it.each([
    ['a sender without name', record({ sender: { name: '' } }), 'detection.sender.name'],
    [
      'ports the wrong way round',
      record({ sources: [{ ports: [{ low: 2, high: 1 }] }] }),
      'detection.sources[0].ports[0]',
    ],
    [
      'a prefix longer than its address',
      record({ targets: [{ address: Uint8Array.of(192, 0, 2, 1), prefix: 33 }] }),
      'detection.targets[0].prefix',
    ],
    [
      'the leap second after which there is no year',
      record({ created: '99991231235960Z' }),
      'detection.created',
    ],
    ['a time that is none', record({ start: 'yesterday' }), 'detection.start'],
  ])('refuses %s', (_, original, path) => {
    expect(() => messageFromFlexRecord(original)).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE', path }),
    );
  });
});
