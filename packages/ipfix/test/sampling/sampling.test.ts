import { describe, expect, it } from 'vitest';
import {
  createCsvReader,
  createFlowDecoder,
  createLineReader,
  createObjectReader,
  createTopStatistics,
  IpfixError,
  type SamplingConfig,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';
import {
  fixedBeginning,
  fixedOctets,
  v9Octets,
  v9OptionsTemplate,
  v9Template,
} from '../netflow/netflow-octets.ts';

type Fields = readonly (readonly [id: number, length: number])[];

/** The rate of a record, and its octets raw and scaled, after an options record. */
function rateOf(
  options: Fields,
  optionsData: string,
  fields: Fields,
  data: string,
  sampling: SamplingConfig = {},
) {
  const records: Record<string, unknown>[] = [];
  const reader = createObjectReader(
    {
      fields: [
        { name: 'raw', elements: [{ pen: 0, id: 1 }], as: 'number' },
        { name: 'scaled', elements: [{ pen: 0, id: 1 }], as: 'scaled' },
      ],
    },
    { onRecord: (record) => records.push(record as Record<string, unknown>) },
  );
  const decoder = createFlowDecoder({ sampling }, { reader });
  const optionsSets =
    options.length === 0
      ? []
      : [setOctets(3, templateOctets(300, options, 1)), setOctets(300, hex(optionsData))];
  const template = setOctets(2, templateOctets(256, [[1, 4], ...fields]));
  decoder.decode(messageOctets({}, ...optionsSets, template, setOctets(256, hex(`00000064 ${data}`))));
  const [{ raw, scaled }] = records;
  expect(raw).toBe(100);
  return Number(scaled) / 100;
}

const domain = [149, 4] as const;

describe('sampling rates', () => {
  it.each<[string, Fields, string, number]>([
    ['samplingInterval', [domain, [34, 4]], '00000001 000003e8', 1000],
    ['samplerRandomInterval', [domain, [50, 4]], '00000001 00000080', 128],
    ['samplingPacketInterval and Space', [domain, [305, 4], [306, 4]], '00000001 00000001 00000063', 100],
    ['samplingSize and Population', [domain, [309, 4], [310, 4]], '00000001 00000002 00000064', 50],
    ['samplingProbability', [domain, [311, 8]], '00000001 3fd0000000000000', 4],
    ['samplingTimeInterval and Space', [domain, [307, 4], [308, 4]], '00000001 00000001 00000009', 10],
    ['an interval of 0', [domain, [34, 4]], '00000001 00000000', 1],
    ['a probability above 1', [domain, [311, 8]], '00000001 4010000000000000', 1],
    ['nothing about sampling', [domain, [40, 8]], '00000001 0000000000000001', 1],
  ])('are told by options: %s', (_, options, data, rate) => {
    expect(rateOf(options, data, [[4, 1]], '06')).toBe(rate);
  });

  it('belong to the sampler or selector that a record names, then to its interface, then to all', () => {
    const samplers: Fields = [
      [48, 1],
      [34, 4],
    ];
    expect(rateOf(samplers, '02 000003e8 03 00000064', [[48, 1]], '03')).toBe(100);
    expect(rateOf(samplers, '02 000003e8 03 00000064', [[48, 1]], '04')).toBe(1);
    expect(
      rateOf(
        [
          [302, 8],
          [34, 4],
        ],
        '0000000000000007 00000010',
        [[302, 2]],
        '0007',
      ),
    ).toBe(16);
    expect(
      rateOf(
        [
          [10, 4],
          [34, 4],
        ],
        '00000005 00000010',
        [[10, 2]],
        '0005',
      ),
    ).toBe(16);
    expect(
      rateOf(
        [
          [10, 4],
          [34, 4],
        ],
        '00000005 00000010',
        [[10, 2]],
        '0006',
      ),
    ).toBe(1);
  });

  it('are told by records themselves', () => {
    expect(rateOf([domain, [34, 4]], '00000001 000003e8', [[34, 4]], '0000000a')).toBe(10);
    expect(
      rateOf(
        [],
        '',
        [
          [82, 65535],
          [34, 1],
        ],
        '02 6162 0a',
      ),
    ).toBe(10);
  });

  it('can be assumed, and corrected', () => {
    expect(rateOf([], '', [[4, 1]], '06', { defaultRate: 512 })).toBe(512);
    expect(rateOf([domain, [34, 4]], '00000001 000003e8', [[4, 1]], '06', { defaultRate: 512 })).toBe(1000);
    expect(rateOf([domain, [34, 4]], '00000001 000003e8', [[4, 1]], '06', { fixedRate: 7 })).toBe(7);
    expect(() => rateOf([], '', [], '', { defaultRate: 0 })).toThrow(IpfixError);
    expect(() => rateOf([], '', [], '', { fixedRate: Number.POSITIVE_INFINITY })).toThrow(
      'sampling.fixedRate',
    );
  });

  it('are told by the header of v5', () => {
    const lines: Record<string, unknown>[] = [];
    const reader = createLineReader(
      { style: 'flowpact', extras: { sampling: true } },
      { onLine: (line) => lines.push(JSON.parse(line)) },
    );
    const record = [...fixedBeginning(5000), ...new Array(12).fill(0)];
    createFlowDecoder({}, { reader }).decode(fixedOctets(5, { count: 1, last: [0, 0, 0x43, 0xe8] }, record));
    expect(lines[0]).toMatchObject({
      samplingRate: 1000,
      octetDeltaCount: 700,
      scaledOctetDeltaCount: 700_000,
      packetDeltaCount: 6,
      scaledPacketDeltaCount: 6000,
    });
  });

  it('scale counters in their place, columns of CSV, and top-N statistics', () => {
    const rows: string[] = [];
    const lines: Record<string, unknown>[] = [];
    const top = createTopStatistics({ by: ['proto'], counts: 'scaled' });
    const message = messageOctets(
      {},
      setOctets(
        2,
        templateOctets(256, [
          [1, 4],
          [4, 1],
          [1, 4],
          [2, 4],
        ]),
      ),
      setOctets(256, hex('00000064 06 00000065 00000007')),
    );
    for (const reader of [
      createLineReader(
        { style: 'flowpact', extras: { sampling: true, replaceCounters: true } },
        { onLine: (line) => lines.push(JSON.parse(line)) },
      ),
      createCsvReader(
        { columns: ['protocol', 'octets', 'scaledOctets', 'scaledPackets'] },
        { onLine: (line) => rows.push(line) },
      ),
      top.reader,
    ]) {
      createFlowDecoder({ sampling: { fixedRate: 2.5 } }, { reader }).decode(message);
    }
    const { exportTime: _time, observationDomainId: _domain, templateId: _id, ...fields } = lines[0];
    expect(fields).toEqual({
      protocolIdentifier: 6,
      samplingRate: 2.5,
      octetDeltaCount: 250,
      packetDeltaCount: 18,
    });
    expect(rows).toEqual(['6,100,250,18']);
    expect(top.rows()).toMatchObject([{ octets: 250, packets: 17.5, flows: 1 }]);
  });
});

describe('names from options data of v9', () => {
  const options = [
    setOctets(
      1,
      v9OptionsTemplate(
        257,
        [[1, 4]],
        [
          [10, 4],
          [83, 8],
        ],
      ),
    ),
    setOctets(257, [...hex('00000000 00000005'), ...Buffer.from('uplink\0\0')]),
    setOctets(
      1,
      v9OptionsTemplate(
        258,
        [[1, 4]],
        [
          [95, 4],
          [96, 4],
        ],
      ),
    ),
    setOctets(258, [...hex('00000000 0d0001af'), ...Buffer.from('dns\0')]),
    setOctets(1, v9OptionsTemplate(259, [[2, 4]], [[82, 4]])),
    setOctets(259, [...hex('00000006'), ...Buffer.from('eth1')]),
    setOctets(1, v9OptionsTemplate(260, [[1, 0]], [[300, 4]])),
    setOctets(260, [...Buffer.from('edge')]),
  ];
  const template = setOctets(
    0,
    v9Template(300, [
      [10, 2],
      [14, 4],
      [95, 4],
    ]),
  );
  const data = setOctets(300, hex('0005 00000006 0d0001af 0007 00000008 0d0001b0'));

  it('are in lines', () => {
    const lines: Record<string, unknown>[] = [];
    const reader = createLineReader(
      { style: 'flowpact', extras: { names: true } },
      { onLine: (line) => lines.push(JSON.parse(line)) },
    );
    createFlowDecoder({}, { reader }).decode(v9Octets({}, ...options, template, data));
    expect(lines.slice(-2)).toMatchObject([
      {
        exporterName: 'edge',
        ingressInterfaceName: 'uplink',
        egressInterfaceName: 'eth1',
        applicationName: 'dns',
      },
      { exporterName: 'edge', ingressInterfaceName: null, egressInterfaceName: null, applicationName: null },
    ]);
    expect(lines[0]).not.toHaveProperty('exporterName');
  });

  it('are a form of fields', () => {
    const records: object[] = [];
    const fields = [
      { name: 'in', elements: [{ pen: 0, id: 10 }], as: 'name' },
      { name: 'app', elements: [{ pen: 0, id: 95 }], as: 'name' },
      { name: 'out', elements: [{ pen: 0, id: 14 }], as: 'native' },
    ] as const;
    const reader = createObjectReader({ fields }, { onRecord: (record) => records.push(record) });
    const decoder = createFlowDecoder({ limits: { maxLearnedNames: 2 } }, { reader });
    decoder.decode(v9Octets({}, ...options, template, data));
    expect(records).toEqual([
      { in: 'uplink', app: 'dns', out: 6 },
      { in: null, app: null, out: 8 },
    ]);
  });
});
