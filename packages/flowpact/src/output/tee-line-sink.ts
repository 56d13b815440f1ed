import type { LineSink } from './line-sink.ts';

/** Gives every line to several sinks; open as long as one of them is, as slow as the slowest. */
export function createTeeLineSink(sinks: readonly LineSink[]): LineSink {
  if (sinks.length === 1) return sinks[0];
  return {
    get open() {
      return sinks.some(({ open }) => open);
    },
    get full() {
      return sinks.some(({ full }) => full);
    },
    get dropped() {
      return sinks.reduce((sum, { dropped }) => sum + dropped, 0);
    },
    write(line) {
      for (const sink of sinks) if (sink.open) sink.write(line);
    },
    async ready() {
      await Promise.all(sinks.map((sink) => sink.ready()));
    },
    async close() {
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}
