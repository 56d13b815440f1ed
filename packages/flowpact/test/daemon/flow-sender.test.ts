import { describe, expect, it } from 'vitest';
import type { FlowMessage } from '../../src/daemon/flow-messages.ts';
import { createFlowSender } from '../../src/daemon/flow-sender.ts';
import { batchBytes, readMessageBatch } from '../../src/daemon/message-batch.ts';

const tcp = { transport: 'tcp', address: '192.0.2.1', port: 1 } as const;
/** Two of them do not fit one batch. */
const large = (first: number) => new Uint8Array(40_000).fill(first);
const turn = () => new Promise((resolve) => setImmediate(resolve));

function sender(maxBatches: number) {
  const posted: FlowMessage[] = [];
  const holds: boolean[] = [];
  const made = createFlowSender(
    { maxBatches },
    { post: (message) => posted.push(message), now: () => 0, onHold: (held) => holds.push(held) },
  );
  const first = () => {
    const seen: number[] = [];
    for (const message of posted) {
      if (message.kind === 'batch')
        readMessageBatch(message.octets, (_session, octets) => seen.push(octets[0]));
    }
    return seen;
  };
  return { ...made, sender: made, posted, holds, first };
}

describe('the flow sender', () => {
  it('puts the messages of a turn into one batch, in order, behind their sessions', async () => {
    const { sender: flow, posted } = sender(4);
    flow.open({ kind: 'session', session: 1, source: tcp });
    flow.send(1, Uint8Array.of(1, 2), true);
    flow.send(1, Uint8Array.of(3), true);
    await turn();
    flow.end({ kind: 'sessionEnd', session: 1 });
    expect(posted.map(({ kind }) => kind)).toEqual(['session', 'batch', 'sessionEnd']);
    const messages: number[][] = [];
    const [, batch] = posted;
    if (batch.kind === 'batch')
      readMessageBatch(batch.octets, (session, octets) => messages.push([session, ...octets]));
    expect(messages).toEqual([
      [1, 1, 2],
      [1, 3],
    ]);
  });

  it('takes the longest message that there is', async () => {
    const { sender: flow, posted } = sender(1);
    flow.send(1, new Uint8Array(65_535), true);
    await turn();
    expect(posted).toHaveLength(1);
    expect(batchBytes).toBeGreaterThanOrEqual(65_535 + 8);
  });

  it('drops datagrams beyond the credits, and says so', async () => {
    const { sender: flow, first } = sender(1);
    expect(flow.send(1, large(1), true)).toBe(true);
    expect(flow.send(1, large(2), true)).toBe(true);
    expect(flow.send(1, large(3), true)).toBe(false);
    flow.credit(1);
    await turn();
    expect(flow.send(1, large(4), true)).toBe(true);
    expect(flow.send(1, large(5), true)).toBe(false);
    flow.finish();
    expect(first()).toEqual([1, 2, 4]);
  });

  it('keeps what may not be dropped, holds its senders up, and goes on with the credits', async () => {
    const { sender: flow, holds, first } = sender(1);
    for (const number of [1, 2, 3]) expect(flow.send(1, large(number), false)).toBe(true);
    expect(holds).toEqual([true]);
    expect(first()).toEqual([1]);
    flow.credit(1);
    expect(holds).toEqual([true, false]);
    await turn();
    flow.credit(1);
    await turn();
    expect(first()).toEqual([1, 2, 3]);
  });
});
