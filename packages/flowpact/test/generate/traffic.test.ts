import { createFlowDecoder, createMessageFramer, createObjectReader } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic, type TrafficConfig } from '../../src/generate/traffic.ts';

function generate(config: TrafficConfig) {
  const traffic = generateTraffic(config);
  const bytes = Buffer.concat([...exportTraffic(traffic.flows)]);
  return { truth: traffic.truth, bytes };
}

function decode(bytes: Uint8Array) {
  const records: Record<string, number | string | null>[] = [];
  const exportTimes: number[] = [];
  const fields = [
    { name: 'source', elements: [{ pen: 0, id: 8 }], as: 'text' as const },
    { name: 'destination', elements: [{ pen: 0, id: 12 }], as: 'text' as const },
    { name: 'protocol', elements: [{ pen: 0, id: 4 }], as: 'number' as const },
    { name: 'start', elements: [{ pen: 0, id: 152 }], as: 'number' as const },
    { name: 'end', elements: [{ pen: 0, id: 153 }], as: 'number' as const },
    { name: 'url', elements: [{ pen: 39499, id: 2 }], as: 'text' as const },
  ];
  const decoder = createFlowDecoder(
    {},
    {
      reader: createObjectReader(
        { fields },
        {
          onRecord: (record, header) => {
            records.push(record as (typeof records)[number]);
            exportTimes.push(header.exportTime);
          },
        },
      ),
    },
  );
  const framer = createMessageFramer({}, { onMessage: (message) => decoder.decode(message) });
  framer.push(bytes);
  framer.end();
  return { records, exportTimes, decoder };
}

const short: TrafficConfig = {
  durationMs: 120_000,
  flowsPerSecond: 20,
  attacks: [{ scenario: 'multi-stage-http', startMs: Date.UTC(2026, 0, 1, 0, 0, 10) }],
};

describe('synthetic traffic', () => {
  it('is the same for the same seed and another for another', () => {
    expect(generate(short).bytes.equals(generate(short).bytes)).toBe(true);
    expect(generate(short).bytes.equals(generate({ ...short, seed: 2 }).bytes)).toBe(false);
  });

  it('is well-formed IPFIX in the templates of the FlowCEP capture, and the truth counts it', () => {
    const { truth, bytes } = generate(short);
    const { records, decoder } = decode(bytes);
    const attackFlows = truth.attacks[0].stages.reduce((sum, { flows }) => sum + flows, 0);
    const background = Object.values(truth.background).reduce((a, b) => a + b, 0);
    expect(records.length).toBe(background + attackFlows);
    expect(decoder.stats).toMatchObject({
      records: records.length,
      malformedMessages: 0,
      malformedSets: 0,
      lostRecords: 0,
    });
    expect(decoder.templates().map(({ id }) => id)).toEqual([256, 257, 258, 259]);
    const shape = (id: number) =>
      decoder
        .templates()
        .find((template) => template.id === id)
        ?.fields.map((field) => `${field.pen === 0 ? '' : `${field.pen}/`}${field.id}:${field.length}`)
        .join(' ');
    expect(shape(256)).toBe('1:8 2:8 4:1 8:4 12:4 32:2 60:1 152:8 153:8');
    expect(shape(259)).toBe('1:8 2:8 4:1 6:1 7:2 8:4 11:2 12:4 60:1 152:8 153:8 39499/2:64');
  });

  it('holds exactly the attack that the truth tells of', () => {
    const { truth, bytes } = generate(short);
    const [attack] = truth.attacks;
    const own = decode(bytes).records.filter(({ source }) => source === attack.attackers[0]);
    expect(own.length).toBe(attack.stages.reduce((sum, { flows }) => sum + flows, 0));
    const logIns = own.filter(({ url }) => url === '/wp-login.php');
    expect(new Set(logIns.map(({ destination }) => destination))).toEqual(new Set(attack.stages[1].targets));
    expect(own.every(({ start, end }) => (start as number) <= (end as number))).toBe(true);
    expect(
      decode(generate({ ...short, attacks: [] }).bytes).records.some(
        ({ source }) => source === attack.attackers[0],
      ),
    ).toBe(false);
  });

  it('is exported in order of export time, which is not the order of the flows', () => {
    const { records, exportTimes } = decode(generate(short).bytes);
    expect(exportTimes).toEqual(exportTimes.toSorted((a, b) => a - b));
    expect(records.every(({ end }, i) => exportTimes[i] * 1000 >= (end as number))).toBe(true);
    const ends = records.map(({ end }) => end as number);
    expect(ends).not.toEqual(ends.toSorted((a, b) => a - b));
  });

  it('has background of every kind, also without an attack', () => {
    const { truth } = generate({ durationMs: 60_000, attacks: [] });
    expect(truth.attacks).toEqual([]);
    expect(Object.values(truth.background).every((count) => count > 10)).toBe(true);
  });

  it.each([
    [30_000, 3750],
    [60_000, 7500],
    [61_000, 60_000],
    [480_000, 60_000],
  ])('has an attack in traffic of %i ms after %i ms', (durationMs, afterMs) => {
    const { truth } = generateTraffic({ durationMs, attacks: [{ scenario: 'vertical-scan' }] });
    const [{ stages }] = truth.attacks;
    expect(stages[0].startMs - truth.startMs).toBe(afterMs);
  });
});
