import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  createIpfixEncoder,
  createTopStatistics,
  type FieldValue,
  IpfixError,
  parseTop,
  type TopStatisticsConfig,
  topTable,
} from '../../src/index.ts';
import { createSpaceSaving } from '../../src/statistics/space-saving.ts';

const fields = [
  { id: 8, length: 4 },
  { id: 11, length: 2 },
  { id: 1, length: 8 },
  { id: 2, length: 4 },
];

function statisticsOf(
  config: TopStatisticsConfig,
  records: readonly (readonly FieldValue[])[],
  templateFields: readonly { id: number; pen?: number; length: number }[] = fields,
) {
  const statistics = createTopStatistics(config);
  const decoder = createFlowDecoder({}, { reader: statistics.reader });
  const encoder = createIpfixEncoder({}, { onMessage: (message) => decoder.decode(message) });
  encoder.defineTemplate({ id: 256, fields: templateFields });
  for (const record of records) encoder.addRecord(256, record, 1_700_000_000);
  encoder.flush(1_700_000_000);
  return statistics;
}

const records: FieldValue[][] = [
  ['192.0.2.1', 80, 100, 1],
  ['192.0.2.2', 80, 5000, 2],
  ['192.0.2.1', 443, 300, 40],
  ['192.0.2.3', 80, 10, 1],
];

describe('createTopStatistics', () => {
  it('adds up by one field and orders by octets', () => {
    const statistics = statisticsOf({ by: ['src'], limit: 2 }, records);
    expect(statistics.rows()).toEqual([
      { key: ['192.0.2.2'], octets: 5000, packets: 2, flows: 1, overcount: 0 },
      { key: ['192.0.2.1'], octets: 400, packets: 41, flows: 2, overcount: 0 },
    ]);
    expect(statistics.totals()).toEqual({
      octets: 5410,
      packets: 44,
      flows: 4,
      recordsWithoutKey: 0,
      groups: 3,
      replacedGroups: 0,
    });
  });

  it('adds up by several fields, whatever they are called', () => {
    const by = ['sourceIPv4Address', 'dstport'];
    const [first] = statisticsOf({ by, order: 'packets' }, records).rows();
    expect(first).toMatchObject({ key: ['192.0.2.1', 443], packets: 40 });
  });

  it('tells apart what reads alike, and has groups for what is missing', () => {
    const statistics = statisticsOf(
      { by: ['HTTPRequestURL', 'src'], order: 'flows' },
      [['192.0.2.1']],
      [fields[0]],
    );
    expect(statistics.rows()).toMatchObject([{ key: [null, '192.0.2.1'], octets: 0, flows: 1 }]);
    const without = statisticsOf({ by: ['dstport'] }, [['192.0.2.1']], [fields[0]]);
    expect(without.rows()).toEqual([]);
    expect(without.totals()).toMatchObject({ flows: 0, recordsWithoutKey: 1 });
  });

  it('keeps addresses of both versions apart from each other and from numbers', () => {
    const both = [
      { id: 8, length: 4 },
      { id: 27, length: 16 },
    ];
    // The first element that a record has fills the key: a record with both counts for its IPv4 address.
    const statistics = statisticsOf({ by: ['src'], order: 'flows' }, [['192.0.2.1', '2001:db8::1']], both);
    expect(statistics.rows()).toMatchObject([{ key: ['192.0.2.1'], flows: 1 }]);
    const ipv6 = statisticsOf({ by: ['src'] }, [['2001:db8::1']], [both[1]]);
    expect(ipv6.rows()).toMatchObject([{ key: ['2001:db8::1'] }]);
    const pair = statisticsOf({ by: ['src', 'dstport'] }, [['0.0.0.80', 80]], fields.slice(0, 2));
    expect(pair.rows()).toMatchObject([{ key: ['0.0.0.80', 80] }]);
  });

  it('counts flows that an exporter has put together', () => {
    const statistics = statisticsOf(
      { by: ['dstport'], order: 'flows' },
      [[80, 1000]],
      [fields[1], { id: 3, length: 4 }],
    );
    expect(statistics.rows()).toMatchObject([{ key: [80], flows: 1000 }]);
  });

  it('groups by octets too', () => {
    const octets = Uint8Array.of(1, 255);
    const statistics = statisticsOf(
      { by: ['paddingOctets'] },
      [[octets], [octets]],
      [{ id: 210, length: 2 }],
    );
    expect(statistics.rows()).toMatchObject([{ key: [octets], flows: 2 }]);
  });

  it('refuses what it cannot do', () => {
    for (const config of [{ by: [] }, { by: ['scr'] }, { by: ['src'], maxGroups: 0 }]) {
      expect(() => createTopStatistics(config)).toThrow(IpfixError);
    }
    expect(() => createTopStatistics({ by: ['scr'] })).toThrow('did you mean "src"?');
  });
});

describe('parseTop', () => {
  it('reads names and the order', () => {
    expect(parseTop('src,octets')).toEqual({ by: ['src'], order: 'octets' });
    expect(parseTop('src, dst,flows')).toEqual({ by: ['src', 'dst'], order: 'flows' });
    expect(parseTop('dstport')).toEqual({ by: ['dstport'], order: undefined });
    expect(() => parseTop('octets')).toThrow('src,octets');
    expect(() => parseTop('nothing')).toThrow(IpfixError);
  });
});

describe('topTable', () => {
  it('prints rows, totals and what was left out', () => {
    expect(
      topTable(statisticsOf({ by: ['src', 'dstport'], limit: 2 }, records), { by: ['src', 'dstport'] }),
    ).toEqual([
      'src        dstport      flows     packets      octets ↓',
      '192.0.2.2  80       1 (25.0%)    2 (4.5%)  5000 (92.4%)',
      '192.0.2.1  443      1 (25.0%)  40 (90.9%)    300 (5.5%)',
      '',
      'total: 4 flows, 44 packets, 5410 octets in 4 groups',
    ]);
    const small = statisticsOf({ by: ['src'], maxGroups: 2, limit: 1 }, records);
    expect(topTable(small, { by: ['src'] }).slice(-2)).toEqual([
      'total: 4 flows, 44 packets, 5410 octets in 2 groups',
      'given up for larger ones: 1 group; numbers with ≤ are upper bounds',
    ]);
  });

  it('does not let values move the cursor', () => {
    const statistics = statisticsOf(
      { by: ['HTTPRequestURL'] },
      [['/\u001b[2J']],
      [{ pen: 39499, id: 2, length: 65535 }],
    );
    expect(topTable(statistics, { by: ['HTTPRequestURL'] })[1]).toContain('/?[2J');
  });
});

describe('createSpaceSaving', () => {
  it('keeps every heavy group, never counts too little, and says how much too much at most', () => {
    const stream = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 100 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 20 }), (weights, capacity) => {
        const top = createSpaceSaving<null>(capacity);
        const exact = new Map<number, number>();
        let total = 0;
        for (const [key, weight] of weights) {
          top.add(key, weight, () => null);
          exact.set(key, (exact.get(key) ?? 0) + weight);
          total += weight;
        }
        const groups = new Map([...top.groups()].map((group) => [group.key, group]));
        expect(groups.size).toBe(Math.min(capacity, exact.size));
        if (exact.size <= capacity) expect(top.replaced).toBe(0);
        for (const [key, sum] of exact) {
          const group = groups.get(key);
          if (group === undefined) expect(sum).toBeLessThanOrEqual(total / capacity);
          else {
            expect(group.weight).toBeGreaterThanOrEqual(sum);
            expect(group.weight - group.overcount).toBeLessThanOrEqual(sum);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
