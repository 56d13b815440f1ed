import type { BatchLimit, Spool, SpooledBatch } from './spool.ts';

export interface MemorySpoolConfig {
  /** Octets of entries that may wait. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** A spool for a command that runs once: what waits is gone with the process. */
export function createMemorySpool({ maxBytes = 64 << 20 }: MemorySpoolConfig = {}): Spool {
  const waiting: { readonly text: string; readonly bytes: number }[] = [];
  let bytes = 0;
  let dropped = 0;
  let held = 0;

  /** Which entries a batch is of, as long as they are here. */
  const places = new WeakMap<SpooledBatch, (typeof waiting)[number]>();

  function makeRoom(wanted: number): boolean {
    if (wanted > maxBytes) return false;
    while (bytes + wanted > maxBytes && waiting.length > held) {
      const [oldest] = waiting.splice(held, 1);
      bytes -= oldest.bytes;
      dropped++;
    }
    return bytes + wanted <= maxBytes;
  }

  return {
    open: async () => undefined,
    async append(entries) {
      for (const text of entries) {
        const size = Buffer.byteLength(text);
        if (!makeRoom(size)) {
          dropped++;
          continue;
        }
        waiting.push({ text, bytes: size });
        bytes += size;
      }
    },
    async take({ maxEntries, maxBytes: most }: BatchLimit) {
      if (waiting.length === 0) return undefined;
      let size = 0;
      held = 0;
      while (held < Math.min(maxEntries, waiting.length)) {
        size += waiting[held].bytes;
        if (held > 0 && size > most) break;
        held++;
      }
      const batch = { entries: waiting.slice(0, held).map(({ text }) => text) };
      places.set(batch, waiting[0]);
      return batch;
    },
    release() {
      held = 0;
    },
    hold(batch) {
      const isHere = waiting.length > 0 && places.get(batch) === waiting[0];
      if (isHere) held = batch.entries.length;
      return isHere;
    },
    async remove({ entries }) {
      for (const gone of waiting.splice(0, entries.length)) bytes -= gone.bytes;
      held = 0;
    },
    get stats() {
      return { waiting: waiting.length, bytes, dropped };
    },
    close: async () => undefined,
  };
}
