import { exportTraffic } from '../generate/export-traffic.ts';
import type { ScenarioName } from '../generate/scenarios/scenarios.ts';
import { generateTraffic } from '../generate/traffic.ts';

/** In turns, beside the multi-stage attacks. */
const others: readonly ScenarioName[] = ['horizontal-scan', 'http-brute-force', 'vertical-scan'];

const attackEveryMs = 3 * 60_000;
/** So long that a round seldom ends, so short that its attacks are made in no time. */
const roundMs = 4 * 3_600_000;
const messagesAtOnce = 64;

/** More traffic, with other attackers every few minutes, for as long as it is taken: messages in the order of their export. */
export async function* moreTraffic(
  { seed, startMs }: { readonly seed: number; readonly startMs: number },
  signal: AbortSignal,
): AsyncGenerator<readonly Uint8Array[]> {
  for (let round = 0; !signal.aborted; round++) {
    const roundStartMs = startMs + round * roundMs;
    const { flows } = generateTraffic({
      seed: seed + round + 1,
      startMs: roundStartMs,
      durationMs: roundMs,
      attacks: Array.from({ length: roundMs / attackEveryMs - 2 }, (_, i) => ({
        scenario: i % 2 === 0 ? 'multi-stage-http' : others[((i - 1) / 2) % others.length],
        startMs: roundStartMs + (i + 1) * attackEveryMs,
      })),
    });
    let batch: Uint8Array[] = [];
    for (const message of exportTraffic(flows)) {
      batch.push(message);
      if (batch.length < messagesAtOnce) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
}
