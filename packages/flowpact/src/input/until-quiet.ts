/** Rounds of the event loop after which a source that never falls quiet is left. */
const maxRounds = 500;

/**
 * Resolves when nothing more comes in by itself: what the system had received before a Ctrl-C is then read. `received`
 * counts what came so far.
 */
export async function untilQuiet(received: () => number): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const before = received();
    // The loop looks at its sockets once between two immediates.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    if (received() === before) return;
  }
}
