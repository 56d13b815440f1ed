/** What came from one host, whichever its ports and sessions. */
export interface ExporterCount {
  /** Its address; `others` for all that are not told apart. */
  readonly exporter: string;
  readonly messages: number;
  readonly octets: number;
  /** Messages dropped because detection was slow; only datagrams are. */
  readonly dropped: number;
}

export type MutableExporterCount = { -readonly [K in keyof ExporterCount]: ExporterCount[K] };

/** Hosts that are told apart; whoever makes up more of them costs no memory. */
const maxExporters = 1000;

export interface ExporterCounts {
  /** The counters of a host, to be written to. */
  of(address: string): MutableExporterCount;
  readonly all: readonly ExporterCount[];
}

export function createExporterCounts(): ExporterCounts {
  const counts = new Map<string, MutableExporterCount>();
  const entry = (exporter: string): MutableExporterCount => {
    const known = counts.get(exporter);
    if (known !== undefined) return known;
    const created = { exporter, messages: 0, octets: 0, dropped: 0 };
    counts.set(exporter, created);
    return created;
  };
  return {
    of: (address) => entry(counts.has(address) || counts.size < maxExporters ? address : 'others'),
    get all() {
      return [...counts.values()];
    },
  };
}
