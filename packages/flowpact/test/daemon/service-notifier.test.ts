import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServiceNotifier } from '../../src/daemon/service-notifier.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(environment: Record<string, string>) {
  const told: string[] = [];
  const health = { isHealthy: true };
  const notifier = createServiceNotifier({
    environment,
    isHealthy: async () => health.isHealthy,
    run: (program, args) => told.push([program, ...args].join(' ')),
  });
  return { told, notifier, health };
}

describe('the service notifier', () => {
  it('says nothing where no service manager asks', () => {
    const { told, notifier } = setUp({ WATCHDOG_USEC: '1000000' });
    notifier.ready();
    notifier.reloading();
    notifier.stopping();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });

  it('tells each step, and gives signs of life while all is well', async () => {
    const { told, notifier, health } = setUp({ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '2000000' });
    notifier.ready();
    await vi.advanceTimersByTimeAsync(2000);
    health.isHealthy = false;
    await vi.advanceTimersByTimeAsync(2000);
    notifier.reloading();
    notifier.ready();
    notifier.stopping();
    await vi.advanceTimersByTimeAsync(10_000);
    const names = told.map((line) => line.replace('systemd-notify ', ''));
    expect(names).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
  });
});
