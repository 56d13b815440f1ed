import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileFilter,
  createAnonymiser,
  createBiflowSplitter,
  createFlowDecoder,
  createIpfixEncoder,
  createLineReader,
  createReexporter,
  createVirtualClock,
  type FieldValue,
  IpfixError,
  type RecordReader,
  type ReexporterConfig,
} from '../../src/index.ts';
import { readUint16, readUint32 } from '../../src/message/network-byte-order.ts';
import { recordBatch } from '../message/arbitrary-records.ts';

function setUp(config: ReexporterConfig = {}) {
  const clock = createVirtualClock();
  const messages: Uint8Array[] = [];
  const reexporter = createReexporter(config, { clock, onMessage: (message) => messages.push(message) });
  return { clock, messages, reexporter };
}

/** A source of messages that go through a decoder into a reader. */
function sourceOf(reader: RecordReader, observationDomainId = 1) {
  const decoder = createFlowDecoder({}, { reader });
  return createIpfixEncoder(
    { observationDomainId, maxMessageLength: 65535 },
    { onMessage: (message) => decoder.decode(message) },
  );
}

function linesOf(messages: readonly Uint8Array[]) {
  const lines: Record<string, unknown>[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(JSON.parse(line)) });
  const decoder = createFlowDecoder({}, { reader });
  for (const message of messages) decoder.decode(message);
  expect(decoder.stats).toMatchObject({
    malformedMessages: 0,
    malformedSets: 0,
    unknownTemplateSets: 0,
    sequenceGaps: 0,
  });
  return lines.map(({ templateId, ...rest }) => rest);
}

const ports = { id: 300, fields: [{ id: 11, length: 2 }] };

describe('createReexporter', () => {
  it('sends on what it gets, whatever the records are', () => {
    fc.assert(
      fc.property(recordBatch, ({ fields, records, scopeFieldCount }) => {
        const { messages, reexporter } = setUp({ maxMessageLength: 65535 });
        const received: Uint8Array[] = [];
        const { reader } = reexporter.openSession();
        const decoder = createFlowDecoder({}, { reader });
        const encoder = createIpfixEncoder(
          { maxMessageLength: 65535 },
          {
            onMessage(message) {
              received.push(message);
              decoder.decode(message);
            },
          },
        );
        encoder.defineTemplate({ id: 777, fields, scopeFieldCount });
        for (const record of records) encoder.addRecord(777, record, 1_700_000_000);
        encoder.flush(1_700_000_000);
        reexporter.flush();
        expect(linesOf(messages)).toEqual(linesOf(received));
        expect(reexporter.stats).toMatchObject({
          records: records.length,
          refusedRecords: 0,
          messages: messages.length,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('numbers what is sent, also behind a filter, in messages of bounded length', () => {
    const { messages, reexporter } = setUp({ maxMessageLength: 600 });
    const encoder = sourceOf(compileFilter('dst port < 500').reader(reexporter.openSession().reader), 7);
    encoder.defineTemplate(ports);
    for (let i = 0; i < 1000; i++) encoder.addRecord(300, [i], 1_700_000_000 + Math.floor(i / 100));
    encoder.flush(1_700_000_100);
    reexporter.flush();
    const lines = linesOf(messages);
    expect(lines.map(({ destinationTransportPort }) => destinationTransportPort)).toEqual([
      ...Array(500).keys(),
    ]);
    expect(lines.map(({ exportTime }) => exportTime)).toEqual(
      Array.from({ length: 500 }, (_, i) => (1_700_000_000 + Math.floor(i / 100)) * 1000),
    );
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(600);
    // 5 export times.
    expect(messages.length).toBe(5);
    expect(messages.map((message) => readUint32(message, 8))).toEqual([0, 100, 200, 300, 400]);
    expect(messages.every((message) => readUint32(message, 12) === 7)).toBe(true);
  });

  it('keeps sessions with the same domain apart, and gives a domain on when its session is over', () => {
    const { messages, reexporter } = setUp();
    const sessions = [reexporter.openSession(), reexporter.openSession()];
    for (const [i, session] of sessions.entries()) {
      const encoder = sourceOf(session.reader, 0xffffffff);
      encoder.defineTemplate(i === 0 ? ports : { id: 300, fields: [{ id: 7, length: 2 }] });
      encoder.addRecord(300, [i], 1_700_000_000);
      encoder.flush(1_700_000_000);
    }
    reexporter.flush();
    expect(linesOf(messages)).toMatchObject([
      { observationDomainId: 0xffffffff, destinationTransportPort: 0 },
      { observationDomainId: 0, sourceTransportPort: 1 },
    ]);
    sessions[0].end();
    const encoder = sourceOf(reexporter.openSession().reader, 0xffffffff);
    encoder.defineTemplate(ports);
    encoder.addRecord(300, [9], 1_700_000_000);
    encoder.flush(1_700_000_000);
    reexporter.flush();
    // The sequence goes on, and the template is known already.
    expect(readUint32(messages[2], 8)).toBe(1);
    expect(readUint16(messages[2], 16)).toBe(256);
    expect(linesOf(messages).length).toBe(3);
  });

  it('repeats templates when it is time', async () => {
    const { clock, messages, reexporter } = setUp({ templateRefreshMs: 1000 });
    const encoder = sourceOf(reexporter.openSession().reader);
    encoder.defineTemplate(ports);
    const send = () => {
      encoder.addRecord(300, [80], 1_700_000_000);
      encoder.flush(1_700_000_000);
      reexporter.flush();
    };
    send();
    await clock.advance(999);
    send();
    await clock.advance(1);
    send();
    send();
    expect(messages.map((message) => readUint16(message, 16))).toEqual([2, 256, 2, 256]);
    expect(linesOf(messages.slice(2)).length).toBe(2);
  });

  it('refuses and counts what goes beyond its bounds', () => {
    const { messages, reexporter } = setUp({ maxMessageLength: 512, maxDomains: 1 });
    const { reader } = reexporter.openSession();
    for (const [domain, length] of [
      [1, 600],
      [1, 10],
      [2, 10],
    ] as const) {
      const encoder = sourceOf(reader, domain);
      encoder.defineTemplate({ id: 256, fields: [{ id: 210, length: 65535 }] });
      encoder.addRecord(256, [new Uint8Array(length)] as FieldValue[], 1_700_000_000);
      encoder.flush(1_700_000_000);
    }
    reexporter.flush();
    expect(reexporter.stats).toMatchObject({ records: 1, refusedRecords: 2 });
    expect(linesOf(messages).length).toBe(1);
    expect(() => setUp({ maxMessageLength: 511 })).toThrow(IpfixError);
  });

  it('sends the flows that a biflow was split into, also behind a filter and an anonymiser', () => {
    const sent = (wrap: (reader: RecordReader) => RecordReader) => {
      const { messages, reexporter } = setUp();
      const encoder = sourceOf(createBiflowSplitter(wrap(reexporter.openSession().reader)));
      const reverse = { pen: 29305, id: 1, length: 8 };
      const addresses = [
        { id: 8, length: 4 },
        { id: 12, length: 4 },
      ];
      encoder.defineTemplate({ id: 256, fields: [reverse, ...addresses, { id: 1, length: 8 }] });
      encoder.addRecord(256, [50, '192.0.2.1', '198.51.100.2', 100], 1_700_000_000);
      encoder.flush(1_700_000_000);
      reexporter.flush();
      return linesOf(messages).map(({ exportTime, observationDomainId, ...fields }) => fields);
    };
    const forward = {
      sourceIPv4Address: '192.0.2.1',
      destinationIPv4Address: '198.51.100.2',
      octetDeltaCount: 100,
    };
    const backward = {
      sourceIPv4Address: '198.51.100.2',
      destinationIPv4Address: '192.0.2.1',
      octetDeltaCount: 50,
    };
    expect(sent((reader) => reader)).toEqual([forward, backward]);
    expect(sent((reader) => compileFilter('bytes < 60 and src ip 198.51.100.2').reader(reader))).toEqual([
      backward,
    ]);
    const { reader: hide } = createAnonymiser({ ipv4Addresses: 'truncate:8', ipv6Addresses: 'remove' });
    expect(sent(hide)).toEqual([
      { ...forward, sourceIPv4Address: '192.0.0.0', destinationIPv4Address: '198.0.0.0' },
      { ...backward, sourceIPv4Address: '198.0.0.0', destinationIPv4Address: '192.0.0.0' },
    ]);
  });

  it('turns NetFlow v5 into IPFIX with times since 1970', () => {
    const { messages, reexporter } = setUp();
    const octets = new Uint8Array(24 + 48);
    const view = new DataView(octets.buffer);
    view.setUint16(0, 5);
    view.setUint16(2, 1);
    view.setUint32(4, 60_000);
    view.setUint32(8, 1_700_000_000);
    view.setUint32(24, 0xc0000201);
    view.setUint32(24 + 24, 50_000);
    view.setUint32(24 + 28, 59_000);
    view.setUint16(24 + 34, 53);
    createFlowDecoder({}, { reader: reexporter.openSession().reader }).decode(octets);
    reexporter.flush();
    expect(linesOf(messages)).toMatchObject([
      {
        sourceIPv4Address: '192.0.2.1',
        destinationTransportPort: 53,
        flowStartMilliseconds: '2023-11-14T22:13:10.000Z',
        flowEndMilliseconds: '2023-11-14T22:13:19.000Z',
      },
    ]);
  });
});
