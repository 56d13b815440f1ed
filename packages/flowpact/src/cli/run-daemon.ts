import { loadConfig } from '../config/load-config.ts';
import { createDaemon } from '../daemon/daemon.ts';
import { createServiceNotifier } from '../daemon/service-notifier.ts';
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

  const notifier = createServiceNotifier({
    environment: process.env,
    isHealthy: async () => (await daemon.report()) !== undefined,
  });

  let started = () => {};
  let reloading = new Promise<void>((resolve) => {
    started = resolve;
  });
  const reload = () => {
    reloading = reloading.then(async () => {
      notifier.reloading();
      try {
        await daemon.reload(await loadConfig(file));
        log.info({ file }, 'configuration read again');
      } catch (error) {
        log.error(`${(error as Error).message}\nthe old configuration goes on`);
      }
      notifier.ready();
    });
  };

  await interruptible(async (signal) => {
    const interrupted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // Before anybody can know of the start: without a handler the signal would end the process.
    process.on('SIGHUP', reload);
    try {
      await daemon.start();
      notifier.ready();
      started();
      await Promise.race([interrupted, failed]);
      log.info('stopping');
      notifier.stopping();
      await reloading;
    } finally {
      process.off('SIGHUP', reload);
      await daemon.stop();
    }
    log.info('stopped');
  });
}
