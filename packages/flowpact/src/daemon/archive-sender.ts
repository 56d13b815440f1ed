import type { FlowMessage } from './flow-messages.ts';
import { holdsTemplates } from './holds-templates.ts';
import { createMessageBatch, readMessageBatch } from './message-batch.ts';

export interface ArchiveSenderConfig {
  /** Batches that may be on their way to the archive. */
  readonly maxBatches: number;
}

/**
 * The detection thread's end of the way to the archive. What it is done with goes on, as long as the archive keeps up;
 * where it does not, messages are left out, except for those with templates, without which later ones could not be read:
 * of these up to as many batches again may be on their way.
 */
export interface ArchiveSender {
  take(message: FlowMessage): void;
  /** So many batches are done with. */
  credit(batches: number): void;
  readonly dropped: number;
}

/** @param post to the storage thread; the memory of a batch changes hands */
export function createArchiveSender(
  { maxBatches }: ArchiveSenderConfig,
  post: (message: FlowMessage, transfer: readonly ArrayBuffer[]) => void,
): ArchiveSender {
  let underWay = 0;
  let dropped = 0;

  function send(message: Extract<FlowMessage, { kind: 'batch' }>): void {
    underWay++;
    post(message, [message.octets.buffer]);
  }

  return {
    take(message) {
      if (message.kind !== 'batch') {
        post(message, []);
        return;
      }
      if (underWay < maxBatches) {
        send(message);
        return;
      }
      dropped++;
      if (underWay >= 2 * maxBatches) return;
      const templates = createMessageBatch();
      readMessageBatch(message.octets, (session, octets) => {
        if (holdsTemplates(octets)) templates.add(session, octets);
      });
      if (!templates.isEmpty) send({ ...message, octets: templates.take() });
    },
    credit(batches) {
      underWay -= batches;
    },
    get dropped() {
      return dropped;
    },
  };
}
