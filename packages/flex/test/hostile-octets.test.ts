import { parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFlexRecord,
  encodeFlexRecord,
  encodeMessage,
  FlexError,
  type FlexRecord,
  messageFromFlexRecord,
} from '../src/index.ts';
import { arbitraryRecord } from './arbitrary-record.ts';
import { hex, octets } from './der-octets.ts';
import { smallestRecordHex } from './smallest-record.ts';

/** Mutated records tried; set FLOWPACT_FUZZ_CASES for more, FLOWPACT_FUZZ_SEED for others. */
const cases = Number(process.env.FLOWPACT_FUZZ_CASES ?? 5_000);
const seed = Number(process.env.FLOWPACT_FUZZ_SEED ?? 1);

/** The error with which the octets are refused; undefined where they are not. Everything else fails the test. */
function refusal(bytes: Uint8Array): FlexError | undefined {
  let record: FlexRecord;
  try {
    record = decodeFlexRecord(bytes);
  } catch (error) {
    if (!(error instanceof FlexError)) throw new Error(`not a FlexError for ${hex(bytes)}`, { cause: error });
    if (error.code === 'FLEX_INVALID') throw new Error(`caller's fault for ${hex(bytes)}`, { cause: error });
    if (error.offset === undefined || error.path === undefined) throw new Error('error without place');
    return error;
  }
  if (hex(encodeFlexRecord(record)) !== hex(bytes))
    throw new Error(`two encodings of one record: ${hex(bytes)}`);
  checkMessage(record, bytes);
  return undefined;
}

function checkMessage(record: FlexRecord, bytes: Uint8Array): void {
  try {
    const message = messageFromFlexRecord(record);
    parseMessage(message);
    encodeMessage(message);
  } catch (error) {
    if (error instanceof FlexError && (error.code === 'FLEX_UNSUPPORTED' || error.code === 'FLEX_BAD_VALUE'))
      return;
    throw new Error(`no valid message and no refusal for ${hex(bytes)}`, { cause: error });
  }
}

/** A small generator of its own (xorshift32), so that a case is known by its seed alone. */
function randomNumbers(start: number): (below: number) => number {
  let state = start | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const interesting = [
  0, 1, 2, 4, 5, 9, 0x0a, 0x0c, 0x18, 0x1f, 0x30, 0x40, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xaf, 0xff,
];

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let changes = 1 + random(3); changes > 0 && result.length > 0; changes--) {
    const at = random(result.length);
    const count = 1 + random(8);
    switch (random(7)) {
      case 0:
        result[at] = random(256);
        break;
      case 1:
        result[at] = interesting[random(interesting.length)];
        break;
      case 2:
        result[at] ^= 1 << random(8);
        break;
      case 3:
        result = result.slice(0, at);
        break;
      case 4:
        result = Uint8Array.of(...result.subarray(0, at), ...result.subarray(at + count));
        break;
      case 5:
        result = Uint8Array.of(
          ...result.subarray(0, at + count),
          ...result.subarray(at, at + count),
          ...result.subarray(at + count),
        );
        break;
      default:
        result[at] += random(3) - 1;
    }
  }
  return result;
}

describe('octets from anywhere', () => {
  it('are a record or a FlexError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        refusal(bytes);
      }),
    );
  });

  it(`are a record or a FlexError: ${cases} mutations (FLOWPACT_FUZZ_CASES)`, { timeout: 3_600_000 }, () => {
    const random = randomNumbers(seed);
    const records = fc.sample(arbitraryRecord(), { numRuns: 50, seed });
    const samples = [octets(smallestRecordHex), ...records.map(encodeFlexRecord)].filter(
      (bytes) => bytes.length < 4_000,
    );
    let accepted = 0;
    for (let i = 0; i < cases; i++) {
      if (refusal(mutated(samples[random(samples.length)], random)) === undefined) accepted++;
    }
    // Both ways are taken, else the mutations would test nothing.
    expect(accepted).toBeGreaterThan(cases / 100);
    expect(accepted).toBeLessThan(cases);
  });

  it('are refused when cut off anywhere', () => {
    const bytes = octets(smallestRecordHex);
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(bytes.slice(0, length))?.code).toBe('FLEX_TRUNCATED');
    }
  });

  it('are refused with something after the record', () => {
    const error = refusal(octets(`${smallestRecordHex} 00`));
    expect(error).toMatchObject({
      code: 'FLEX_TRAILING',
      offset: octets(smallestRecordHex).length,
      path: '',
    });
  });
});

/** The smallest record with a correlation field of these contents, all lengths around them right. */
function withCorrelation(contents: string): Uint8Array {
  const smallest = Buffer.from(octets(smallestRecordHex));
  const correlation = tlv('a3', octets(contents));
  return tlv('60', tlv('30', Buffer.concat([smallest.subarray(4), correlation])));
}

function tlv(tag: string, contents: Uint8Array): Uint8Array {
  const { length } = contents;
  const lengthOctets =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([octets(tag), Uint8Array.from(lengthOctets), contents]);
}

/** One group with one row of these values. */
function withRow(values: Uint8Array): Uint8Array {
  const flows = tlv('a4', tlv('30', tlv('30', values)));
  return withCorrelation(hex(tlv('30', tlv('64', tlv('30', flows)))));
}

describe('a record that is BER, but not DER', () => {
  it.each([
    ['an indefinite length', '30 80 00 00', 'FLEX_NOT_DER'],
    ['a length in too many octets', '30 82 00 00', 'FLEX_NOT_DER'],
    ['a short length in long form', '30 81 00', 'FLEX_NOT_DER'],
    ['the reserved length ff', '30 ff', 'FLEX_NOT_DER'],
    ['a list that is its default', '30 00', 'FLEX_NOT_DER'],
  ])('%s is refused', (_, contents, code) => {
    expect(refusal(withCorrelation(contents))).toMatchObject({ code, path: 'correlation' });
  });

  it.each([
    ['an integer with a zero too many', '02 02 00 01', 'FLEX_NOT_DER'],
    ['an integer with a sign octet too many', '02 02 ff ff', 'FLEX_NOT_DER'],
    ['an integer without octets', '02 00', 'FLEX_BAD_VALUE'],
    ['an octet string in pieces', '24 04 04 02 01 02', 'FLEX_BAD_TAG'],
    ['a boolean that is true in another way', '01 01 01', 'FLEX_NOT_DER'],
    ['a boolean of two octets', '01 02 ff ff', 'FLEX_BAD_VALUE'],
    ['a NULL with contents', '05 01 00', 'FLEX_BAD_VALUE'],
    ['text that is not UTF-8', '0c 02 c3 28', 'FLEX_BAD_VALUE'],
    ['a surrogate in UTF-8', '0c 03 ed a0 80', 'FLEX_BAD_VALUE'],
    ['a list tag without a list', '80 02 30 00', 'FLEX_BAD_TAG'],
    ['a list with something behind it', 'a0 04 30 00 05 00', 'FLEX_TRAILING'],
    ['an end-of-contents', '00 00', 'FLEX_BAD_TAG'],
    ['a set in primitive form', '11 00', 'FLEX_NOT_DER'],
    ['a small tag number in long form', '9f 1e 00', 'FLEX_NOT_DER'],
    ['a long tag number with leading zeros', '9f 80 1f 00', 'FLEX_NOT_DER'],
    ['a long tag number without end', '9f ff', 'FLEX_BAD_LENGTH'],
    ['an unknown element with an indefinite length inside', 'bf 1f 04 b0 80 00 00', 'FLEX_NOT_DER'],
    ['a length beyond the row', '04 05 01 02', 'FLEX_BAD_LENGTH'],
    ['a tag without a length', '04', 'FLEX_BAD_LENGTH'],
    ['a length of lengths beyond the row', '04 84 01', 'FLEX_BAD_LENGTH'],
  ])('%s is refused', (_, value, code) => {
    // A second, empty group behind it, so that the row does not end where the input does.
    const row = tlv('30', octets(`05 00 ${value}`));
    const group = (rows: Uint8Array) => tlv('64', tlv('30', tlv('a4', tlv('30', rows))));
    const bytes = withCorrelation(hex(tlv('30', Buffer.concat([group(row), group(new Uint8Array(100))]))));
    expect(refusal(bytes)).toMatchObject({
      code,
      path: expect.stringMatching(/^correlation\[0\]\.flows\[0\]\[1\]/),
    });
  });

  it.each([
    ['30 84 ff ff ff ff', 'FLEX_TRUNCATED'],
    ['30 86 ff ff ff ff ff ff', 'FLEX_TRUNCATED'],
    ['30 87 01 ff ff ff ff ff ff', 'FLEX_TRUNCATED'],
    ['30 fe 01 ff', 'FLEX_TRUNCATED'],
  ])('a length that promises more than there is (%s) costs nothing', (contents, code) => {
    expect(refusal(withCorrelation(contents))).toMatchObject({ code });
  });
});

describe('limits', () => {
  const nested = (depth: number) => {
    let value: Uint8Array = Uint8Array.of(5, 0);
    for (let i = 0; i < depth; i++) value = tlv('a0', tlv('30', value));
    return value;
  };
  const unknown = (depth: number) => {
    let value: Uint8Array = Uint8Array.of(0x9e, 0);
    for (let i = 0; i < depth; i++) value = tlv('be', value);
    return value;
  };

  it('lists nest 16 deep, not deeper', () => {
    expect(refusal(withRow(nested(16)))).toBeUndefined();
    expect(refusal(withRow(nested(17)))).toMatchObject({ code: 'FLEX_LIMIT' });
    expect(refusal(withRow(nested(3_000)))).toMatchObject({ code: 'FLEX_LIMIT' });
    expect(decodeFlexRecord(withRow(nested(100)), { maxNesting: 100 }).correlation).toHaveLength(1);
    expect(() => decodeFlexRecord(withRow(nested(257)), { maxNesting: 1e9 })).toThrowError(
      /maxNesting = 256/,
    );
  });

  it('unknown elements nest 16 deep, not deeper', () => {
    expect(refusal(withRow(unknown(16)))).toBeUndefined();
    expect(refusal(withRow(unknown(17)))).toMatchObject({ code: 'FLEX_LIMIT' });
    expect(refusal(withRow(unknown(20_000)))).toMatchObject({ code: 'FLEX_LIMIT' });
  });

  const twoRows = withCorrelation(
    hex(tlv('30', tlv('64', tlv('30', tlv('a4', tlv('30', octets('30 06 02 01 01 0c 01 61 30 02 05 00'))))))),
  );

  it.each([
    ['maxBytes', twoRows.length],
    ['maxGroups', 1],
    ['maxRows', 2],
    ['maxColumns', 2],
    ['maxValues', 3],
    ['maxIntegerBytes', 1],
  ] as const)('%s holds at its value, not below', (name, most) => {
    expect(decodeFlexRecord(twoRows, { [name]: most }).correlation).toHaveLength(1);
    expect(() => decodeFlexRecord(twoRows, { [name]: most - 1 })).toThrowError(
      expect.objectContaining({ code: 'FLEX_LIMIT', message: expect.stringContaining(name) }),
    );
  });

  it('maxItems bounds the elements of all lists and all unknown fields', () => {
    const smallest = Buffer.from(octets(smallestRecordHex));
    const fields = tlv('60', tlv('30', Buffer.concat([smallest.subarray(4), octets('a4 00 a5 00')])));
    expect(decodeFlexRecord(fields, { maxItems: 2 }).extensions).toEqual([octets('a400'), octets('a500')]);
    expect(() => decodeFlexRecord(fields, { maxItems: 1 })).toThrowError(/maxItems = 1/);
    const record = decodeFlexRecord(octets(smallestRecordHex));
    const unknown = [octets('9e 00')];
    const bytes = encodeFlexRecord({
      ...record,
      settings: { ...record.settings, extensions: unknown },
      detection: {
        ...record.detection,
        sources: [{ ports: [{ low: 1 }] }],
        targets: [{ extensions: unknown }],
      },
    });
    expect(decodeFlexRecord(bytes, { maxItems: 5 }).detection.targets).toHaveLength(1);
    expect(() => decodeFlexRecord(bytes, { maxItems: 4 })).toThrowError(
      expect.objectContaining({ code: 'FLEX_LIMIT', path: 'detection.targets[0]' }),
    );
  });

  it('maxValues counts the members of lists, and of all rows', () => {
    const members = withRow(octets('a0 06 30 04 05 00 05 00'));
    expect(decodeFlexRecord(members, { maxValues: 3 }).correlation).toHaveLength(1);
    expect(() => decodeFlexRecord(members, { maxValues: 2 })).toThrowError(/maxValues = 2/);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'a limit of %s is the mistake of the caller',
    (limit) => {
      expect(() => decodeFlexRecord(twoRows, { maxRows: limit })).toThrowError(
        expect.objectContaining({ code: 'FLEX_INVALID' }),
      );
    },
  );
});
