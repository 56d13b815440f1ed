import type { DataSetReader, MessageHeader, RecordReader, Template } from '@flowpact/ipfix';

export interface FlowMemoryConfig {
  /** Octets of data sets kept; the oldest leave first. Default 16 MiB, some 250,000 flows. */
  readonly maxOctets?: number;
}

/** Data sets as they came, so that any reader can read them again: a filter, a top list, a page of flows. */
export interface FlowMemory {
  /** Give it to the decoders. */
  readonly reader: RecordReader;
  /**
   * Gives `reader` the data sets from `newest` back in time. `afterSet` is told a set's number when it has been read, and ends
   * the reading by false.
   */
  readBack(reader: RecordReader, afterSet: (set: number) => boolean, newest?: number): void;
  /** Data sets in all, so far: the next one’s number. */
  readonly sets: number;
  /** Octets kept now. */
  readonly octets: number;
}

interface KeptSet {
  readonly template: Template;
  readonly header: MessageHeader;
  readonly bytes: Uint8Array;
}

export function createFlowMemory({ maxOctets = 16 * 1024 * 1024 }: FlowMemoryConfig = {}): FlowMemory {
  const kept = new Map<number, KeptSet>();
  let oldest = 0;
  let next = 0;
  let octets = 0;

  const keep = (template: Template, header: MessageHeader, bytes: Uint8Array) => {
    kept.set(next++, { template, header, bytes });
    octets += bytes.length;
    while (octets > maxOctets && oldest < next) {
      octets -= kept.get(oldest)!.bytes.length;
      kept.delete(oldest++);
    }
  };

  return {
    reader: {
      compile(template) {
        if (template.kind !== 'data') return undefined;
        return (bytes, start, end, header) => {
          // A copy: the buffer belongs to the collector.
          keep(template, header, bytes.slice(start, end));
          return 0;
        };
      },
    },
    readBack(reader, afterSet, newest = next - 1) {
      const compiled = new Map<Template, DataSetReader | undefined>();
      for (let set = Math.min(newest, next - 1); set >= oldest; set--) {
        const { template, header, bytes } = kept.get(set)!;
        if (!compiled.has(template)) compiled.set(template, reader.compile(template));
        compiled.get(template)?.(bytes, 0, bytes.length, header);
        if (!afterSet(set)) return;
      }
    },
    get sets() {
      return next;
    },
    get octets() {
      return octets;
    },
  };
}
