import type { Sender, Sent } from './sender.ts';
import { splitRefused } from './split-refused.ts';

/** What of a Kafka client is wanted. */
export interface KafkaProducer {
  /** Resolves when all replicas in sync have the messages. */
  send(messages: readonly { readonly topic: string; readonly value: string }[]): Promise<void>;
  close(): Promise<void>;
}

export interface KafkaSenderConfig {
  readonly topic: string;
  /** Messages at a time. Default 1,000. */
  readonly maxEntries?: number;
  /** Octets of them. Default 512 KiB: brokers take 1 MiB unless they are told otherwise (`message.max.bytes`). */
  readonly maxRequestBytes?: number;
}

export interface KafkaSenderDeps {
  /** A client that has not connected yet. */
  open(): Promise<KafkaProducer>;
}

/**
 * Entries as messages of a topic, without a key: the client spreads them over the topic's partitions, within which they
 * keep their order. What is too large for the broker, or refused by it as invalid, is rejected; after anything else all
 * is sent again, by a new client, so that a message may come twice.
 */
export function createKafkaSender(
  { topic, maxEntries = 1000, maxRequestBytes = 512 * 1024 }: KafkaSenderConfig,
  { open }: KafkaSenderDeps,
): Sender {
  let producer: KafkaProducer | undefined;

  async function close(): Promise<void> {
    const closing = producer;
    producer = undefined;
    await closing?.close();
  }

  async function post(entries: readonly string[]): Promise<Sent | string> {
    producer ??= await open();
    try {
      await producer.send(entries.map((value) => ({ topic, value })));
      return { rejected: [], unsent: [] };
    } catch (error) {
      const refusal = brokerRefusal(error);
      if (refusal !== undefined) return refusal;
      await close().catch(() => undefined);
      throw new Error(reasonsOf(error).join(': '), { cause: error });
    }
  }

  return {
    batch: { maxEntries, maxBytes: maxRequestBytes },
    async send(entries, signal) {
      const giveUp = () => void close().catch(() => undefined);
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        return await splitRefused(entries, post);
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
    },
    close,
  };
}

/** Kafka's codes of errors that are about what was sent: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD. */
const refusedForGood: ReadonlySet<unknown> = new Set([10, 18, 87]);

/** The client's errors have those of the broker inside, some levels deep. */
interface KafkaFailure {
  readonly message?: unknown;
  readonly apiId?: unknown;
  readonly apiCode?: unknown;
  readonly errors?: readonly KafkaFailure[];
}

function innermost(error: KafkaFailure): KafkaFailure[] {
  const { errors = [] } = error;
  return errors.length === 0 ? [error] : errors.flatMap(innermost);
}

function brokerRefusal(error: unknown): string | undefined {
  const causes = innermost(error as KafkaFailure);
  if (!causes.every(({ apiCode }) => refusedForGood.has(apiCode))) return undefined;
  return causes.map(({ apiId, message }) => `${apiId}: ${message}`)[0];
}

/** What failed, and why, without repeating itself. */
function reasonsOf(error: unknown): string[] {
  const causes = innermost(error as KafkaFailure).map(({ message }) => String(message));
  return [...new Set([String((error as Error).message), ...causes])];
}
