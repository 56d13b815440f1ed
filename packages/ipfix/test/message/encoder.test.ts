import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createIpfixEncoder,
  type FieldValue,
  type IpfixEncoderConfig,
  IpfixError,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from './message-octets.ts';

function setUp(config: IpfixEncoderConfig = {}) {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder(config, { onMessage: (message) => messages.push(message) });
  return { encoder, messages };
}

const octetsOf = (messages: readonly Uint8Array[]) => messages.map((message) => [...message]);

describe('createIpfixEncoder', () => {
  it('writes templates, options templates and records', () => {
    const { encoder, messages } = setUp({ observationDomainId: 7, sequenceNumber: 100 });
    encoder.defineTemplate({
      id: 256,
      fields: [
        { id: 4, length: 1 },
        { pen: 39499, id: 2, length: 65535 },
      ],
    });
    encoder.defineTemplate({
      id: 257,
      fields: [
        { id: 149, length: 4 },
        { id: 41, length: 2 },
      ],
      scopeFieldCount: 1,
    });
    encoder.addRecord(256, [6, '/a'], 1000);
    encoder.addRecord(256, [17, ''], 1000);
    encoder.addRecord(257, [7, 3], 1000);
    encoder.flush(1000);
    const expected = messageOctets(
      { observationDomainId: 7, sequenceNumber: 100, exportTime: 1000 },
      setOctets(
        2,
        templateOctets(256, [
          [4, 1],
          [2, 65535, 39499],
        ]),
      ),
      setOctets(
        3,
        templateOctets(
          257,
          [
            [149, 4],
            [41, 2],
          ],
          1,
        ),
      ),
      setOctets(256, hex('06 02 2f61 11 00')),
      setOctets(257, hex('00000007 0003')),
    );
    expect(octetsOf(messages)).toEqual(octetsOf([expected]));
    expect(encoder.sequenceNumber).toBe(103);
  });

  it('begins a new message when a record does not fit', () => {
    const { encoder, messages } = setUp({ maxMessageLength: 32 });
    encoder.defineTemplate({ id: 256, fields: [{ id: 1, length: 4 }] });
    for (let i = 0; i < 7; i++) encoder.addRecord(256, [i], 5);
    encoder.flush(5);
    expect(messages.map(({ length }) => length)).toEqual([28, 32, 32, 24]);
    expect(messages.map((message) => message[11])).toEqual([0, 0, 3, 6]);
  });

  it('begins a new message when the export time changes', () => {
    const { encoder, messages } = setUp();
    encoder.defineTemplate({ id: 256, fields: [{ id: 4, length: 1 }] });
    encoder.addRecord(256, [1], 5);
    encoder.addRecord(256, [2], 6);
    encoder.flush(7);
    encoder.flush(8);
    expect(messages.map((message) => message[7])).toEqual([5, 6]);
  });

  it('sends nothing where there is nothing', () => {
    const { encoder, messages } = setUp();
    encoder.flush(5);
    expect(messages).toEqual([]);
  });

  it('wraps sequence numbers', () => {
    const { encoder } = setUp({ sequenceNumber: 0xffffffff });
    encoder.defineTemplate({ id: 256, fields: [{ id: 4, length: 1 }] });
    encoder.addRecord(256, [1], 5);
    encoder.addRecord(256, [1], 5);
    encoder.flush(5);
    expect(encoder.sequenceNumber).toBe(1);
  });

  it('withdraws, redefines and repeats templates so that a decoder follows', () => {
    const { encoder, messages } = setUp();
    encoder.defineTemplate({ id: 256, fields: [{ id: 4, length: 1 }] });
    encoder.defineTemplate({ id: 300, fields: [{ id: 149, length: 4 }], scopeFieldCount: 1 });
    encoder.addRecord(256, [6], 5);
    encoder.withdrawTemplate(256);
    encoder.withdrawTemplate(300);
    encoder.defineTemplate({ id: 256, fields: [{ id: 7, length: 2 }] });
    encoder.addRecord(256, [80], 6);
    encoder.repeatTemplates();
    encoder.flush(7);
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    for (const message of messages) decoder.decode(message);
    expect(decoder.stats).toMatchObject({
      templates: 4,
      templateWithdrawals: 2,
      records: 2,
      malformedSets: 0,
    });
    expect(decoder.templates()).toMatchObject([{ id: 256, fields: [{ id: 7 }] }]);
  });
});

describe('what the encoder refuses', () => {
  function codeOf(step: () => void): string {
    try {
      step();
    } catch (error) {
      if (error instanceof IpfixError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'nothing';
  }

  it.each([
    [{ id: 255, fields: [{ id: 4, length: 1 }] }, 'id from 256'],
    [{ id: 256, fields: [] }, '1 to 65535 fields'],
    [{ id: 256, fields: [{ id: 0, length: 1 }] }, 'no element 0:0'],
    [{ id: 256, fields: [{ id: 32768, length: 1 }] }, 'no element 0:32768'],
    [{ id: 256, fields: [{ id: 4, length: 2 }] }, 'a unsigned8 (protocolIdentifier) cannot have length 2'],
    [{ id: 256, fields: [{ id: 8, length: 65535 }] }, 'cannot have length 65535'],
    [{ id: 256, fields: [{ id: 4, length: 0 }] }, 'cannot have length 0'],
    [{ id: 256, fields: [{ id: 4, length: 1 }], scopeFieldCount: 2 }, 'scopeFieldCount is 2'],
    [{ id: 256, fields: [{ id: 4, length: 1 }], scopeFieldCount: 0 }, 'scopeFieldCount is 0'],
    [
      {
        id: 256,
        fields: [
          { id: 82, length: 40000 },
          { id: 83, length: 40000 },
        ],
      },
      '80000 octets',
    ],
  ])('template %j', (definition, reason) => {
    const found = codeOf(() => setUp().encoder.defineTemplate(definition));
    expect(found).toContain('IPFIX_BAD_TEMPLATE');
    expect(found).toContain(reason);
  });

  it('a template that does not fit into a message', () => {
    const { encoder } = setUp({ maxMessageLength: 32 });
    const fields = Array.from({ length: 3 }, () => ({ id: 4, length: 1 }));
    expect(codeOf(() => encoder.defineTemplate({ id: 256, fields }))).toContain('IPFIX_RECORD_TOO_LONG');
  });

  it('ids in use and ids not defined', () => {
    const { encoder } = setUp();
    encoder.defineTemplate({ id: 256, fields: [{ id: 4, length: 1 }] });
    expect(codeOf(() => encoder.defineTemplate({ id: 256, fields: [{ id: 4, length: 1 }] }))).toContain(
      'IPFIX_BAD_TEMPLATE: template 256 is defined already',
    );
    expect(codeOf(() => encoder.addRecord(257, [1], 5))).toContain('IPFIX_BAD_TEMPLATE: template 257');
    expect(codeOf(() => encoder.withdrawTemplate(257))).toContain('IPFIX_BAD_TEMPLATE: template 257');
  });

  it.each<[elementId: number, length: number, value: FieldValue, reason: string]>([
    [4, 1, 256, 'field 1 (protocolIdentifier): it is outside 1 octets'],
    [4, 1, -1, 'outside'],
    [4, 1, 1.5, 'give an integer'],
    [4, 1, '6', 'give an integer'],
    [1, 8, 2 ** 53, 'give an integer'],
    [1, 8, 2n ** 64n, 'outside 8 octets'],
    [1, 4, -1n, 'outside 4 octets'],
    [434, 4, 2 ** 31, 'outside 4 octets'],
    [276, 1, 1, 'give true or false'],
    [320, 8, 'x', 'give a number'],
    [8, 4, '1.2.3', 'give a dotted IPv4 address'],
    [8, 4, '1.2.3.256', 'give a dotted IPv4 address'],
    [8, 4, 2 ** 32, 'outside 4 octets'],
    [27, 16, '2001:db8::1%eth0', 'give an IPv6 address'],
    [27, 16, '1.2.3.4', 'give an IPv6 address'],
    [56, 6, '00:00:5e:00:53', 'give six hexadecimal octets'],
    [82, 4, 'abcde', '5 octets are more than 4'],
    [82, 4, 1, 'give a string'],
    [313, 4, 'abcd', 'give a Uint8Array'],
    [150, 4, 1500, 'whole second'],
    [152, 8, 1.5, 'give an integer'],
    [154, 8, Date.UTC(1960, 0), 'between 1968 and 2104'],
    [156, 8, Date.UTC(2200, 0), 'between 1968 and 2104'],
    [156, 8, Number.NaN, 'between 1968 and 2104'],
  ])('element %i of %i octets: %s', (id, length, value, reason) => {
    const { encoder, messages } = setUp();
    encoder.defineTemplate({ id: 256, fields: [{ id, length }] });
    const found = codeOf(() => encoder.addRecord(256, [value], 5));
    expect(found).toContain('IPFIX_BAD_VALUE: template 256');
    expect(found).toContain(reason);
    encoder.flush(5);
    expect(messages.map((message) => message.length)).toEqual([16 + 4 + 8]);
  });

  it('too few values, and records that are too long', () => {
    const { encoder } = setUp({ maxMessageLength: 64 });
    encoder.defineTemplate({
      id: 256,
      fields: [
        { id: 82, length: 65535 },
        { id: 83, length: 65535 },
      ],
    });
    expect(codeOf(() => encoder.addRecord(256, ['a'], 5))).toContain('has 2 fields, but 1 values');
    expect(codeOf(() => encoder.addRecord(256, ['a'.repeat(43), ''], 5))).toContain('IPFIX_RECORD_TOO_LONG');
    expect(codeOf(() => encoder.addRecord(256, ['a'.repeat(40000), 'b'.repeat(40000)], 5))).toContain(
      'the record is longer than a message',
    );
    encoder.addRecord(256, ['a'.repeat(42), ''], 5);
  });

  it.each([
    { maxMessageLength: 31 },
    { maxMessageLength: 65536 },
    { observationDomainId: -1 },
    { sequenceNumber: 2 ** 32 },
  ])('configuration %j', (config) => expect(codeOf(() => setUp(config))).toContain('IPFIX_BAD_CONFIG'));

  it('export times that are no 32-bit seconds', () => {
    expect(codeOf(() => setUp().encoder.flush(Date.UTC(2024, 0)))).toContain('IPFIX_BAD_CONFIG: exportTime');
  });
});
