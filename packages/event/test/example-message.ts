import type { Message } from '../src/index.ts';

/** A message that uses every field of the model. */
export const exampleMessage: Message = {
  kind: 'request',
  id: '9000000000000000001',
  sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:soc@isp-a.example', keyId: 'C0FFEE' },
  createdMs: Date.parse('2026-01-01T00:00:00Z'),
  event: {
    type: 'dDoS',
    startMs: Date.parse('2025-12-31T23:50:00Z'),
    endMs: Date.parse('2025-12-31T23:55:00Z'),
    detector: { name: 'flowpact', version: '0.1.0', method: 'epl', rule: 'dns.epl#Amplification' },
    classifications: [{ scheme: 'rsit', value: 'availability:ddos' }],
    severity: 'high',
    confidence: 80,
    sources: [{ address: '2001:db8::1', prefixLength: 48, asn: 64501, role: 'reflector', spoofed: false }],
    targets: [
      { address: '192.0.2.1', protocol: 17, ports: [{ low: 53 }, { low: 1024, high: 65535 }], name: 'www' },
    ],
    totals: {
      flows: 1000,
      packets: 2n ** 60n,
      octets: 5,
      packetsPerSecond: 6,
      bitsPerSecond: 10_000_000_000,
    },
    tlp: 'amberStrict',
    text: 'Responses that nobody asked for.',
    flowSource: { protocol: 'ipfix', version: 10 },
    flows: {
      layout: {
        columns: [
          { kind: 'iana', id: 8 },
          { kind: 'enterprise', id: 1, pen: 29305, name: 'reverseOctetDeltaCount' },
          { kind: 'named', name: 'aType' },
        ],
        anonymisation: { technique: 'prefixPreserving', columns: [0], keyId: 'k1', prefixKept: 24 },
        sampling: { algorithm: 'deterministic', interval: 1000 },
      },
      trigger: [Uint8Array.of(192, 0, 2, 7), 2n ** 63n, 'AAAA'],
      groups: [
        {
          relation: 'evidence',
          exporter: '192.0.2.254',
          observationDomainId: 1,
          layout: { columns: [] },
          rows: [[null, -1, 0.5, true, [1, [Uint8Array.of()]]], []],
        },
        { exporter: Uint8Array.of(1, 2, 3), rows: [] },
      ],
    },
    additional: [{ name: 'flags', value: '0x00' }],
  },
  conversation: {
    inReplyTo: { sender: 'isp-b.example', id: '-7' },
    related: [{ sender: 'isp-b.example', id: '0' }],
    asks: [
      { action: 'rateLimit', scope: [{ address: '192.0.2.1' }], lifetimeSeconds: 3600, octetsPerSecond: 0 },
    ],
    outcome: { status: 'partial', reason: 'half of it', applied: [{ action: 'block' }], untilMs: 0 },
    expiresMs: 1,
    supersedes: { sender: 'isp-a.example', id: '1' },
  },
};
