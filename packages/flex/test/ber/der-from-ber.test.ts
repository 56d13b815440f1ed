import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derFromBer } from '../../src/ber/der-from-ber.ts';
import { defaultFlexLimits } from '../../src/flex-limits.ts';
import { decodeFlexRecord, encodeFlexRecord, FlexError, flexTaggingOf } from '../../src/index.ts';
import { arbitraryRecord } from '../arbitrary-record.ts';
import { hex, octets } from '../der-octets.ts';
import { haveSharedSamples, sharedSample, sharedSampleNames } from '../shared-samples.ts';
import { smallestRecord, smallestRecordHex } from '../smallest-record.ts';
import { berOf, choices, implicitOf } from './other-encodings.ts';

const tape = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });
const ber = { encoding: 'ber' } as const;
const either = { tagging: 'either' } as const;
const normal = (bytes: string) => hex(derFromBer(octets(bytes), defaultFlexLimits));

describe('BER', () => {
  it('of every record, in any form, is read as the record; its DER is what we write', () => {
    fc.assert(
      fc.property(arbitraryRecord({ later: false }), tape, (record, decisions) => {
        const der = encodeFlexRecord(record);
        const bytes = berOf(der, choices(decisions));
        expect(hex(derFromBer(bytes, defaultFlexLimits))).toBe(hex(der));
        expect(decodeFlexRecord(bytes, {}, ber)).toStrictEqual(record);
      }),
    );
  });

  it('is not read unless asked', () => {
    const bytes = berOf(octets(smallestRecordHex), choices([0]));
    expect(() => decodeFlexRecord(bytes)).toThrowError(expect.objectContaining({ code: 'FLEX_NOT_DER' }));
    expect(decodeFlexRecord(bytes, {}, ber)).toStrictEqual(smallestRecord());
  });

  it('keeps DER as it is, unknown elements too', () => {
    fc.assert(
      fc.property(arbitraryRecord(), (record) => {
        const der = encodeFlexRecord(record);
        expect(decodeFlexRecord(der, {}, ber)).toStrictEqual(record);
      }),
    );
  });

  it.each([
    ['TRUE', '0101 07', '0101ff'],
    ['an integer with zeros', '0203 000007', '020107'],
    ['a negative integer with ones', '0203 ffff80', '020180'],
    ['an enumeration with zeros', '0a02 0001', '0a0101'],
    ['a string in nested pieces', '2480 2404 0402 6162 0401 63 0000', '0403616263'],
    ['a string in pieces of its own type', '2c06 0c01c3 0c01a9', '0c02c3a9'],
    ['a string in no pieces', '2400', '0400'],
    [
      'a time with an offset',
      '1813 32303236303130313133303030302b30313030',
      '180f32303236303130313132303030305a',
    ],
    ['a time without seconds', '180d 3230323630313031313230305a', '180f32303236303130313132303030305a'],
    [
      'a fraction with zeros',
      '1813 32303236303130313132303030302e3530305a',
      '181132303236303130313132303030302e355a',
    ],
    [
      'a local time, which is nobody’s',
      '180e 3230323630313031313230303030',
      '180e3230323630313031313230303030',
    ],
    ['a REAL with an even mantissa', '0903 800006', '0903800103'],
    ['a REAL of base 16, scaled', '0903 a40101', '0903800501'],
    ['a REAL with a long exponent', '0905 83 0200ff 01', '0904 8100ff01'],
    ['a REAL with leading zeros', '0904 80000001', '0903800001'],
    ['a REAL of nothing', '0903 800000', '0900'],
    ['a decimal REAL', '0906 022d312e3530', '0908032d31352e452d31'],
    ['a decimal zero', '0904 01302e30', '0900'],
    ['a decimal REAL that is none', '0903 032b2e', '0903032b2e'],
    ['a long tag number', '9f8201 810105', '9f82010105'],
  ])('%s', (_, bytes, der) => expect(normal(bytes)).toBe(der.replaceAll(' ', '')));

  it('leaves out the empty correlation, which is the default', () => {
    const record = Buffer.from(octets(smallestRecordHex));
    const fields = Buffer.concat([record.subarray(4), octets('a380 3000 0000')]);
    const bytes = Buffer.concat([octets('6080 3080'), fields, octets('0000 0000')]);
    expect(decodeFlexRecord(bytes, {}, ber)).toStrictEqual(smallestRecord());
  });

  it.each([
    ['', 'FLEX_TRUNCATED'],
    ['60', 'FLEX_TRUNCATED'],
    ['6080 3080', 'FLEX_TRUNCATED'],
    ['6080 00', 'FLEX_TRUNCATED'],
    ['6080 0001', 'FLEX_BAD_LENGTH'],
    ['6002 0000', 'FLEX_BAD_TAG'],
    ['0480 0000', 'FLEX_BAD_LENGTH'],
    ['60ff', 'FLEX_BAD_LENGTH'],
    ['6084 ffffffff', 'FLEX_TRUNCATED'],
    ['6003 0402 61', 'FLEX_TRUNCATED'],
    ['6008 3002 0404 61626364', 'FLEX_BAD_LENGTH'],
    ['60fe 01ff', 'FLEX_TRUNCATED'],
    ['6000 00', 'FLEX_TRAILING'],
    ['2403 020105', 'FLEX_BAD_TAG'],
    ['2402 3000', 'FLEX_BAD_TAG'],
    ['9fff', 'FLEX_BAD_LENGTH'],
  ])('refuses %s', (bytes, code) => {
    expect(() => normal(bytes)).toThrowError(expect.objectContaining({ code, name: 'FlexError' }));
  });

  it('is bounded in depth and in elements', () => {
    const deep = Buffer.concat([Buffer.alloc(200_000, octets('3080'))]);
    expect(() => derFromBer(deep, defaultFlexLimits)).toThrowError(
      expect.objectContaining({ code: 'FLEX_LIMIT' }),
    );
    const many = Buffer.concat([octets('3080'), Buffer.alloc(200, octets('0500')), octets('0000')]);
    expect(derFromBer(many, { ...defaultFlexLimits, maxValues: 101 })).toHaveLength(203);
    expect(() => derFromBer(many, { ...defaultFlexLimits, maxValues: 100 })).toThrowError(/maxValues = 100/);
  });

  it('is a record or a FlexError, whatever the octets', () => {
    fc.assert(
      fc.property(arbitraryRecord(), tape, fc.nat(), fc.nat(255), (record, decisions, at, octet) => {
        const bytes = Uint8Array.from(berOf(encodeFlexRecord(record), choices(decisions)));
        bytes[at % bytes.length] = octet;
        try {
          const read = decodeFlexRecord(bytes, {}, { ...ber, ...either });
          expect(decodeFlexRecord(encodeFlexRecord(read))).toStrictEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(FlexError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('implicit tags', () => {
  it('are told apart', () => {
    const explicit = octets(smallestRecordHex);
    expect(flexTaggingOf(explicit)).toBe('explicit');
    expect(flexTaggingOf(implicitOf(explicit))).toBe('implicit');
    expect(flexTaggingOf(berOf(explicit, choices([0])))).toBe('explicit');
    expect(flexTaggingOf(octets('6002 0500'))).toBeUndefined();
    expect(flexTaggingOf(octets('3000'))).toBeUndefined();
    expect(flexTaggingOf(octets('60'))).toBeUndefined();
  });

  it('of every record are read as the record when asked, and not else', () => {
    fc.assert(
      fc.property(arbitraryRecord({ later: false }), (record) => {
        const der = encodeFlexRecord(record);
        const bytes = implicitOf(der);
        expect(decodeFlexRecord(bytes, {}, either)).toStrictEqual(record);
        expect(decodeFlexRecord(der, {}, either)).toStrictEqual(record);
        expect(() => decodeFlexRecord(bytes)).toThrowError(/the tags are implicit/);
      }),
    );
  });

  it.skipIf(!haveSharedSamples).each(sharedSampleNames)(
    '%s is the same record with them (skipped without ../shared/flex)',
    (name) => {
      const bytes = sharedSample(name);
      expect(decodeFlexRecord(implicitOf(bytes), {}, either)).toStrictEqual(decodeFlexRecord(bytes));
    },
  );

  it('of an unknown field are kept', () => {
    const bytes = Buffer.from(implicitOf(octets(smallestRecordHex)));
    const more = Buffer.concat([Buffer.of(0x60, bytes.length), bytes.subarray(2), octets('8400')]);
    expect(decodeFlexRecord(more, {}, either).extensions).toEqual([octets('8400')]);
  });
});
