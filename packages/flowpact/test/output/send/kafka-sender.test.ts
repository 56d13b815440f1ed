import { describe, expect, it } from 'vitest';
import { createKafkaSender, type KafkaProducer } from '../../../src/output/send/kafka-sender.ts';
import { openKafkaProducer } from '../../../src/output/send/open-kafka-producer.ts';

/** As @platformatic/kafka tells it: the broker's error, two levels deep. */
function brokerError(apiCode: number, apiId: string): Error {
  const inner = Object.assign(new Error('of the broker'), { apiCode, apiId });
  const response = Object.assign(new AggregateError([inner], 'Received response with error'), {});
  return new AggregateError([response], 'Producing messages failed.');
}

/** A client of which each `send` may fail. */
function fakeProducers(failure: (values: readonly string[]) => Error | undefined) {
  const arrived: string[] = [];
  let opened = 0;
  let closed = 0;
  const open = async (): Promise<KafkaProducer> => {
    opened++;
    return {
      async send(messages) {
        const values = messages.map(({ topic, value }) => {
          expect(topic).toBe('events');
          return value;
        });
        const error = failure(values);
        if (error !== undefined) throw error;
        arrived.push(...values);
      },
      async close() {
        closed++;
      },
    };
  };
  return { open, arrived, counts: () => ({ opened, closed }) };
}

const { signal } = new AbortController();

describe('the Kafka sender', () => {
  it('sends entries in order, over one client', async () => {
    const kafka = fakeProducers(() => undefined);
    const sender = createKafkaSender({ topic: 'events' }, kafka);
    expect(await sender.send(['1', '2'], signal)).toEqual({ rejected: [], unsent: [] });
    await sender.send(['3'], signal);
    await sender.close();
    expect(kafka.arrived).toEqual(['1', '2', '3']);
    expect(kafka.counts()).toEqual({ opened: 1, closed: 1 });
  });

  it('rejects what the broker will never take, and sends the rest', async () => {
    const kafka = fakeProducers((values) =>
      values.includes('large') ? brokerError(10, 'MESSAGE_TOO_LARGE') : undefined,
    );
    const sender = createKafkaSender({ topic: 'events' }, kafka);
    const sent = await sender.send(['1', '2', 'large', '3'], signal);
    expect(sent).toEqual({
      rejected: [{ entry: 'large', reason: 'MESSAGE_TOO_LARGE: of the broker' }],
      unsent: [],
    });
    expect(kafka.arrived).toEqual(['1', '2', '3']);
  });

  it('gives up the client after anything else, and says why', async () => {
    let isDown = true;
    const kafka = fakeProducers(() =>
      isDown
        ? new AggregateError([new Error('Connection to 192.0.2.1:9092 failed.')], 'Cannot connect.')
        : undefined,
    );
    const sender = createKafkaSender({ topic: 'events' }, kafka);
    await expect(sender.send(['1'], signal)).rejects.toThrow(
      'Cannot connect.: Connection to 192.0.2.1:9092 failed.',
    );
    isDown = false;
    await sender.send(['1'], signal);
    expect(kafka.arrived).toEqual(['1']);
    expect(kafka.counts()).toEqual({ opened: 2, closed: 1 });
  });
});

describe('the Kafka client', () => {
  it('says that no broker answers', async () => {
    const open = () => openKafkaProducer({ brokers: ['127.0.0.1:1'], retries: 0 });
    const sender = createKafkaSender({ topic: 'events' }, { open });
    await expect(sender.send(['{}'], signal)).rejects.toThrow('Connection to 127.0.0.1:1 failed.');
    await sender.close();
  });

  // Kafka is not in Debian. A broker of Maven Central: see docs/reference/outputs.md.
  const broker = process.env.FLOWPACT_KAFKA_BROKER;
  it.skipIf(broker === undefined)(
    `delivers to a broker${broker === undefined ? ' (skipped: FLOWPACT_KAFKA_BROKER=HOST:PORT names one)' : ''}`,
    async () => {
      const { Consumer, stringDeserializers } = await import('@platformatic/kafka');
      const topic = `flowpact-test-${process.pid}`;
      const sender = createKafkaSender(
        { topic },
        { open: () => openKafkaProducer({ brokers: [String(broker)] }) },
      );
      const entries = Array.from({ length: 500 }, (_, i) => JSON.stringify({ i }));
      expect(await sender.send(entries, signal)).toEqual({ rejected: [], unsent: [] });
      const large = 'x'.repeat(20 << 20);
      const { rejected } = await sender.send([large, '{"i":500}'], signal);
      expect(rejected.map(({ reason }) => reason.split(':')[0])).toEqual(['MESSAGE_TOO_LARGE']);
      await sender.close();

      const consumer = new Consumer({
        groupId: topic,
        clientId: 'flowpact-test',
        bootstrapBrokers: [String(broker)],
        deserializers: stringDeserializers,
      });
      const values: string[] = [];
      const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
      for await (const { value } of stream) {
        values.push(value);
        if (values.length === 501) break;
      }
      await consumer.close(true);
      const inOrder = (a: string, b: string) => JSON.parse(a).i - JSON.parse(b).i;
      expect(values.sort(inOrder)).toEqual([...entries, '{"i":500}']);
    },
  );
});
