/**
 * Runs work that Ctrl-C (or SIGTERM) ends cleanly: the first signal aborts, so that the work finishes what it has
 * begun; a second one ends the process at once. Resolves to whether the work was interrupted.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await work(controller.signal);
    return controller.signal.aborted;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** 128 + SIGINT, as shells count. */
export const interruptedExitCode = 130;
