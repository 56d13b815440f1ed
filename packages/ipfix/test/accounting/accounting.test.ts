import { describe, expect, it } from 'vitest';
import {
  createFlowDecoder,
  type DecoderLimits,
  describeAccounting,
  prometheusText,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from '../message/message-octets.ts';
import { fixedBeginning, fixedOctets, v9Octets, v9Template } from '../netflow/netflow-octets.ts';

const unsampled =
  '    no sampling rate told, 1 assumed: if it samples, let it export its sampler options, or configure the rate';

function account(messages: readonly Uint8Array[], limits: Partial<DecoderLimits> = {}) {
  const reader = { compile: () => undefined };
  const decoder = createFlowDecoder({ limits }, { reader, clock: { now: () => 1_700_000_060_000 } });
  for (const message of messages) decoder.decode(message);
  return [{ exporter: 'udp://192.0.2.1:2055', stats: decoder.stats }];
}

const template = setOctets(2, templateOctets(256, [[7, 2]]));
const ports = (...octets: string[]) => setOctets(256, hex(octets.join('')));
const v9Ports = setOctets(0, v9Template(256, [[7, 2]]));

describe('describeAccounting', () => {
  it('tells of exporters without faults, and of none', () => {
    expect(describeAccounting([])).toEqual(['no exporter has sent anything']);
    const now = { exportTime: 1_700_000_060 };
    expect(describeAccounting(account([messageOctets(now, template, ports('0050', '0051'))]))).toEqual([
      'udp://192.0.2.1:2055: 1 message, 36 octets, 2 records',
      '  IPFIX, observation domain 1: 2 records in 1 message',
      unsampled,
    ]);
  });

  it('tells of loss, late and repeated messages, restarts, and clocks', () => {
    const at = (sequenceNumber: number) =>
      messageOctets({ sequenceNumber, exportTime: 1_700_000_000 }, ports('0050'));
    const first = messageOctets({ exportTime: 1_700_000_000 }, template);
    const lines = describeAccounting(
      account([first, at(0), at(3), at(1), at(1), at(4), at(100_000_000), at(100_000_001)]),
    );
    expect(lines).toEqual([
      'udp://192.0.2.1:2055: 8 messages, 182 octets, 7 records',
      '  IPFIX, observation domain 1: 7 records in 8 messages',
      "    1 record lost on the way in 1 gap (12.5 %): look at the receive buffer, the path and the exporter's rate",
      '    1 message overtaken by later ones, none of them lost',
      '    2 messages with a sequence number already seen: repeated on the way, or numbered wrongly by the exporter',
      '    1 restart of the exporter or of its numbering',
      '    its clock is 60 s behind ours: times of flows are off as much; let both follow NTP',
      unsampled,
    ]);
  });

  it('tells that v9 counts messages and v5 engines', () => {
    const v9 = (sequenceNumber: number) =>
      v9Octets({ sequenceNumber, exportTime: 1_700_000_090 }, v9Ports, setOctets(256, hex('00500051')));
    const v5 = fixedOctets(5, { count: 1, last: [0, 3, 0, 0] }, [
      ...fixedBeginning(5000),
      ...new Array(12).fill(0),
    ]);
    expect(describeAccounting(account([v9(1), v9(4), v5])).slice(1)).toEqual([
      '  NetFlow v9, source 1: 4 records in 2 messages',
      "    2 messages, about 4 records lost on the way in 1 gap (50.0 %): look at the receive buffer, the path and the exporter's rate",
      '    its clock is 30 s ahead of ours: times of flows are off as much; let both follow NTP',
      unsampled,
      '  NetFlow v5, engine 3: 1 record in 1 message',
      '    its clock is 60 s behind ours: times of flows are off as much; let both follow NTP',
      unsampled,
    ]);
  });

  it('tells of data before its template and of everything malformed', () => {
    const now = { exportTime: 1_700_000_060 };
    const lines = describeAccounting(
      account(
        [
          messageOctets(now, ports('0050')),
          messageOctets(now, ports('0051')),
          messageOctets(now, template),
          messageOctets(now, setOctets(257, [1, 2]), setOctets(258, [1, 2, 3])),
          messageOctets(now, setOctets(7, [])),
          Uint8Array.of(0, 2),
        ],
        { maxParkedSets: 2, maxParkedBytes: 4 },
      ),
    );
    expect(lines.slice(3)).toEqual([
      '  4 data sets came before the template; 2 were read when it came (2 records); 1 still wait (3 octets): let the exporter send its templates, every minute over UDP; 1 were given up: let the exporter send its templates more often',
      '  1 time, messages had sets with reserved ids, which were skipped (IPFIX_SET_RESERVED)',
      '  1 time, messages were neither NetFlow nor IPFIX: something else sends to this port (IPFIX_MESSAGE_VERSION)',
    ]);
  });
});

describe('where the sampling rate is from', () => {
  const v5 = (sampling: number[]) =>
    fixedOctets(5, { count: 1, last: [0, 3, ...sampling] }, [
      ...fixedBeginning(5000),
      ...new Array(12).fill(0),
    ]);
  const rate = setOctets(
    3,
    templateOctets(
      257,
      [
        [149, 4],
        [34, 4],
      ],
      1,
    ),
  );
  const inRecords = setOctets(
    2,
    templateOctets(256, [
      [7, 2],
      [34, 1],
    ]),
  );

  it.each<[string, Uint8Array[], string]>([
    ['nothing', [messageOctets({}, template, ports('0050'))], 'unknown'],
    ['an options record', [messageOctets({}, rate, setOctets(257, hex('00000001 00000064')))], 'told'],
    ['the records', [messageOctets({}, inRecords, ports('0050', '64'))], 'told'],
    ['the header of v5', [v5([0x40, 100])], 'told'],
    ['a header of v5 without it', [v5([0, 0])], 'unknown'],
  ])('from %s', (_what, messages, sampling) => {
    const [{ stats }] = account(messages);
    expect([...stats.domains.values()].map((domain) => domain.sampling)).toEqual([sampling]);
  });

  it('from the configuration', () => {
    const decoder = createFlowDecoder(
      { sampling: { defaultRate: 100 } },
      { reader: { compile: () => undefined } },
    );
    decoder.decode(messageOctets({}, template, ports('0050')));
    expect([...decoder.stats.domains.values()].map((domain) => domain.sampling)).toEqual(['configured']);
    expect(describeAccounting([{ exporter: 'a', stats: decoder.stats }]).join()).not.toContain('sampling');
  });
});

describe('prometheusText', () => {
  it('has each metric once, with its samples', () => {
    const [session] = account([messageOctets({}, template, ports('0050')), Uint8Array.of(0, 2)]);
    const text = prometheusText([session, { ...session, exporter: 'a "b"\\\n' }]);
    expect(text).toContain('# TYPE flowpact_ipfix_records_total counter\n');
    expect(text).toContain(
      'flowpact_ipfix_records_total{exporter="udp://192.0.2.1:2055",protocol="IPFIX",domain="1"} 1\n' +
        'flowpact_ipfix_records_total{exporter="a \\"b\\"\\\\\\n",protocol="IPFIX",domain="1"} 1\n',
    );
    expect(text).toContain(
      'flowpact_ipfix_clock_skew_seconds{exporter="udp://192.0.2.1:2055",protocol="IPFIX",domain="1"} 60\n',
    );
    expect(text).toContain(
      'flowpact_ipfix_issues_total{exporter="udp://192.0.2.1:2055",code="IPFIX_MESSAGE_VERSION"} 1\n',
    );
    const types = text.match(/^# TYPE \S+/gm) ?? [];
    expect(new Set(types).size).toBe(types.length);
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{.+\} -?[\d.]+)$/);
  });

  it('is empty without exporters, and has no clock where the decoder has none', () => {
    expect(prometheusText([])).toBe('');
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined } });
    decoder.decode(messageOctets({}, template));
    expect(prometheusText([{ exporter: 'a', stats: decoder.stats }])).not.toContain('clock_skew');
  });
});
