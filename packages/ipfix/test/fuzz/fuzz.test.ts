import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  createMessageFramer,
  createObjectReader,
  IpfixError,
  readMessages,
} from '../../src/index.ts';
import { corpus, handMadeMessages } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { createRandom } from './random.ts';

/** More of them: `FLOWPACT_FUZZ_CASES=1000000 FLOWPACT_FUZZ_SEED=7 npx vitest run packages/ipfix/test/fuzz`. */
const cases = Number(process.env.FLOWPACT_FUZZ_CASES ?? 3000);
const seed = Number(process.env.FLOWPACT_FUZZ_SEED ?? 1);

/** Generous: a case takes well under a millisecond. */
const timeoutMs = Math.max(60_000, cases * 5);

describe('mutated messages', () => {
  it('have no fault before they are mutated', () => {
    const issues: string[] = [];
    const reader = createLineReader({ style: 'flowpact' }, { onLine() {} });
    const decoder = createFlowDecoder({}, { reader, onIssue: ({ code }) => issues.push(code) });
    for (const message of handMadeMessages()) decoder.decode(message);
    expect(issues).toEqual([]);
    expect(decoder.stats.records).toBe(9);
    expect(decoder.stats.optionsRecords).toBe(2);
  });

  it(`of ${cases} cases with seed ${seed} end in counters`, { timeout: timeoutMs }, () => {
    const result = fuzz(cases, seed);
    expect(result.cases).toBe(cases);
    // Both kinds must be there, or the mutations are too wild or too tame to find anything.
    expect(result.records).toBeGreaterThan(cases / 10);
    expect(result.malformed).toBeGreaterThan(cases / 10);
  });

  it('in files end in batches and an IpfixError', { timeout: timeoutMs }, async () => {
    const random = createRandom(seed);
    for (let i = 0; i < Math.ceil(cases / 30); i++) {
      const stream = Readable.from([
        random.pick(corpus),
        mutate(random.pick(corpus), random.pick(corpus), random),
      ]);
      try {
        for await (const batch of readMessages(stream)) {
          for (const message of batch) expect(message.length).toBeGreaterThanOrEqual(16);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(IpfixError);
      }
    }
  });
});

describe('any octets', () => {
  const decode = (octets: Uint8Array) => {
    const decoder = createFlowDecoder(
      {},
      { reader: createLineReader({ style: 'flowpact' }, { onLine() {} }) },
    );
    decoder.decode(octets);
    return decoder.stats;
  };

  it('are counted by a decoder', () => {
    const noVersion = fc
      .uint8Array({ maxLength: 200 })
      .filter((octets) => octets.length < 2 || octets[0] > 0 || ![1, 5, 7, 9, 10].includes(octets[1]));
    fc.assert(
      fc.property(noVersion, (octets) => {
        const { messages, malformedMessages } = decode(octets);
        expect([messages, malformedMessages]).toEqual([1, 1]);
      }),
    );
  });

  it('behind a version of NetFlow are counted by a decoder', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 7, 9), fc.uint8Array({ maxLength: 200 }), (version, octets) => {
        const message = Uint8Array.of(0, version, ...octets);
        const isWhole = message.length >= { 1: 16, 5: 24, 7: 24, 9: 20 }[version as 1 | 5 | 7 | 9];
        const { messages, malformedMessages } = decode(message);
        expect(messages).toBe(1);
        if (!isWhole) expect(malformedMessages).toBe(1);
      }),
    );
  });

  it('behind a message header are counted by a decoder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const message = Uint8Array.from([0, 10, 0, 16 + octets.length, ...new Array(12).fill(0), ...octets]);
        expect(decode(message)).toMatchObject({ messages: 1, malformedMessages: 0 });
      }),
    );
  });

  it('end a framer with an IpfixError or not at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const framer = createMessageFramer({}, { onMessage() {} });
        try {
          for (const chunk of chunks) framer.push(chunk);
          framer.end();
          expect(chunks.every(({ length }) => length === 0)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(IpfixError);
        }
      }),
    );
  });
});

describe('floods', () => {
  const uint16 = (value: number) => [value >> 8, value & 255];
  const message = (...sets: number[][]) => {
    const body = sets.flat();
    return Uint8Array.from([0, 10, ...uint16(16 + body.length), ...new Array(12).fill(0), ...body]);
  };
  const set = (id: number, octets: number[]) => [...uint16(id), ...uint16(4 + octets.length), ...octets];

  it('of templates stop at the limit', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    for (let first = 256; first < 65536; first += 5000) {
      const ids = Array.from({ length: Math.min(5000, 65536 - first) }, (_, i) => first + i);
      decoder.decode(
        message(
          set(
            2,
            ids.flatMap((id) => [...uint16(id), 0, 1, 0, 4, 0, 1]),
          ),
        ),
      );
    }
    expect(decoder.templates().length).toBe(1024);
    expect(decoder.stats.refusedTemplates).toBe(65280 - 1024);
  });

  it('of fields stop at the limit', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    const fields = Array.from({ length: 1000 }, () => [0, 4, 0, 1]).flat();
    for (let id = 256; id < 356; id++)
      decoder.decode(message(set(2, [...uint16(id), ...uint16(1000), ...fields])));
    expect(decoder.templates().length).toBe(32);
  });

  it('of data sets without a template stop at the limits', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    for (let i = 0; i < 20_000; i++) decoder.decode(message(set(256 + (i % 65_280), new Array(100).fill(1))));
    const { parkedSets, expiredSets, parkedBytes } = decoder.stats;
    expect(parkedBytes).toBe(100 * 4096);
    expect([parkedSets, expiredSets]).toEqual([20_000, 20_000 - 4096]);
    for (let i = 0; i < 100; i++) decoder.decode(message(set(300, new Array(60_000).fill(1))));
    expect(decoder.stats.parkedBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(decoder.stats.parkedBytes).toBeGreaterThan(1024 * 1024 - 60_000);
  });

  it('of names stop at the limit', () => {
    const names: unknown[] = [];
    const reader = createObjectReader(
      { fields: [{ name: 'name', elements: [{ pen: 0, id: 10 }], as: 'name' }] },
      { onRecord: (record) => names.push((record as { name: unknown }).name) },
    );
    const decoder = createFlowDecoder({}, { reader });
    decoder.decode(
      message(set(3, [1, 44, 0, 2, 0, 1, 0, 10, 0, 4, 0, 82, 0, 1]), set(2, [1, 0, 0, 1, 0, 10, 0, 4])),
    );
    for (let i = 0; i < 20_000; i++) decoder.decode(message(set(300, [0, 0, ...uint16(i), 0x61])));
    const indexes = [0, 16_383, 16_384, 19_999];
    decoder.decode(
      message(
        set(
          256,
          indexes.flatMap((index) => [0, 0, ...uint16(index)]),
        ),
      ),
    );
    expect(names).toEqual(['a', 'a', null, null]);
  });

  it('of lists within lists stop at the limit', () => {
    const records: { list: unknown }[] = [];
    const reader = createObjectReader(
      { fields: [{ name: 'list', elements: [{ pen: 0, id: 291 }], as: 'native' }] },
      { onRecord: (record) => records.push(record as { list: unknown }) },
    );
    // basicLists of one basicList, each with a length of three octets.
    let list = [3, 0, 4, 0, 1, 6];
    for (let depth = 0; depth < 5000; depth++)
      list = [3, 1, 35, 255, 255, 255, ...uint16(list.length), ...list];
    const decoder = createFlowDecoder({}, { reader });
    decoder.decode(
      message(set(2, [1, 0, 0, 1, 1, 35, 255, 255]), set(256, [255, ...uint16(list.length), ...list])),
    );
    let depth = 0;
    let value = records[0].list;
    for (; Array.isArray(value); depth++) [value] = value;
    expect(depth).toBe(8);
    expect(value).toBeInstanceOf(Uint8Array);
  });

  it('of observation domains stop at the limit', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    const octets = message();
    for (let domain = 0; domain < 2000; domain++) {
      octets.set(uint16(domain), 14);
      decoder.decode(octets);
    }
    expect(decoder.stats.domains.size).toBe(256);
    expect(decoder.stats.refusedMessages).toBe(2000 - 256);
  });

  it('of fields without octets make no long lines', () => {
    let longest = 0;
    const onLine = (line: string) => {
      longest = Math.max(longest, line.length);
    };
    const decoder = createFlowDecoder({}, { reader: createLineReader({ style: 'flowpact' }, { onLine }) });
    const empty = Array.from({ length: 1000 }, (_, i) => [...uint16(i + 1), 0, 0]).flat();
    decoder.decode(
      message(set(2, [1, 0, ...uint16(1001), ...empty, 0, 4, 0, 1]), set(256, new Array(50_000).fill(6))),
    );
    expect(decoder.stats.records).toBe(50_000);
    expect(longest).toBeLessThan(150);
  });

  it('of empty sets and of one-octet records end', () => {
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    decoder.decode(message(...Array.from({ length: 16_000 }, () => set(999, []))));
    expect(decoder.stats.unknownTemplateSets).toBe(16_000);
  });
});
