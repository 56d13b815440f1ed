import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createObjectReader,
  type DecodeIssue,
  type DecoderLimits,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from './message-octets.ts';

function setUp(limits: Partial<DecoderLimits> = {}) {
  const records: unknown[] = [];
  const issues: DecodeIssue[] = [];
  const reader = createObjectReader(
    { fields: [{ name: 'port', elements: [{ pen: 0, id: 7 }], as: 'native' }], kinds: ['data', 'options'] },
    { onRecord: (record, header) => records.push([(record as { port: number }).port, header.exportTime]) },
  );
  const decoder = createFlowDecoder({ limits }, { reader, onIssue: (issue) => issues.push(issue) });
  return { decoder, records, codes: () => issues.map(({ code }) => code) };
}

const template = (id = 256) => setOctets(2, templateOctets(id, [[7, 2]]));
const data = (octets: string, exportTime = 1000, id = 256) =>
  messageOctets({ exportTime }, setOctets(id, hex(octets)));

describe('data sets before their template', () => {
  it('are read when it comes, in their order and with the header of their own message', () => {
    const { decoder, records, codes } = setUp();
    decoder.decode(data('0001 0002', 1000));
    decoder.decode(data('0003', 1001));
    expect(decoder.stats).toMatchObject({
      records: 0,
      unknownTemplateSets: 2,
      parkedSets: 2,
      parkedBytes: 6,
    });
    decoder.decode(messageOctets({ exportTime: 1002 }, template(), setOctets(256, hex('0004'))));
    expect(records).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 1001],
      [4, 1002],
    ]);
    expect(decoder.stats).toMatchObject({
      records: 4,
      recoveredSets: 2,
      recoveredRecords: 3,
      parkedBytes: 0,
      expiredSets: 0,
    });
    expect(codes()).toEqual(['IPFIX_TEMPLATE_MISSING', 'IPFIX_TEMPLATE_MISSING']);
  });

  it('do not depend on the octets of their message any more', () => {
    const { decoder, records } = setUp();
    const message = data('0001');
    decoder.decode(message);
    message.fill(0xff);
    decoder.decode(messageOctets({ exportTime: 1000 }, template()));
    expect(records).toEqual([[1, 1000]]);
  });

  it('wait in the same message, and for options templates', () => {
    const { decoder, records } = setUp();
    const options = setOctets(3, templateOctets(256, [[7, 2]], 1));
    decoder.decode(messageOctets({ exportTime: 5 }, setOctets(256, hex('0009')), options));
    expect(records).toEqual([[9, 5]]);
    expect(decoder.stats).toMatchObject({ optionsRecords: 1, recoveredRecords: 1 });
  });

  it('wait for templates of their own domain only', () => {
    const { decoder, records } = setUp();
    decoder.decode(data('0001'));
    decoder.decode(messageOctets({ observationDomainId: 2 }, template()));
    expect(records).toEqual([]);
    expect(decoder.stats.parkedBytes).toBe(2);
  });

  it('give way to newer ones beyond the limits, and are counted', () => {
    for (const limits of [{ maxParkedSets: 2 }, { maxParkedBytes: 5 }]) {
      const { decoder, records, codes } = setUp(limits);
      for (const octets of ['0001', '0002', '0003']) decoder.decode(data(octets));
      decoder.decode(messageOctets({ exportTime: 1000 }, template()));
      expect(records).toEqual([
        [2, 1000],
        [3, 1000],
      ]);
      expect(decoder.stats).toMatchObject({
        parkedSets: 3,
        recoveredSets: 2,
        expiredSets: 1,
        parkedBytes: 0,
      });
      expect(codes().filter((code) => code === 'IPFIX_PARKED_EXPIRED').length).toBe(1);
    }
  });

  it('are skipped where they are larger than all that may be kept, or nothing may', () => {
    for (const limits of [{ maxParkedBytes: 1 }, { maxParkedSets: 0 }, { maxParkedBytes: 0 }]) {
      const { decoder, records } = setUp(limits);
      decoder.decode(data('0001'));
      decoder.decode(messageOctets({}, template()));
      expect(records).toEqual([]);
      expect(decoder.stats).toMatchObject({ unknownTemplateSets: 1, parkedSets: 0, expiredSets: 0 });
    }
  });

  it('are given up when they are too old for a template that has come since', () => {
    const { decoder, records } = setUp({ maxParkedSeconds: 10 });
    decoder.decode(data('0001', 1000));
    decoder.decode(data('0002', 1005));
    decoder.decode(messageOctets({ exportTime: 1011 }, template()));
    expect(records).toEqual([[2, 1005]]);
    expect(decoder.stats).toMatchObject({ expiredSets: 1, recoveredSets: 1, parkedBytes: 0 });
    decoder.decode(data('0003', 2000, 300));
    decoder.decode(data('0004', 2011, 301));
    expect(decoder.stats).toMatchObject({ expiredSets: 2, parkedBytes: 2 });
  });
});
