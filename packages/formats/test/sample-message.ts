import { addressToOctets, type Message, parseMessage } from '@flowpact/event';

/** An alert as a detection of Flowpact makes it, with two flows as evidence. */
export const sampleMessage: Message = parseMessage({
  kind: 'alert',
  id: '42',
  sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:noc@isp-a.example' },
  createdMs: Date.parse('2026-01-01T12:00:00.500Z'),
  event: {
    type: 'dDoS',
    startMs: Date.parse('2026-01-01T11:58:00Z'),
    endMs: Date.parse('2026-01-01T11:59:30Z'),
    detector: { name: 'flowpact', version: '0.1.0', method: 'epl', rule: 'ddos.epl#SynFlood' },
    severity: 'high',
    confidence: 80,
    sources: [{ address: '198.51.100.0', prefixLength: 24, protocol: 6, spoofed: true }],
    targets: [{ address: '192.0.2.1', protocol: 6, ports: [{ low: 80 }], asn: 64501, name: 'www.example' }],
    totals: { flows: 120_000, packets: 240_000, octets: 14_400_000 },
    tlp: 'amber',
    text: 'SYN flood against www.example.',
    flowSource: { protocol: 'ipfix', version: 10 },
    flows: {
      layout: {
        columns: [8, 12, 7, 11, 4, 2, 1, 6, 152].map((id) => ({ kind: 'iana', id })),
        sampling: { algorithm: 'random', interval: 100 },
      },
      groups: [
        {
          relation: 'evidence',
          rows: [
            [
              addressToOctets('198.51.100.7'),
              addressToOctets('192.0.2.1'),
              54586,
              80,
              6,
              2,
              120,
              2,
              1767268680123,
            ],
            [
              addressToOctets('198.51.100.9'),
              addressToOctets('192.0.2.1'),
              1024,
              80,
              6,
              1,
              60,
              2,
              1767268680456,
            ],
          ],
        },
      ],
    },
  },
});
