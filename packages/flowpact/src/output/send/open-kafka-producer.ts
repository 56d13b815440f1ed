import type { KafkaProducer } from './kafka-sender.ts';
import type { TlsFiles } from './tls-files.ts';

export interface KafkaProducerConfig {
  /** Brokers to ask for the others: `HOST:PORT`. */
  readonly brokers: readonly string[];
  readonly tls?: TlsFiles;
  readonly login?: KafkaLogin;
  /** Attempts after the first, half a second apart. Default 3: a topic that a broker makes on demand needs a moment. */
  readonly retries?: number;
}

export interface KafkaLogin {
  readonly mechanism: KafkaLoginMechanism;
  readonly user: string;
  readonly password: string;
}

export const kafkaLoginMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type KafkaLoginMechanism = (typeof kafkaLoginMechanisms)[number];

/** A client of a Kafka cluster. Its library is loaded only here: most who run Flowpact have no Kafka. */
export async function openKafkaProducer({
  brokers,
  tls,
  login,
  retries = 3,
}: KafkaProducerConfig): Promise<KafkaProducer> {
  const { Producer, ProduceAcks, stringSerializers } = await import('@platformatic/kafka');
  const producer = new Producer({
    clientId: 'flowpact',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    retries,
    retryDelay: 500,
    connectTimeout: 10_000,
    requestTimeout: 30_000,
    ...(tls === undefined ? {} : { tls, tlsServerName: true }),
    ...(login === undefined
      ? {}
      : { sasl: { mechanism: login.mechanism, username: login.user, password: login.password } }),
  });
  return {
    async send(messages) {
      await producer.send({ messages: [...messages], acks: ProduceAcks.ALL, autocreateTopics: true });
    },
    close: () => producer.close(),
  };
}
