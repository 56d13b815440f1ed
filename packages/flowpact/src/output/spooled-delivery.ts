import type { Clock } from '@flowpact/ipfix';
import type { Delivery, DeliveryReport } from './delivery.ts';
import { backOffMs } from './send/back-off.ts';
import type { DeadLetters } from './send/dead-letters.ts';
import type { Sender, Sent } from './send/sender.ts';
import type { Spool } from './spool/spool.ts';

export interface SpooledDeliveryConfig {
  /** What the receiver is called in messages. */
  readonly name: string;
  /** Octets of entries on their way into the spool; what comes on top is dropped and counted. Default 16 MiB. */
  readonly maxPendingBytes?: number;
  /** Between the first failure and the next attempt, milliseconds; then twice as long each time. Default 500. */
  readonly retryMs?: number;
  /** The longest time between two attempts, milliseconds. Default 60,000. */
  readonly maxRetryMs?: number;
  /** The longest that a receiver may ask to be left alone, milliseconds. Default 600,000. */
  readonly maxRetryAfterMs?: number;
}

export interface SpooledDeliveryDeps {
  readonly spool: Spool;
  readonly sender: Sender;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** 0 to less than 1. */
  random(): number;
  /** Told when the receiver cannot be reached and when it can again. */
  onChange(message: string): void;
}

/**
 * Brings entries to one receiver through a spool, in their order and at least once. What the receiver does not take is
 * tried again, later each time, until it does or the spool has no room for it any more.
 */
export function createSpooledDelivery(config: SpooledDeliveryConfig, deps: SpooledDeliveryDeps): Delivery {
  const { name, maxPendingBytes = 16 << 20, retryMs, maxRetryMs, maxRetryAfterMs = 600_000 } = config;
  const { spool, sender, deadLetters, clock, random, onChange } = deps;
  const ended = new AbortController();
  let pending: string[] = [];
  /** Entries that are being written to the spool, which has not counted them yet. */
  let spoolingEntries = 0;
  /** Octets of both. */
  let pendingBytes = 0;
  let spooling: Promise<void> | undefined;
  let delivering: Promise<void> | undefined;
  let written = 0;
  let dropped = 0;
  let rejected = 0;
  let failed = 0;
  let failuresInRow = 0;
  let reason: string | undefined;
  /** Who waits for something to change. */
  const waiting = new Set<() => void>();

  const changed = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const change = () =>
    new Promise<void>((resolve) => {
      waiting.add(resolve);
    });
  const unspooled = () => spoolingEntries + pending.length;
  const spooled = () => spool.stats.waiting + unspooled();

  async function spoolPending(): Promise<void> {
    while (pending.length > 0) {
      const entries = pending;
      pending = [];
      spoolingEntries = entries.length;
      const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
      await spool.append(entries);
      spoolingEntries = 0;
      pendingBytes -= bytes;
      changed();
    }
    spooling = undefined;
  }

  async function attempt(entries: readonly string[]): Promise<Sent> {
    try {
      return await sender.send(entries, ended.signal);
    } catch (error) {
      return { rejected: [], unsent: entries, reason: (error as Error).message };
    }
  }

  function succeed(): void {
    if (reason !== undefined) onChange(`${name} takes entries again; ${spooled()} wait`);
    reason = undefined;
    failuresInRow = 0;
  }

  async function fail(why: string, retryAfterMs = 0): Promise<void> {
    if (ended.signal.aborted) return;
    failed++;
    failuresInRow++;
    if (reason === undefined) onChange(`${name}: ${why}; what comes is spooled until it is back`);
    reason = why;
    changed();
    const patience = {
      ...(retryMs === undefined ? {} : { firstMs: retryMs }),
      ...(maxRetryMs === undefined ? {} : { mostMs: maxRetryMs }),
    };
    const ms = Math.max(
      backOffMs(failuresInRow, random(), patience),
      Math.min(retryAfterMs, maxRetryAfterMs),
    );
    await clock.sleep(ms, ended.signal).catch(() => undefined);
  }

  /** Delivers the oldest batch, however many attempts it takes. @returns whether there was one. */
  async function deliverOne(): Promise<boolean> {
    const batch = await spool.take(sender.batch);
    if (batch === undefined) return false;
    let entries = batch.entries;
    do {
      const sent = await attempt(entries);
      if (sent.rejected.length > 0) {
        rejected += sent.rejected.length;
        await deadLetters.add(sent.rejected);
      }
      const arrived = entries.length - sent.unsent.length - sent.rejected.length;
      written += arrived;
      entries = sent.unsent;
      if (arrived > 0) failuresInRow = 0;
      if (entries.length === 0) {
        await spool.remove(batch);
        succeed();
        return true;
      }
      spool.release(batch);
      await fail(sent.reason ?? 'not all was taken', sent.retryAfterMs);
    } while (!ended.signal.aborted && spool.hold(batch));
    return true;
  }

  async function deliver(): Promise<void> {
    while (!ended.signal.aborted) {
      const more = change();
      try {
        if (await deliverOne()) changed();
        else await more;
      } catch (error) {
        await fail(`the spool cannot be read: ${(error as Error).message}`);
      }
    }
  }

  return {
    async start() {
      await spool.open();
      delivering = deliver();
    },
    write(entries) {
      for (const entry of entries) {
        const bytes = Buffer.byteLength(entry);
        if (pendingBytes + bytes > maxPendingBytes) {
          dropped++;
          continue;
        }
        pending.push(entry);
        pendingBytes += bytes;
      }
      spooling ??= spoolPending();
    },
    async ready(maxSpooled) {
      while (!ended.signal.aborted && (unspooled() > 0 || spooled() >= maxSpooled)) await change();
    },
    get report(): DeliveryReport {
      return {
        state: reason === undefined ? 'up' : 'down',
        written,
        spooled: spooled(),
        dropped: dropped + spool.stats.dropped,
        rejected,
        failed,
        ...(reason === undefined ? {} : { reason }),
      };
    },
    async stop(drainMs) {
      await spooling;
      const enough = new AbortController();
      const late = clock.sleep(drainMs, enough.signal).then(
        () => ended.abort(),
        () => undefined,
      );
      while (delivering !== undefined && reason === undefined && spooled() > 0 && !ended.signal.aborted) {
        await Promise.race([change(), late]);
      }
      enough.abort();
      ended.abort();
      changed();
      await delivering;
      await sender.close();
      await spool.close();
    },
  };
}
