import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createIpfixEncoder,
  createLineReader,
  createObjectReader,
  type DecodeIssue,
  type FieldValue,
  type RecordReader,
} from '../../src/index.ts';
import { type RecordBatch, recordBatch } from './arbitrary-records.ts';

/** Encodes the batches, each with a template of its own, and gives the messages to a reader. */
function encodeAndDecode(batches: readonly RecordBatch[], maxMessageLength: number, reader: RecordReader) {
  const issues: DecodeIssue[] = [];
  const decoder = createFlowDecoder({}, { reader, onIssue: (issue) => issues.push(issue) });
  const encoder = createIpfixEncoder(
    { maxMessageLength },
    { onMessage: (message) => decoder.decode(message) },
  );
  for (const [i, { fields, scopeFieldCount, records }] of batches.entries()) {
    encoder.defineTemplate({ id: 256 + i, fields, scopeFieldCount });
    for (const [j, values] of records.entries()) encoder.addRecord(256 + i, values, 1700000000 + (j >> 1));
  }
  encoder.flush(1700000009);
  expect(issues).toEqual([]);
  return decoder.stats;
}

const batchesAndLength = fc.record({
  batches: fc.array(recordBatch, { minLength: 1, maxLength: 3 }),
  maxMessageLength: fc.constantFrom(6000, 65535),
});

describe('decode after encode', () => {
  it('gives the same values, for any templates and records', () => {
    fc.assert(
      fc.property(batchesAndLength, ({ batches, maxMessageLength }) => {
        const elements = batches.flatMap(({ fields }) => fields);
        const names = [...new Set(elements.map(({ pen, id }) => `${pen}:${id}`))];
        const fields = names.map((name) => {
          const [pen, id] = name.split(':').map(Number);
          return { name, elements: [{ pen, id }], as: 'native' as const };
        });
        const found: Record<string, FieldValue>[] = [];
        const reader = createObjectReader(
          { fields, kinds: ['data', 'options'] },
          { onRecord: (record) => found.push(record as Record<string, FieldValue>) },
        );
        encodeAndDecode(batches, maxMessageLength, reader);
        const expected = batches.flatMap((batch) =>
          batch.records.map((values) => {
            const nothing = Object.fromEntries(names.map((name) => [name, null]));
            const given = batch.fields.map(({ pen, id }, i) => [`${pen}:${id}`, values[i]]);
            return { ...nothing, ...Object.fromEntries(given) };
          }),
        );
        expect(found.map((record) => ({ ...record }))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['flowpact', 'ipfixcol'] as const)('prints lines of valid JSON in the style %s', (style) => {
    fc.assert(
      fc.property(batchesAndLength, ({ batches, maxMessageLength }) => {
        const lines: string[] = [];
        const reader = createLineReader(
          { style, timeShiftMs: () => 5 },
          { onLine: (line) => lines.push(line) },
        );
        const { records, optionsRecords } = encodeAndDecode(batches, maxMessageLength, reader);
        expect(lines.length).toBe(style === 'flowpact' ? records + optionsRecords : records);
        for (const line of lines) {
          expect(line).not.toContain('\n');
          JSON.parse(line);
        }
      }),
      { numRuns: 100 },
    );
  });
});
