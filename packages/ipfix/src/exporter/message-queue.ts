import { IpfixError } from '../ipfix-error.ts';
import type { MessageExporter } from './message-exporter.ts';

export interface MessageQueueConfig {
  /** Octets that wait at most; messages beyond are dropped and counted. Default 16 MiB. */
  readonly maxQueuedBytes?: number;
}

export interface MessageQueueDeps {
  readonly exporter: MessageExporter;
  /** Told when the exporter fails; nothing is sent from then on, and all further messages are dropped. */
  onFailure(error: IpfixError): void;
}

/** Counters of a queue; all but `queuedBytes` only grow. */
export interface MessageQueueStats {
  readonly queuedBytes: number;
  readonly sent: number;
  readonly dropped: number;
}

/** Sends messages made without waiting, such as those of a re-exporter, as fast as an exporter takes them. */
export interface MessageQueue {
  /** @returns false where the message was dropped */
  push(message: Uint8Array): boolean;
  /** Resolves when nothing waits any more, at once or after everything was sent or the exporter failed. */
  drained(): Promise<void>;
  readonly stats: MessageQueueStats;
}

export function createMessageQueue(config: MessageQueueConfig, deps: MessageQueueDeps): MessageQueue {
  const { maxQueuedBytes = 16 * 1024 * 1024 } = config;
  const stats = { queuedBytes: 0, sent: 0, dropped: 0 };
  let waiting: Uint8Array[] = [];
  let sending: Promise<void> | undefined;
  let failed = false;

  async function sendAll(): Promise<void> {
    let left = 0;
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        left = batch.length;
        for (const message of batch) {
          const taken = deps.exporter.send(message);
          if (taken !== undefined) await taken;
          stats.queuedBytes -= message.length;
          stats.sent++;
          left--;
        }
      }
    } catch (cause) {
      failed = true;
      // What was not sent by now is lost, the message at hand included.
      stats.dropped += left + waiting.length;
      stats.queuedBytes = 0;
      waiting = [];
      const error =
        cause instanceof IpfixError ? cause : new IpfixError('IPFIX_IO', String(cause), { cause });
      deps.onFailure(error);
    } finally {
      sending = undefined;
    }
  }

  return {
    push(message) {
      if (failed || stats.queuedBytes + message.length > maxQueuedBytes) {
        stats.dropped++;
        return false;
      }
      stats.queuedBytes += message.length;
      waiting.push(message);
      // Begins after the caller is done, so that what it pushes at once goes as one batch.
      sending ??= Promise.resolve().then(sendAll);
      return true;
    },
    async drained() {
      while (sending !== undefined) await sending;
    },
    stats,
  };
}
