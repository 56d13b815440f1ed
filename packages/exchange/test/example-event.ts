import type { FlowRow, SecurityEvent } from '@flowpact/event';

/** 2026-03-01T12:00:00Z. */
export const exampleMs = Date.UTC(2026, 2, 1, 12);

/** A brute-force attack by one host on four, with this many flows as evidence. */
export function exampleEvent(flowCount = 3): SecurityEvent {
  return {
    type: 'bruteForce',
    startMs: exampleMs - 60_000,
    endMs: exampleMs,
    detector: { name: 'flowpact', version: '0.1.0', method: 'epl', rule: 'ssh.epl#BruteForce' },
    severity: 'high',
    confidence: 90,
    sources: [{ address: '203.0.113.7', asn: 64500 }],
    targets: [1, 2, 3, 4].map((host) => ({
      address: `198.51.100.${host}`,
      protocol: 6,
      ports: [{ low: 22 }],
    })),
    totals: { flows: flowCount, packets: 12n * BigInt(flowCount), octets: 2n ** 60n },
    tlp: 'amber',
    text: 'Many short SSH sessions from one host.',
    flowSource: { protocol: 'ipfix', version: 10 },
    flows: {
      layout: {
        columns: [8, 12, 7, 11, 4, 1, 152].map((id) => ({ kind: 'iana' as const, id })),
      },
      groups: [{ relation: 'evidence', rows: Array.from({ length: flowCount }, (_, i) => exampleRow(i)) }],
    },
  };
}

function exampleRow(i: number): FlowRow {
  return [
    Uint8Array.of(203, 0, 113, 7),
    Uint8Array.of(198, 51, 100, 1 + (i % 4)),
    40_000 + i,
    22,
    6,
    1_000 + i,
    exampleMs - 60_000 + i,
  ];
}
