import { createObjectReader, type RecordReader } from '@flowpact/ipfix';

/** What ended within one part of five seconds, by the flows' own time. Packets and octets are times the sampling rate. */
export interface TrafficPart {
  /** Milliseconds since 1970, a multiple of {@link partMs}. */
  readonly startMs: number;
  /** The latest end of a flow in it. */
  readonly endMs: number;
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

export const partMs = 5000;

/** Parts between two takings; flows of further ones are counted where the flow before them was. */
const maxParts = 512;

/** Sums up flows while they are decoded. */
export interface TrafficTally {
  /** Give it to the decoders. */
  readonly reader: RecordReader;
  /** What has come since it was asked before. */
  take(): readonly TrafficPart[];
}

type MutablePart = { -readonly [Key in keyof TrafficPart]: TrafficPart[Key] };

export function createTrafficTally(): TrafficTally {
  let parts = new Map<number, MutablePart>();
  let latest: MutablePart | undefined;

  function partAt(endMs: number): MutablePart {
    const startMs = endMs - (endMs % partMs);
    // Most flows end in the part of the flow before.
    if (latest?.startMs === startMs) return latest;
    const known = parts.get(startMs);
    if (known !== undefined) return known;
    if (parts.size >= maxParts && latest !== undefined) return latest;
    const part = { startMs, endMs: startMs, flows: 0, packets: 0, octets: 0 };
    parts.set(startMs, part);
    return part;
  }

  return {
    reader: createObjectReader(
      {
        fields: [
          { name: 'endMs', elements: [153, 151].map((id) => ({ pen: 0, id })), as: 'number' },
          { name: 'packets', elements: [2, 86].map((id) => ({ pen: 0, id })), as: 'scaled' },
          { name: 'octets', elements: [1, 85].map((id) => ({ pen: 0, id })), as: 'scaled' },
        ],
      },
      {
        onRecord(record, { exportTimeMs }) {
          const flow = record as Readonly<Record<'endMs' | 'packets' | 'octets', number | null>>;
          const endMs = flow.endMs ?? exportTimeMs;
          const part = partAt(endMs);
          latest = part;
          part.flows++;
          part.packets += flow.packets ?? 0;
          part.octets += flow.octets ?? 0;
          if (endMs > part.endMs && endMs < part.startMs + partMs) part.endMs = endMs;
        },
      },
    ),
    take() {
      const taken = [...parts.values()];
      parts = new Map();
      latest = undefined;
      return taken;
    },
  };
}
