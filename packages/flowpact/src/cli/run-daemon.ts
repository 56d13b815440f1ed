import { loadConfig } from '../config/load-config.ts';
import { createDaemon } from '../daemon/daemon.ts';
import { createLogger } from '../log/logger.ts';
import { interruptible } from './interrupt.ts';

/** Runs a daemon until a signal or a failure ends it. */
export async function runDaemon(file: string): Promise<void> {
  const loaded = await loadConfig(file);
  const log = createLogger(loaded.config.log, { out: process.stderr });
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // It is waited for only after the start; a failure before that is told then.
  failed.catch(() => undefined);
  const daemon = createDaemon(loaded, { log, onFatal: fail });

  let reloading = Promise.resolve();
  const reload = () => {
    reloading = reloading.then(async () => {
      try {
        await daemon.reload(await loadConfig(file));
        log.info({ file }, 'configuration read again');
      } catch (error) {
        log.error(`${(error as Error).message}\nthe old configuration goes on`);
      }
    });
  };

  await interruptible(async (signal) => {
    const interrupted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await daemon.start();
    process.on('SIGHUP', reload);
    try {
      await Promise.race([interrupted, failed]);
      log.info('stopping');
      await reloading;
    } finally {
      process.off('SIGHUP', reload);
      await daemon.stop();
    }
    log.info('stopped');
  });
}
