import type { Clock } from '../clock/clock.ts';

/** Slows a sender down: called after each message, it waits until the next one may go. */
export type Pacing = (messageBytes: number, signal: AbortSignal | undefined) => Promise<void> | undefined;

function sleepUntil(clock: Clock, timeMs: number, signal: AbortSignal | undefined) {
  const leftMs = timeMs - clock.now();
  return leftMs > 0 ? clock.sleep(leftMs, signal) : undefined;
}

/** Milliseconds by which timers may be late at the end of a second without the next one beginning late, too. */
const forgivenMs = 50;

/**
 * Messages at even distances: the k-th is due k/n seconds after the first. After n of them the count starts
 * again, so that time lost is not made up for by a burst longer than a second's worth: from the clock, or, where
 * that is only as late as timers are, from when the last one was due, so that high rates are met exactly.
 */
export function createMessagePacing(messagesPerSecond: number, clock: Clock): Pacing {
  let startMs: number | undefined;
  let sent = 0;
  return (_messageBytes, signal) => {
    startMs ??= clock.now();
    sent++;
    const dueMs = startMs + (sent * 1000) / messagesPerSecond;
    if (sent >= messagesPerSecond) {
      sent = 0;
      startMs = clock.now() - dueMs > forgivenMs ? clock.now() : dueMs;
    }
    return sleepUntil(clock, dueMs, signal);
  };
}

/**
 * Messages without a pause until the octets of one second have gone, then nothing until that second is over;
 * the message that reaches the limit still goes.
 */
export function createBytePacing(bytesPerSecond: number, clock: Clock): Pacing {
  let startMs: number | undefined;
  let sent = 0;
  return (messageBytes, signal) => {
    startMs ??= clock.now();
    sent += messageBytes;
    if (sent < bytesPerSecond) return undefined;
    const dueMs = startMs + 1000;
    sent = 0;
    startMs = Math.max(clock.now(), dueMs);
    return sleepUntil(clock, dueMs, signal);
  };
}

/** The messages of a group of `count`, spread evenly over `groupMs` milliseconds from now. */
export function createGroupPacing(count: number, groupMs: number, clock: Clock): Pacing {
  const startMs = clock.now();
  let sent = 0;
  return (_messageBytes, signal) => {
    sent++;
    return sleepUntil(clock, startMs + (sent * groupMs) / count, signal);
  };
}
