import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFlexRecord,
  encodeFlexRecord,
  FlexReal,
  type FlexRecord,
  UnknownElement,
} from '../src/index.ts';
import { arbitraryRecord } from './arbitrary-record.ts';
import { hex, octets } from './der-octets.ts';
import { haveSharedSamples, sharedSample, sharedSampleNames } from './shared-samples.ts';
import { smallestRecord, smallestRecordHex } from './smallest-record.ts';

describe('encodeFlexRecord and decodeFlexRecord', () => {
  it('agree with a record written by hand', () => {
    expect(hex(encodeFlexRecord(smallestRecord()))).toBe(hex(octets(smallestRecordHex)));
    expect(decodeFlexRecord(octets(smallestRecordHex))).toStrictEqual(smallestRecord());
  });

  it('agree on every record, fields and words of later versions included', () => {
    fc.assert(
      fc.property(arbitraryRecord(), (record) => {
        const bytes = encodeFlexRecord(record);
        expect(decodeFlexRecord(bytes)).toStrictEqual(record);
      }),
    );
  });

  it('write what another ASN.1 library reads, to the last octet', () => {
    fc.assert(
      fc.property(arbitraryRecord({ later: false }), (record) => {
        const bytes = encodeFlexRecord(record);
        const { offset, result } = asn1js.fromBER(bytes);
        expect(offset).toBe(bytes.length);
        expect(hex(new Uint8Array(result.toBER()))).toBe(hex(bytes));
      }),
    );
  });

  it('keep no view of the input, be it a Buffer or not', () => {
    const row = [Uint8Array.of(192, 0, 2, 1), new Uint8Array(100).fill(7), 'text'];
    const unknown = new UnknownElement(octets('9e 01 05'));
    const real = new FlexReal(Number.POSITIVE_INFINITY, octets('03 31 2e 45 34 30 30'));
    const record = {
      ...smallestRecord({ flows: [[...row, unknown, real]] }),
      extensions: [octets('be 02 05 00')],
    };
    const bytes = encodeFlexRecord(record);
    for (const input of [bytes, Buffer.from(bytes)]) {
      const read = decodeFlexRecord(input);
      input.fill(0);
      expect(read).toStrictEqual(record);
    }
  });

  it('read from the middle of a larger buffer', () => {
    const record = smallestRecord({ flows: [[1, 'a', 2n ** 70n, Uint8Array.of(1)]] });
    const bytes = encodeFlexRecord(record);
    const larger = new Uint8Array(bytes.length + 200).fill(0xff);
    larger.set(bytes, 100);
    expect(decodeFlexRecord(larger.subarray(100, 100 + bytes.length))).toStrictEqual(record);
  });

  it('encode a record within a getter of another', () => {
    const inner = smallestRecord();
    const outer: FlexRecord = {
      ...smallestRecord(),
      get settings() {
        expect(encodeFlexRecord(inner).length).toBeGreaterThan(0);
        return inner.settings;
      },
    };
    expect(hex(encodeFlexRecord(outer))).toBe(hex(encodeFlexRecord(inner)));
  });

  it('encode again after a failure', () => {
    const record = smallestRecord();
    const before = hex(encodeFlexRecord(record));
    const broken = { ...record, settings: { ...record.settings, id: 1.5 } };
    expect(() => encodeFlexRecord(broken)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', path: 'settings.id' }),
    );
    expect(hex(encodeFlexRecord(record))).toBe(before);
  });

  it('encode more flows than fit the kept buffer', () => {
    const flows = Array.from({ length: 30_000 }, (_, i) => [
      i,
      Uint8Array.of(192, 0, 2, i & 0xff),
      2 ** 40 + i,
    ]);
    const record = smallestRecord({ flows });
    const bytes = encodeFlexRecord(record);
    expect(bytes.length).toBeGreaterThan(256 * 1024);
    expect(decodeFlexRecord(bytes)).toStrictEqual(record);
  });
});

describe.skipIf(!haveSharedSamples)('the reference samples (skipped without ../shared/flex)', () => {
  it.each(sharedSampleNames)('%s decodes, and encodes to the same octets', (name) => {
    const bytes = sharedSample(name);
    expect(hex(encodeFlexRecord(decodeFlexRecord(bytes)))).toBe(hex(bytes));
  });

  it('full.der holds what full.xer says', () => {
    const expected: FlexRecord = {
      settings: {
        id: 9_000_000_000_000_000_001n,
        msgType: 'request',
        eventType: 'other',
        type: 'sflow',
        version: 'ten',
      },
      flowFields: {
        fields: [
          { kind: 'iana', id: 8 },
          { kind: 'enterprise', id: 1, pen: 29305, name: 'reverseOctetDeltaCount' },
          { kind: 'named', name: 'aType' },
        ],
        anonymisation: { technique: 'prefixPreserving', columns: [0], keyId: 'k1' },
        sampling: { algorithm: 'deterministic', interval: 1000 },
      },
      detection: {
        sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:soc@isp-a.example' },
        created: '20260101000000Z',
        classification: [{ scheme: 'rsit', value: 'availability:ddos' }],
        severity: 'high',
        confidence: 80,
        targets: [
          {
            address: Uint8Array.of(192, 0, 2, 1),
            prefix: 32,
            protocol: 17,
            ports: [{ low: 53 }],
            spoofed: false,
          },
        ],
        totals: { flows: 1000, bps: 10_000_000_000 },
        tlp: 'amberStrict',
        exchange: {
          inReplyTo: { sender: 'isp-b.example', id: 7 },
          asks: [{ action: 'rateLimit', lifetime: 3600, rate: 1_000_000 }],
        },
        additional: [{ name: 'flags', value: '0x00 Unsampled' }],
      },
      correlation: [
        {
          exporter: Uint8Array.of(192, 0, 2, 254),
          domainId: 1,
          flows: [[Uint8Array.of(1, 2, 3, 4), null, 'C&C-Server']],
        },
      ],
    };
    expect(decodeFlexRecord(sharedSample('full.der'))).toStrictEqual(expected);
  });

  it('s1000.der has a thousand flows of fifteen values', () => {
    const [group, ...others] = decodeFlexRecord(sharedSample('s1000.der')).correlation;
    expect(others).toEqual([]);
    expect(group.relation).toBe('same-c2');
    expect(group.flows).toHaveLength(1000);
    expect(group.flows.every((row) => row.length === 15)).toBe(true);
  });
});
