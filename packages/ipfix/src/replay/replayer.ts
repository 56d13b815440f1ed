import type { Clock } from '../clock/clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import { type ExportSecond, exportSecondsOf } from './export-seconds.ts';
import { createHeaderRewrite, type HeaderRewriteConfig } from './header-rewrite.ts';
import { createBytePacing, createGroupPacing, createMessagePacing, type Pacing } from './pacing.ts';
import { createTimeRewrite } from './time-rewrite.ts';

/** The options of `ipfixsend`; without a speed, messages go as fast as they are taken. */
export interface ReplayerConfig extends HeaderRewriteConfig {
  /** How often everything is sent; default: endless, until the signal comes or a pass has no messages. */
  readonly passes?: number;
  /**
   * Follows the export times of the headers, so many times as fast (`-R`): the messages of one second are
   * spread evenly over it. Up to 65,536 messages of a second are held to count them.
   */
  readonly realTime?: number;
  /** Octets a second (`-s`). */
  readonly bytesPerSecond?: number;
  /** Messages a second (`-S`); has no effect beside `realTime`. */
  readonly packetsPerSecond?: number;
  /** Reads the messages once and keeps all of them in memory for further passes (`-c`). */
  readonly preload?: boolean;
}

export interface ReplayerDeps {
  /** Begins to read the messages anew, once a pass; {@link readMessages} gives such batches. */
  messages(): AsyncIterable<readonly Uint8Array[]>;
  /** Takes a message; its promise holds back the next one. */
  send(message: Uint8Array): Promise<void> | void;
  readonly clock: Clock;
  /** Called after each message. */
  onProgress?(progress: ReplayStats): void;
}

export interface ReplayStats {
  /** Passes begun. */
  readonly passes: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface Replayer {
  /** Sends all passes. Resolves early when the signal is aborted; rejects with what `messages` or `send` throw. */
  run(signal?: AbortSignal): Promise<ReplayStats>;
}

/** Messages sent without a pause before other work gets its turn. */
const burst = 64;

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a speed or a number of passes that is not positive */
export function createReplayer(config: ReplayerConfig, deps: ReplayerDeps): Replayer {
  const { passes = Number.POSITIVE_INFINITY, realTime, bytesPerSecond, packetsPerSecond, preload } = config;
  const { clock } = deps;
  for (const [name, value] of Object.entries({ passes, realTime, bytesPerSecond, packetsPerSecond })) {
    if (value === undefined || value > 0) continue;
    throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is ${value}: give a number above 0`);
  }

  return {
    async run(signal) {
      const stats = { passes: 0, messages: 0, bytes: 0 };
      const headers = createHeaderRewrite(config);
      const times = config.now ? createTimeRewrite() : undefined;
      const bytePacing = bytesPerSecond === undefined ? undefined : createBytePacing(bytesPerSecond, clock);
      const messagePacing =
        packetsPerSecond === undefined ? undefined : createMessagePacing(packetsPerSecond, clock);

      async function sendAll(messages: readonly Uint8Array[], pacing: Pacing | undefined): Promise<void> {
        for (const message of messages) {
          if (signal?.aborted) return;
          await deps.send(headers.rewrite(times?.moveTo(message, clock.now()) ?? message));
          stats.messages++;
          stats.bytes += message.length;
          deps.onProgress?.(stats);
          if (stats.messages % burst === 0) await new Promise((resolve) => setImmediate(resolve));
          await bytePacing?.(message.length, signal);
          await pacing?.(message.length, signal);
        }
      }

      async function sendInRealTime(
        batches: AsyncIterable<readonly Uint8Array[]>,
        speed: number,
      ): Promise<void> {
        let previous: ExportSecond | undefined;
        for await (const second of exportSecondsOf(batches)) {
          if (signal?.aborted) return;
          const gap = previous === undefined ? 0 : second.exportTime - previous.exportTime;
          if (gap > 1) await clock.sleep(((gap - 1) * 1000) / speed, signal);
          await sendAll(second.messages, createGroupPacing(second.messages.length, 1000 / speed, clock));
          previous = second;
        }
      }

      async function sendPass(batches: AsyncIterable<readonly Uint8Array[]>): Promise<void> {
        if (realTime !== undefined) return sendInRealTime(batches, realTime);
        for await (const batch of batches) {
          if (signal?.aborted) return;
          await sendAll(batch, messagePacing);
        }
      }

      const source = preload ? await preloaded(deps.messages()) : deps.messages;
      try {
        while (stats.passes < passes && !signal?.aborted) {
          const before = stats.messages;
          stats.passes++;
          await sendPass(source());
          if (stats.messages === before) break;
          headers.nextPass();
        }
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
      return { ...stats };
    },
  };
}

/** Keeps the batches for as many passes as are asked for. */
async function preloaded(
  source: AsyncIterable<readonly Uint8Array[]>,
): Promise<() => AsyncIterable<readonly Uint8Array[]>> {
  const batches: (readonly Uint8Array[])[] = [];
  for await (const batch of source) batches.push(batch);
  return async function* () {
    yield* batches;
  };
}
