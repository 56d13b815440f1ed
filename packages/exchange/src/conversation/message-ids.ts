import type { Clock } from '../clock.ts';

/**
 * Ids that stay unique across restarts, even with a journal that forgets: milliseconds since 1970, or one more than
 * the last where that is higher. Only a clock set back while the journal is lost could repeat one, and more than a
 * thousand messages a second only run ahead of the clock.
 * @param highest The highest id used so far, where it is known.
 */
export function createMessageIds(clock: Clock, highest: bigint | undefined): () => string {
  let last = highest ?? 0n;
  return () => {
    const now = BigInt(Math.trunc(clock.now()));
    last = now > last ? now : last + 1n;
    return last.toString();
  };
}
