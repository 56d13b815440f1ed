import type { LineSink } from './line-sink.ts';

/** Lets lines fall, and counts them, where another sink would have to be waited for. */
export function createDroppingLineSink(sink: LineSink): LineSink {
  let dropped = 0;
  return {
    get dropped() {
      return dropped + sink.dropped;
    },
    get open() {
      return sink.open;
    },
    full: false,
    write(line) {
      if (sink.full) dropped++;
      else sink.write(line);
    },
    ready: () => Promise.resolve(),
    close: () => sink.close(),
  };
}
