import { execFile } from 'node:child_process';

/** Tells systemd how the service fares (sd_notify(3)); without effect where no service manager asks. */
export interface ServiceNotifier {
  ready(): void;
  reloading(): void;
  stopping(): void;
}

export interface ServiceNotifierDeps {
  /** `NOTIFY_SOCKET` and `WATCHDOG_USEC` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether all is well, asked before each sign of life. */
  isHealthy(): Promise<boolean>;
  /** Runs a program; what fails is told there. Default: in a process of its own. */
  readonly run?: (program: string, args: readonly string[]) => void;
}

/**
 * Node.js has no unix datagram sockets, so that `systemd-notify`, which every systemd has, speaks for us: the unit needs
 * `NotifyAccess=all`. Signs of life are as far apart as half the time that the watchdog waits, from `ready` on.
 */
export function createServiceNotifier({
  environment,
  isHealthy,
  run = runQuietly,
}: ServiceNotifierDeps): ServiceNotifier {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdogUs } = environment;
  let watchdog: NodeJS.Timeout | undefined;
  const tell = (...args: readonly string[]) => {
    if (socket !== undefined) run('systemd-notify', args);
  };

  async function signOfLife(): Promise<void> {
    if (await isHealthy()) tell('WATCHDOG=1');
  }

  return {
    ready() {
      tell('READY=1');
      const periodMs = Number(watchdogUs) / 2000;
      if (socket === undefined || !(periodMs >= 1)) return;
      watchdog ??= setInterval(() => void signOfLife().catch(() => undefined), periodMs);
      watchdog.unref();
    },
    reloading: () => tell('RELOADING=1'),
    stopping() {
      clearInterval(watchdog);
      watchdog = undefined;
      tell('STOPPING=1');
    },
  };
}

/** A service manager that does not hear us is no reason to stop: it will say what it misses. */
function runQuietly(program: string, args: readonly string[]): void {
  execFile(program, [...args], () => undefined);
}
