import type { ExportDatagram } from '../capture/capture-reader.ts';
import type { Clock } from '../clock/clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import { readUint16, writeUint32 } from '../message/network-byte-order.ts';
import type { ReplayStats } from './replayer.ts';
import { createTimeRewrite, type TimeRewrite } from './time-rewrite.ts';

export interface CaptureReplayerConfig {
  /** How often everything is sent; default: endless, until the signal comes or a pass has no datagrams. */
  readonly passes?: number;
  /** Times as fast as the capture; default 1. `Infinity` sends as fast as datagrams are taken. */
  readonly speed?: number;
  /** Lets each message seem to leave its exporter when it is sent, and moves the times of its records as far. */
  readonly now?: boolean;
  /** Replaces the observation domain id of IPFIX and the source id of NetFlow v9; v5 and older have none. */
  readonly observationDomainId?: number;
}

export interface CaptureReplayerDeps {
  /** Begins to read the capture anew, once a pass; a capture reader gives such batches. */
  datagrams(): AsyncIterable<readonly ExportDatagram[]>;
  /** Takes a message and the datagram it was; its promise holds back the next one. */
  send(message: Uint8Array, datagram: ExportDatagram): Promise<void> | void;
  readonly clock: Clock;
  /** Called after each message. */
  onProgress?(progress: ReplayStats): void;
}

export interface CaptureReplayer {
  /** Sends all passes. Resolves early when the signal is aborted; rejects with what `datagrams` or `send` throw. */
  run(signal?: AbortSignal): Promise<ReplayStats>;
}

/** Messages sent without a pause before other work gets its turn. */
const burst = 64;

/** Exporters whose templates are followed to move times; messages of further ones keep their records' times. */
const mostExporters = 1024;

/** Where the id stands in the headers of the versions that have one. */
const domainOffsets: Readonly<Record<number, number>> = { 9: 16, 10: 12 };

/**
 * Sends the export traffic of a capture again, with the pauses that it had.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a speed or a number of passes that is not positive
 */
export function createCaptureReplayer(
  config: CaptureReplayerConfig,
  deps: CaptureReplayerDeps,
): CaptureReplayer {
  const { passes = Number.POSITIVE_INFINITY, speed = 1, now = false, observationDomainId } = config;
  const { clock } = deps;
  for (const [name, value] of Object.entries({ passes, speed })) {
    if (value > 0) continue;
    throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is ${value}: give a number above 0`);
  }
  const rewrites = new Map<string, TimeRewrite>();

  function timeRewriteOf({ source }: ExportDatagram): TimeRewrite | undefined {
    const exporter = `${source.address} ${source.port}`;
    const known = rewrites.get(exporter);
    if (known !== undefined || rewrites.size >= mostExporters) return known;
    const rewrite = createTimeRewrite();
    rewrites.set(exporter, rewrite);
    return rewrite;
  }

  function rewrite(datagram: ExportDatagram): Uint8Array {
    const { payload } = datagram;
    const moved = now ? (timeRewriteOf(datagram)?.moveTo(payload, clock.now()) ?? payload) : payload;
    const at = moved.length < 2 ? undefined : domainOffsets[readUint16(moved, 0)];
    if (observationDomainId === undefined || at === undefined || moved.length < at + 4) return moved;
    const copy = moved === payload ? payload.slice() : moved;
    writeUint32(copy, at, observationDomainId);
    return copy;
  }

  return {
    async run(signal) {
      const stats = { passes: 0, messages: 0, bytes: 0 };

      async function sendPass(): Promise<void> {
        let first: { readonly capturedMs: number; readonly sentMs: number } | undefined;
        for await (const batch of deps.datagrams()) {
          for (const datagram of batch) {
            first ??= { capturedMs: datagram.timeMs, sentMs: clock.now() };
            const dueMs = first.sentMs + (datagram.timeMs - first.capturedMs) / speed;
            const leftMs = dueMs - clock.now();
            if (leftMs > 0) await clock.sleep(leftMs, signal);
            if (signal?.aborted) return;
            const message = rewrite(datagram);
            await deps.send(message, datagram);
            stats.messages++;
            stats.bytes += message.length;
            deps.onProgress?.(stats);
            if (stats.messages % burst === 0) await new Promise((resolve) => setImmediate(resolve));
          }
        }
      }

      try {
        while (stats.passes < passes && !signal?.aborted) {
          const before = stats.messages;
          stats.passes++;
          await sendPass();
          if (stats.messages === before) break;
        }
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
      return { ...stats };
    },
  };
}
