import { describe, expect, it } from 'vitest';
import { createArchiveSender } from '../../src/daemon/archive-sender.ts';
import type { FlowMessage } from '../../src/daemon/flow-messages.ts';
import { holdsTemplates } from '../../src/daemon/holds-templates.ts';
import { createMessageBatch, readMessageBatch } from '../../src/daemon/message-batch.ts';

/** An IPFIX message with sets of these ids, 8 octets each. */
function message(...setIds: readonly number[]): Uint8Array {
  const octets = new Uint8Array(16 + 8 * setIds.length);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 10);
  view.setUint16(2, octets.length);
  setIds.forEach((id, i) => {
    view.setUint16(16 + 8 * i, id);
    view.setUint16(18 + 8 * i, 8);
  });
  return octets;
}

function batchOf(...messages: readonly Uint8Array[]): FlowMessage {
  const batch = createMessageBatch();
  for (const octets of messages) batch.add(1, octets);
  return { kind: 'batch', octets: batch.take(), atMs: 0 };
}

describe('the archive sender', () => {
  it('leaves out what the archive is too slow for, but not what later messages cannot be read without', () => {
    const posted: FlowMessage[] = [];
    const sender = createArchiveSender({ maxBatches: 2 }, (sent) => posted.push(sent));
    for (let i = 0; i < 2; i++) sender.take(batchOf(message(256)));
    sender.take(batchOf(message(256), message(2, 256), message(3)));
    sender.take(batchOf(message(256)));
    expect(posted).toHaveLength(3);
    const kept: number[] = [];
    const [, , templates] = posted;
    if (templates.kind === 'batch')
      readMessageBatch(templates.octets, (_session, octets) => kept.push(octets.length));
    expect(kept).toEqual([32, 24]);
    expect(sender.dropped).toBe(2);

    sender.credit(3);
    sender.take(batchOf(message(256)));
    expect(posted).toHaveLength(4);
    expect(sender.dropped).toBe(2);
  });

  it('holds no more than twice as many batches, whatever is in them', () => {
    const posted: FlowMessage[] = [];
    const sender = createArchiveSender({ maxBatches: 2 }, (sent) => posted.push(sent));
    for (let i = 0; i < 10; i++) sender.take(batchOf(message(2)));
    expect(posted).toHaveLength(4);
  });

  it('passes the beginning and the end of sessions on, always', () => {
    const posted: FlowMessage[] = [];
    const sender = createArchiveSender({ maxBatches: 1 }, (sent) => posted.push(sent));
    for (let i = 0; i < 3; i++) sender.take(batchOf(message(256)));
    sender.take({ kind: 'sessionEnd', session: 1 });
    expect(posted.map(({ kind }) => kind)).toEqual(['batch', 'sessionEnd']);
  });
});

describe('holdsTemplates', () => {
  it('finds template sets of IPFIX and NetFlow v9, and none in what it cannot read', () => {
    expect(holdsTemplates(message(256, 2))).toBe(true);
    expect(holdsTemplates(message(256, 300))).toBe(false);
    const version9 = new Uint8Array(28);
    version9[1] = 9;
    expect(holdsTemplates(version9)).toBe(true);
    version9[20] = 1;
    expect(holdsTemplates(version9)).toBe(false);
    expect(holdsTemplates(new Uint8Array(1))).toBe(false);
    expect(holdsTemplates(Uint8Array.of(0, 5, 0, 1))).toBe(false);
  });
});
