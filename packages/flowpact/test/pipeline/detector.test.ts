import { createFlowDecoder, createLineReader, type RecordReader } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import { createDetector, selectStatements } from '../../src/pipeline/detector.ts';
import { compileModuleText } from '../../src/pipeline/module-file.ts';

const schema = `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
create map schema IPFIX(
  ipfix.flowEndMilliseconds long, ipfix.flowStartMilliseconds string, ipfix.sourceIPv4Address string,
  ipfix.destinationIPv4Address long, ipfix.destinationTransportPort int, ipfix.tcpControlBits string,
  ipfix.packetDeltaCount long, ipfix.octetDeltaCount string, ipfix.HTTPRequestURL string, note string);`;
const everything = `${schema} @Name('Output') select * from IPFIX;`;

const messages = [
  ...exportTraffic(
    generateTraffic({
      durationMs: 20_000,
      attacks: [{ scenario: 'multi-stage-http', startMs: Date.UTC(2026, 0, 1) }],
    }).flows,
  ),
];

function decodeInto(reader: RecordReader): void {
  const decoder = createFlowDecoder({}, { reader });
  for (const message of messages) decoder.decode(message);
}

function linesIn(style: 'flowpact' | 'ipfixcol'): string[] {
  const lines: string[] = [];
  decodeInto(createLineReader({ style }, { onLine: (line) => lines.push(line) }));
  return lines;
}

function detector(text: string) {
  const made = createDetector({ module: compileModuleText(text, { file: 'test.epl' }) });
  const rows: object[] = [];
  made.onDetections(selectStatements(made, undefined), (detections) =>
    rows.push(...detections.rows.map((row) => ({ ...row }))),
  );
  return { made, rows };
}

describe('the detector', () => {
  it('sees the same flows in IPFIX, in IPFIXcol’s lines and in its own', () => {
    const ipfix = detector(everything);
    decodeInto(ipfix.made.recordReader());
    expect(ipfix.rows.length).toBeGreaterThan(500);
    for (const style of ['ipfixcol', 'flowpact'] as const) {
      const { made, rows } = detector(everything);
      for (const line of linesIn(style)) expect(made.send(JSON.parse(line))).toBe(true);
      // IPFIXcol prints addresses as text only, so a column declared as a number cannot be the same.
      const comparable = (row: object) => ({
        ...row,
        ...(style === 'ipfixcol'
          ? {
              'ipfix.destinationIPv4Address': 0,
              'ipfix.flowStartMilliseconds': 0,
              'ipfix.octetDeltaCount': 0,
            }
          : {}),
      });
      expect(rows.map(comparable), style).toEqual(ipfix.rows.map(comparable));
    }
  });

  it('takes nested objects as espercli does', () => {
    const { made, rows } = detector(everything);
    made.send({ ipfix: { flowEndMilliseconds: 5, sourceIPv4Address: '192.0.2.1' }, note: 'x' });
    expect(rows).toMatchObject([
      { 'ipfix.flowEndMilliseconds': 5, 'ipfix.sourceIPv4Address': '192.0.2.1', note: 'x' },
    ]);
  });

  it('moves the clock to each flow, backwards too', () => {
    const { made, rows } = detector(`${schema} @Name('Output') select current_timestamp as t from IPFIX;`);
    for (const t of [1000, 3000, 2000]) made.send({ 'ipfix.flowEndMilliseconds': t });
    expect(rows).toEqual([{ t: 1000 }, { t: 3000 }, { t: 2000 }]);
  });

  it('counts what has no time, and goes on', () => {
    const { made, rows } = detector(everything);
    for (const time of [undefined, null, 'soon', Number.NaN, {}])
      expect(made.send({ 'ipfix.flowEndMilliseconds': time })).toBe(false);
    expect(made.send({ 'ipfix.flowEndMilliseconds': 1 })).toBe(true);
    expect(made.counters).toEqual({ events: 1, withoutTime: 5 });
    expect(rows.length).toBe(1);
  });

  it('prints Output, or else what feeds no other, or what is asked for', () => {
    const chain = `${schema} @Name('A') insert into S select ipfix.sourceIPv4Address as x from IPFIX; @Name('B') select x from S;`;
    const names = (text: string, wanted?: string[]) =>
      selectStatements(detector(text).made, wanted).map(({ name }) => name);
    expect(names(everything)).toEqual(['Output']);
    expect(names(chain)).toEqual(['B']);
    expect(names(chain, ['A', 'B'])).toEqual(['A', 'B']);
    expect(() => names(chain, ['C'])).toThrow('the module has no statement named C; it has: A, B');
  });

  it.each([
    ["@Name('Input') create schema F(t long); select * from F;", /no statement named Schema/],
    ["@Name('Schema') create schema F(t long); select * from F;", /no @Tag\(name='timestamp'/],
    [
      "@Name('Schema') @Tag(name='timestamp', value='u') create schema F(t long); select * from F;",
      /no column u/,
    ],
    ["@Name('Schema') create schema F(t lon);", /test\.epl:1:/],
  ])('refuses %s', (text, message) => {
    expect(() => detector(text)).toThrow(message);
  });
});
