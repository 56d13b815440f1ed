import type { Clock } from '@flowpact/ipfix';
import type { LineSink } from './line-sink.ts';

/** How long a receiver over the network may take for the last lines, milliseconds. */
const graceMs = 2000;

/** Closes a sink whose receiver may have left or stopped reading: what it does not take in time is lost with it. */
export async function closeInTime(sink: LineSink, clock: Clock): Promise<void> {
  const enough = new AbortController();
  const closed = sink.close().catch(() => undefined);
  await Promise.race([closed, clock.sleep(graceMs, enough.signal).catch(() => undefined)]);
  enough.abort();
}
