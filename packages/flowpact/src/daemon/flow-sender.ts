import type { FlowMessage } from './flow-messages.ts';
import { createMessageBatch } from './message-batch.ts';

export interface FlowSenderConfig {
  /** Batches that may be on their way to the detection thread. */
  readonly maxBatches: number;
}

export interface FlowSenderDeps {
  /** The memory of a batch changes hands. */
  post(message: FlowMessage, transfer: readonly ArrayBuffer[]): void;
  now(): number;
  /** Told when no more may be sent (true), and when it may again. */
  onHold(held: boolean): void;
}

/**
 * The collector thread's end of the way to detection: puts messages together to batches, and sends no more of them
 * than there are credits for. Beyond that, what cannot be dropped waits here, which is bounded by who sends it being
 * held up.
 */
export interface FlowSender {
  open(message: Extract<FlowMessage, { kind: 'session' }>): void;
  /** @returns false where the message was dropped, which only ones that `mayDrop` are */
  send(session: number, message: Uint8Array, mayDrop: boolean): boolean;
  end(message: Extract<FlowMessage, { kind: 'sessionEnd' }>): void;
  /** So many batches are done with. */
  credit(batches: number): void;
  /** Sends all that waits, whatever the credits: nothing comes any more. */
  finish(): void;
  readonly batchesUnderWay: number;
}

export function createFlowSender(
  { maxBatches }: FlowSenderConfig,
  { post, now, onHold }: FlowSenderDeps,
): FlowSender {
  const batch = createMessageBatch();
  /** In order, behind what is on its way already. */
  let waiting: FlowMessage[] = [];
  let underWay = 0;
  let flushing = false;
  let held = false;

  function pump(unlimited = false): void {
    let sent = 0;
    for (const message of waiting) {
      if (message.kind === 'batch') {
        if (underWay >= maxBatches && !unlimited) break;
        underWay++;
        post(message, [message.octets.buffer]);
      } else post(message, []);
      sent++;
    }
    waiting = sent === waiting.length ? [] : waiting.slice(sent);
    if (held === waiting.length > 0) return;
    held = !held;
    onHold(held);
  }

  function closeBatch(): void {
    if (!batch.isEmpty) waiting.push({ kind: 'batch', octets: batch.take(), atMs: now() });
  }

  /** When all that is there has been read: batches are long only when there is much. */
  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    setImmediate(() => {
      flushing = false;
      // A batch that has to wait may as well be filled up meanwhile.
      if (underWay >= maxBatches) return;
      closeBatch();
      pump();
    });
  }

  function inOrder(message: FlowMessage): void {
    closeBatch();
    waiting.push(message);
    pump();
  }

  return {
    open: inOrder,
    end: inOrder,
    send(session, message, mayDrop) {
      if (!batch.fits(message.length)) {
        if (mayDrop && underWay >= maxBatches) return false;
        closeBatch();
        pump();
      }
      batch.add(session, message);
      flushSoon();
      return true;
    },
    credit(batches) {
      underWay -= batches;
      pump();
      if (!batch.isEmpty) flushSoon();
    },
    finish() {
      closeBatch();
      pump(true);
    },
    get batchesUnderWay() {
      return underWay;
    },
  };
}
