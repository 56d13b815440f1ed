import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createIpfixEncoder,
  createLineMessages,
  createLineReader,
  type LineMessagesConfig,
  readMessages,
} from '../../src/index.ts';
import { dataIpfix, hasShared } from '../capture/shared-data.ts';
import { recordBatch } from '../message/arbitrary-records.ts';

function linesOf(messages: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const reader = createLineReader({ style: 'flowpact' }, { onLine: (line) => lines.push(line) });
  const decoder = createFlowDecoder({}, { reader });
  for (const message of messages) decoder.decode(message);
  expect(decoder.stats).toMatchObject({ malformedSets: 0, unknownTemplateSets: 0, sequenceGaps: 0 });
  return lines;
}

async function messagesOf(text: string | Uint8Array, config: LineMessagesConfig = {}, chunk = 1e6) {
  const octets = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(octets.length / chunk) }, (_, i) =>
    octets.subarray(i * chunk, (i + 1) * chunk),
  );
  const lineMessages = createLineMessages(config);
  const messages: Uint8Array[] = [];
  for await (const batch of lineMessages.read(Readable.from(chunks))) messages.push(...batch);
  return { messages, stats: lineMessages.stats };
}

const withoutTemplate = (line: string) => {
  const { templateId, ...rest } = JSON.parse(line);
  return rest;
};

const line = (rest: object) =>
  JSON.stringify({ exportTime: 1_700_000_000_000, observationDomainId: 1, ...rest });

describe('createLineMessages', () => {
  it('makes messages that give the same lines again', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(recordBatch, async ({ fields, records, scopeFieldCount }) => {
        const made: Uint8Array[] = [];
        const encoder = createIpfixEncoder(
          { maxMessageLength: 65535 },
          { onMessage: (message) => made.push(message) },
        );
        encoder.defineTemplate({ id: 256, fields, scopeFieldCount });
        for (const record of records) encoder.addRecord(256, record, 1_700_000_000);
        encoder.flush(1_700_000_000);
        const lines = linesOf(made);
        const { messages, stats } = await messagesOf(`${lines.join('\n')}\n`, { maxMessageLength: 65535 });
        // Where JSON has no word for a value (NaN, a time beyond 275760), the field is left out.
        const isList = fields.some(({ pen, id }) => pen === 0 && [291, 292, 293].includes(id));
        if (isList || stats.skippedFields > 0 || stats.skippedLines > 0) return;
        expect(linesOf(messages).map(withoutTemplate)).toEqual(lines.map(withoutTemplate));
        compared++;
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(150);
  });

  it('announces each layout once, in its own domain', async () => {
    const text = [
      line({ sourceTransportPort: 1 }),
      line({ sourceTransportPort: 2, octetDeltaCount: '18446744073709551615' }),
      line({ sourceTransportPort: 3, observationDomainId: 9 }),
      line({ sourceTransportPort: 4 }),
    ].join('\n');
    const { messages, stats } = await messagesOf(text);
    expect(linesOf(messages).map(withoutTemplate)).toEqual(
      expect.arrayContaining(text.split('\n').map(withoutTemplate)),
    );
    expect(messages.length).toBe(2);
    expect(stats).toEqual({ lines: 4, records: 4, skippedLines: 0, skippedFields: 0 });
  });

  it('takes several values of one name, unknown elements by number, and octets', async () => {
    const text = line({ mplsTopLabelStackSection: '000102', paddingOctets: ['00', '0102'], e99999id7: 'ff' });
    expect(linesOf((await messagesOf(text)).messages).map(withoutTemplate)).toEqual([JSON.parse(text)]);
  });

  it('skips and counts what is no record, and goes on', async () => {
    const text = [
      'no json',
      '[1]',
      'null',
      line({}),
      line({ unknown: 1 }),
      line({ sourceTransportPort: 70_000 }),
      line({ sourceIPv4Address: 'x' }),
      '{"sourceTransportPort":1}',
      line({ observationDomainId: 'x', sourceTransportPort: 1 }),
      '',
      line({ sourceTransportPort: 5, unknown: 1, flowStartMilliseconds: null }),
    ].join('\r\n');
    const { messages, stats } = await messagesOf(text);
    expect(linesOf(messages).map(withoutTemplate)).toEqual([JSON.parse(line({ sourceTransportPort: 5 }))]);
    expect(stats).toEqual({ lines: 10, records: 1, skippedLines: 9, skippedFields: 3 });
  });

  it('reads chunks of any size, also compressed, and skips lines that are too long', async () => {
    const lines = Array.from({ length: 20 }, (_, i) =>
      line({ sourceTransportPort: i, applicationName: 'ü'.repeat(i) }),
    );
    const long = line({ applicationName: 'x'.repeat(500) });
    const text = [...lines.slice(0, 10), long, ...lines.slice(10), long].join('\n');
    const expected = await messagesOf(lines.join('\n'));
    for (const chunk of [1, 7, 100, 1e6]) {
      const { messages, stats } = await messagesOf(text, { maxLineLength: 300 }, chunk);
      expect(messages).toEqual(expected.messages);
      expect(stats).toEqual({ lines: 22, records: 20, skippedLines: 2, skippedFields: 0 });
    }
    expect((await messagesOf(gzipSync(lines.join('\n')))).messages).toEqual(expected.messages);
  });

  it.skipIf(!hasShared)(
    "makes FlowCEP's capture of its lines (needs ../shared beside the repository)",
    async () => {
      const given: Uint8Array[] = [];
      for await (const batch of readMessages(dataIpfix)) given.push(...batch);
      const lines = linesOf(given);
      const { messages, stats } = await messagesOf(`${lines.join('\n')}\n`);
      expect(stats).toMatchObject({ records: 13898, skippedLines: 0, skippedFields: 0 });
      expect(linesOf(messages).map(withoutTemplate)).toEqual(lines.map(withoutTemplate));
    },
  );
});
