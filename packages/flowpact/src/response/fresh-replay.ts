import type { FlowReplay } from '@flowpact/response';

export interface FreshReplayDeps {
  /** Makes what has gathered readable. */
  flush(): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Between two flushes, milliseconds: each makes a file. */
const pauseMs = 5_000;

/**
 * Flows of an attack that has just been found are still being gathered for the archive: what is not written yet is written
 * before it is read, though not for every event of a storm of them.
 */
export function createFreshReplay(replay: FlowReplay, { flush, now }: FreshReplayDeps): FlowReplay {
  let flushed: Promise<void> | undefined;
  let flushedMs = Number.NEGATIVE_INFINITY;

  function flushOnce(): Promise<void> {
    if (flushed === undefined || now() - flushedMs >= pauseMs) {
      flushedMs = now();
      // Where it fails, what is there already is read.
      flushed = flush().catch(() => undefined);
    }
    return flushed;
  }

  return {
    async *replay(query) {
      await flushOnce();
      yield* replay.replay(query);
    },
  };
}
