import { type Readable, readable } from 'svelte/store';

/** What was asked for last; what came before stays until the next answer is there, so that nothing flickers. */
export interface Polled<T> {
  readonly data?: T;
  readonly error?: string;
}

export interface PollingDeps {
  /** Calls back after this long, unless what it returns is called before. */
  after(ms: number, work: () => void): () => void;
  /** While true nothing is asked. */
  isPaused(): boolean;
}

/**
 * A store that asks again and again while somebody looks at it: the next time so long after the answer to the last, so
 * that a slow server is not asked more often than it can answer.
 */
export function polling<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
  { after, isPaused }: PollingDeps,
): Readable<Polled<T>> {
  return readable<Polled<T>>({}, (_set, update) => {
    const controller = new AbortController();
    let cancel = () => {};
    const next = () => {
      cancel = after(everyMs, round);
    };
    const round = async () => {
      if (isPaused()) {
        next();
        return;
      }
      try {
        const data = await ask(controller.signal);
        if (!controller.signal.aborted) update(() => ({ data }));
      } catch (error) {
        if (!controller.signal.aborted) update((last) => ({ ...last, error: (error as Error).message }));
      }
      if (!controller.signal.aborted) next();
    };
    void round();
    return () => {
      controller.abort();
      cancel();
    };
  });
}
