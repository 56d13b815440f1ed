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

export interface Polling<T> extends Readable<Polled<T>> {
  /** Asks now, where somebody looks at it. */
  again(): void;
}

/**
 * A store that asks again and again while somebody looks at it: the next time so long after the answer to the last, so
 * that a slow server is not asked more often than it can answer.
 */
export function polling<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
  { after, isPaused }: PollingDeps,
): Polling<T> {
  let again = () => {};
  const store = readable<Polled<T>>({}, (_set, update) => {
    const controller = new AbortController();
    let cancel = () => {};
    let isAsking = false;
    /** What is being answered may be older than what is wanted. */
    let isWanted = false;
    const next = () => {
      cancel = after(everyMs, round);
    };
    const round = async () => {
      if (isPaused()) {
        next();
        return;
      }
      isAsking = true;
      isWanted = false;
      try {
        const data = await ask(controller.signal);
        if (!controller.signal.aborted) update(() => ({ data }));
      } catch (error) {
        if (!controller.signal.aborted) update((last) => ({ ...last, error: (error as Error).message }));
      }
      isAsking = false;
      if (controller.signal.aborted) return;
      if (isWanted) void round();
      else next();
    };
    again = () => {
      isWanted = true;
      if (isAsking) return;
      cancel();
      void round();
    };
    void round();
    return () => {
      again = () => {};
      controller.abort();
      cancel();
    };
  });
  return { subscribe: store.subscribe, again: () => again() };
}
