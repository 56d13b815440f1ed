import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createLineReader,
  createObjectReader,
  type DecodeIssue,
  findElementsByName,
  type LineReaderConfig,
  type RecordReader,
  readMessages,
  type Template,
  timeNow,
} from '../../src/index.ts';
import { dataIpfix, hasShared, sharedFolder } from './shared-data.ts';

async function decodeFile(reader: RecordReader) {
  const issues: DecodeIssue[] = [];
  const decoder = createFlowDecoder({}, { reader, onIssue: (issue) => issues.push(issue) });
  for await (const messages of readMessages(dataIpfix))
    for (const message of messages) decoder.decode(message);
  expect(issues).toEqual([]);
  return decoder;
}

const layout = ({ fields }: Template) =>
  fields.map(({ pen, id, length }) => `${pen === 0 ? '' : `${pen}.`}${id}:${length}`).join(' ');

describe.skipIf(!hasShared)("FlowCEP's capture (needs ../shared beside the repository)", () => {
  it('has 606 messages and 13,898 records without a gap', async () => {
    const { stats } = await decodeFile({ compile: () => undefined });
    expect(stats).toMatchObject({
      messages: 606,
      records: 13898,
      optionsRecords: 0,
      templates: 5,
      sequenceGaps: 0,
      sequenceResets: 0,
      malformedMessages: 0,
      malformedSets: 0,
      unknownTemplateSets: 0,
    });
  });

  it('has four templates with so many records each', async () => {
    const counts = new Map<string, number>();
    const decoder = await decodeFile({
      compile: (template) => (_bytes, start, end) => {
        const records = (end - start) / template.minRecordLength;
        counts.set(layout(template), (counts.get(layout(template)) ?? 0) + records);
        return records;
      },
    });
    expect(
      decoder.templates().map((template) => [template.id, layout(template), counts.get(layout(template))]),
    ).toEqual([
      [256, '1:8 2:8 4:1 8:4 12:4 32:2 60:1 152:8 153:8', 2470],
      [257, '1:8 2:8 4:1 7:2 8:4 11:2 12:4 60:1 152:8 153:8', 1206],
      [258, '1:8 2:8 4:1 6:1 7:2 8:4 11:2 12:4 60:1 152:8 153:8', 8132],
      [259, '1:8 2:8 4:1 6:1 7:2 8:4 11:2 12:4 60:1 152:8 153:8 39499.2:64', 2090],
    ]);
  });

  it('gives the lines of IPFIXcol, octet by octet', async () => {
    const lines: string[] = [];
    await decodeFile(createLineReader({ style: 'ipfixcol' }, { onLine: (line) => lines.push(line) }));
    const text = `${lines.join('\n')}\n`;
    const expected = gunzipSync(readFileSync(`${sharedFolder}flowcep/ipfixcol.ndjson.gz`));
    expect(createHash('md5').update(text).digest('hex')).toBe('59d83a1c9c99ca6051b96566cac16347');
    expect(Buffer.from(text, 'latin1').equals(expected)).toBe(true);
  });

  it('moves the times of all lines to now, and nothing else', async () => {
    const nowMs = 1800000000123;
    const lines = async (config: LineReaderConfig) => {
      const found: Record<string, number>[] = [];
      await decodeFile(createLineReader(config, { onLine: (line) => found.push(JSON.parse(line)) }));
      return found;
    };
    const exportTimes = (await lines({ style: 'flowpact' })).map(({ exportTime }) => exportTime);
    const plain = await lines({ style: 'ipfixcol' });
    const moved = await lines({ style: 'ipfixcol', timeShiftMs: timeNow(() => nowMs) });
    const expected = plain.map((line, i) => {
      const shiftMs = 1800000000000 - exportTimes[i];
      return {
        ...line,
        'ipfix.flowStartMilliseconds': line['ipfix.flowStartMilliseconds'] + shiftMs,
        'ipfix.flowEndMilliseconds': line['ipfix.flowEndMilliseconds'] + shiftMs,
      };
    });
    expect(moved).toEqual(expected);
  });

  it('shows the attacker', async () => {
    interface Flow {
      source: string;
      url: string | null;
    }
    const flows: Flow[] = [];
    await decodeFile(
      createObjectReader(
        {
          fields: [
            { name: 'source', elements: [{ pen: 0, id: 8 }], as: 'native' },
            { name: 'url', elements: findElementsByName('HTTPRequestURL'), as: 'native' },
          ],
        },
        { onRecord: (record) => flows.push(record as Flow) },
      ),
    );
    const ofAttacker = flows.filter(({ source }) => source === '59.2.153.68');
    expect(ofAttacker.length).toBe(1636);
    expect(ofAttacker.filter(({ url }) => url === null).length).toBe(1454);
    expect(new Set(flows.map(({ source }) => source)).size).toBe(1998);
    expect(flows.filter(({ url }) => url?.length === 63).length).toBe(906);
    expect(flows.filter(({ url }) => url?.includes('\0')).length).toBe(0);
  });
});
