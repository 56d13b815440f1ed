import { readFileSync } from 'node:fs';
import {
  createFlowDecoder,
  createLineReader,
  type DecodeIssueCode,
  type DecoderLimits,
  type DecoderStats,
  type FlowDecoder,
} from '../../src/index.ts';
import { readDatagrams } from './pcap.ts';
import { hasShared, sharedFolder } from './shared-data.ts';

/** What the index says of a capture of real export traffic. */
export interface Scenario {
  readonly id: string;
  readonly versions: Readonly<Record<string, number>>;
  /** What the peer's own test asserts: record, path, value. */
  readonly asserted?: { readonly asserts?: readonly (readonly [string, string, string])[] };
  readonly counts: {
    readonly reference: { readonly data?: number; readonly v5?: number; readonly opt?: number };
    readonly tshark: number;
    readonly nfdump: number;
    readonly ipfixcol2_data: number;
    readonly ipfixcol2_options: number;
  };
}

export const scenarios: readonly Scenario[] = hasShared
  ? JSON.parse(readFileSync(`${sharedFolder}captures/index.json`, 'utf8'))
  : [];

export type CaptureRecord = Readonly<Record<string, unknown>>;

/** A capture decoded, one decoder an exporter. */
export interface DecodedCapture {
  readonly stats: readonly DecoderStats[];
  readonly issues: readonly DecodeIssueCode[];
  /** Our own lines, by datagram. */
  readonly messages: readonly (readonly CaptureRecord[])[];
  sum(name: 'messages' | 'records' | 'optionsRecords' | 'recoveredRecords'): number;
}

export function decodeCapture(id: string, limits: Partial<DecoderLimits> = {}): DecodedCapture {
  const messages: CaptureRecord[][] = [];
  let records: CaptureRecord[] = [];
  const reader = createLineReader(
    { style: 'flowpact' },
    { onLine: (line) => records.push(JSON.parse(line) as CaptureRecord) },
  );
  const decoders = new Map<string, FlowDecoder>();
  const issues = new Set<DecodeIssueCode>();
  for (const { source, payload } of readDatagrams(readFileSync(`${sharedFolder}captures/${id}.pcap`))) {
    const deps = { reader, onIssue: ({ code }: { code: DecodeIssueCode }) => issues.add(code) };
    const decoder = decoders.get(source) ?? createFlowDecoder({ limits }, deps);
    decoders.set(source, decoder);
    records = [];
    decoder.decode(payload);
    messages.push(records);
  }
  const stats = [...decoders.values()].map((decoder) => decoder.stats);
  const sum: DecodedCapture['sum'] = (name) => stats.reduce((total, counted) => total + counted[name], 0);
  return { stats, issues: [...issues].sort(), messages, sum };
}
