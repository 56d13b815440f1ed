import { describe, expect, it } from 'vitest';
import {
  createMessageQueue,
  type IpfixError,
  type MessageExporter,
  type MessageQueueConfig,
} from '../../src/index.ts';

function setUp(send: MessageExporter['send'], config: MessageQueueConfig = {}) {
  const failures: IpfixError[] = [];
  const exporter = { start: async () => undefined, stop: async () => undefined, send };
  const queue = createMessageQueue(config, { exporter, onFailure: (error) => failures.push(error) });
  return { queue, failures };
}

const message = (value: number) => Uint8Array.of(value, 0, 0, 0);

describe('createMessageQueue', () => {
  it('sends everything in order, as slowly as it is taken', async () => {
    const sent: number[] = [];
    const { queue } = setUp(async ([value]) => {
      await new Promise((resolve) => setImmediate(resolve));
      sent.push(value);
    });
    for (let i = 0; i < 5; i++) expect(queue.push(message(i))).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 5; i < 10; i++) queue.push(message(i));
    await queue.drained();
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(queue.stats).toEqual({ queuedBytes: 0, sent: 10, dropped: 0 });
  });

  it('drops and counts what is more than it may hold', async () => {
    const { queue } = setUp(() => undefined, { maxQueuedBytes: 10 });
    expect([1, 2, 3].map((value) => queue.push(message(value)))).toEqual([true, true, false]);
    expect(queue.stats).toEqual({ queuedBytes: 8, sent: 0, dropped: 1 });
    await queue.drained();
    expect(queue.push(message(4))).toBe(true);
    await queue.drained();
    expect(queue.stats).toEqual({ queuedBytes: 0, sent: 3, dropped: 1 });
  });

  it('tells of a failure once and drops from then on', async () => {
    const { queue, failures } = setUp(([value]) => {
      if (value === 2) throw new Error('gone');
    });
    for (let i = 1; i <= 4; i++) queue.push(message(i));
    await queue.drained();
    expect(failures).toMatchObject([{ code: 'IPFIX_IO' }]);
    expect(queue.push(message(5))).toBe(false);
    expect(queue.stats).toEqual({ queuedBytes: 0, sent: 1, dropped: 4 });
  });
});
