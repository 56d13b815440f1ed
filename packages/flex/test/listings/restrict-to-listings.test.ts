import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFlexRecord,
  encodeFlexRecord,
  FlexError,
  type FlexRecord,
  restrictToListings,
  UnknownElement,
} from '../../src/index.ts';
import { arbitraryRecord } from '../arbitrary-record.ts';
import { octets } from '../der-octets.ts';
import { smallestRecord } from '../smallest-record.ts';

const listings = { profile: 'listings' } as const;
const settings = { id: 7, msgType: 'alert', eventType: 'dDoS', type: 'ipfix', version: 'nine' } as const;
const inListings: FlexRecord = { ...smallestRecord(), settings };

describe('the profile of the listings', () => {
  it('has what is in the listings as it is', () => {
    expect(restrictToListings(inListings)).toEqual({ record: inListings, losses: [] });
    expect(decodeFlexRecord(encodeFlexRecord(inListings), {}, listings)).toStrictEqual(inListings);
  });

  it('has the words that are near, and says so', () => {
    const record: FlexRecord = {
      ...inListings,
      settings: { ...settings, eventType: 'amplifier', type: 'sflow', version: 'ten' },
    };
    const restricted = restrictToListings(record);
    expect(restricted.record.settings).toEqual({ ...settings, type: 'netflow' });
    expect(restricted.losses).toEqual([
      { path: 'settings.eventType', effect: 'approximated', note: 'dDoS instead of amplifier' },
      { path: 'settings.type', effect: 'approximated', note: 'netflow instead of sflow' },
      { path: 'settings.version', effect: 'approximated', note: 'nine instead of ten' },
    ]);
    expect(() => decodeFlexRecord(encodeFlexRecord(record), {}, listings)).toThrowError(
      expect.objectContaining({ code: 'FLEX_UNSUPPORTED', path: 'settings.eventType' }),
    );
  });

  it.each(['scan', 'other', 'spam', 'bruteForce', 'dataExfiltration', 99] as const)(
    'has no word for the event %s, and does not make one up',
    (eventType) => {
      expect(() => restrictToListings({ ...inListings, settings: { ...settings, eventType } })).toThrowError(
        expect.objectContaining({ code: 'FLEX_UNSUPPORTED', path: 'settings.eventType' }),
      );
    },
  );

  it('has no additions', () => {
    const extensions = [octets('9e00')];
    const unknown = new UnknownElement(octets('9e00'));
    const record: FlexRecord = {
      ...inListings,
      settings: { ...settings, extensions },
      detection: { ...inListings.detection, sources: [{ asn: 1, extensions }] },
      correlation: [{ flows: [[1], [2, [unknown, 3]]] }],
      extensions,
    };
    const { record: restricted, losses } = restrictToListings(record);
    expect(restricted).toStrictEqual({
      ...inListings,
      detection: { ...inListings.detection, sources: [{ asn: 1 }] },
      correlation: [{ flows: [[1], [2, [null, 3]]] }],
    });
    expect(losses.map(({ path }) => path)).toEqual([
      'settings.extensions',
      'detection.sources[0].extensions',
      'correlation[0].flows[1][1][0]',
      'extensions',
    ]);
  });

  it('is what a strict peer reads, of every record that it can be made of', () => {
    fc.assert(
      fc.property(arbitraryRecord(), (given) => {
        const record = { ...given, settings: { ...given.settings, ...settings } };
        const restricted = restrictToListings(record);
        const bytes = encodeFlexRecord(restricted.record);
        expect(decodeFlexRecord(bytes, {}, listings)).toStrictEqual(restricted.record);
        const isSame = restricted.losses.length === 0;
        try {
          expect(decodeFlexRecord(encodeFlexRecord(record), {}, listings)).toStrictEqual(record);
          expect(isSame).toBe(true);
        } catch (error) {
          if (!(error instanceof FlexError)) throw error;
          expect(isSame).toBe(false);
        }
      }),
    );
  });
});
