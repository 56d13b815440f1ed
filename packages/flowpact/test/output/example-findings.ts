import type { SecurityEvent } from '@flowpact/event';
import type { Finding } from '../../src/daemon/detection-messages.ts';

export const exampleEvent: SecurityEvent = {
  type: 'bruteForce',
  startMs: Date.UTC(2026, 10, 22, 23, 59, 58),
  endMs: Date.UTC(2026, 10, 23, 0, 0, 8, 500),
  severity: 'high',
  confidence: 90,
  tlp: 'amber',
  text: 'Log-ins tried on "wp-login.php"] by a \\ über-bot',
  detector: { name: 'Flowpact', version: '0.1.0', method: 'epl', rule: 'http.epl#BruteForce' },
  classifications: [
    { scheme: 'rsit', value: 'intrusion-attempts:brute-force' },
    { scheme: 'mitre-attack', value: 'T1110' },
  ],
  sources: [{ address: '192.0.2.1', asn: 64500 }],
  targets: [
    { address: '198.51.100.7', protocol: 6, ports: [{ low: 80 }], name: 'www.example' },
    { address: '203.0.113.0', prefixLength: 24 },
  ],
  totals: { flows: 33, packets: 2n ** 60n, octets: 1234 },
  flows: {
    layout: { columns: [{ kind: 'iana', id: 8 }] },
    groups: [{ rows: [[Uint8Array.of(192, 0, 2, 1)]] }],
  },
  additional: [{ name: 'url.path', value: '/wp-login.php' }],
};

export const exampleEventFinding: Finding = {
  kind: 'event',
  module: 'http',
  statement: 'BruteForce',
  timeMs: Date.UTC(2026, 10, 23, 0, 0, 9),
  event: exampleEvent,
};

/** Rows of one moment, as the detection thread tells them. */
export const rowsFinding = (
  columns: readonly Readonly<Record<string, unknown>>[],
  { timeMs = 1523546620892, statement = 'Output', isOutput = true } = {},
): Finding => ({
  kind: 'rows',
  module: 'http',
  statement,
  isOutput,
  timeMs,
  lines: columns.map((row) =>
    JSON.stringify({ ...row, timestamp: new Date(timeMs).toISOString(), type: 'DetectionResults' }),
  ),
});
