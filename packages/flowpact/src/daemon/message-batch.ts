/** Octets in front of each message of a batch: its session and its length, 4 octets each, little-endian. */
const headerLength = 8;

/** Octets of a batch; a message is at most 65,535 long (RFC 7011 section 3.1), and so always fits an empty one. */
export const batchBytes = 65_536 + headerLength;

/** Messages of many sessions in one buffer, whose memory is transferred between threads without a copy. */
export interface MessageBatch {
  readonly isEmpty: boolean;
  fits(messageLength: number): boolean;
  /** The message must fit. */
  add(session: number, message: Uint8Array): void;
  /** Hands over what was added, and begins anew. */
  take(): Uint8Array<ArrayBuffer>;
}

export function createMessageBatch(): MessageBatch {
  let octets = new Uint8Array(batchBytes);
  let view = new DataView(octets.buffer);
  let end = 0;
  return {
    get isEmpty() {
      return end === 0;
    },
    fits: (messageLength) => end + headerLength + messageLength <= batchBytes,
    add(session, message) {
      view.setUint32(end, session, true);
      view.setUint32(end + 4, message.length, true);
      octets.set(message, end + headerLength);
      end += headerLength + message.length;
    },
    take() {
      const taken = octets.subarray(0, end);
      octets = new Uint8Array(batchBytes);
      view = new DataView(octets.buffer);
      end = 0;
      return taken;
    },
  };
}

/** Calls back for each message of a batch, in the order in which they were added. */
export function readMessageBatch(
  octets: Uint8Array,
  onMessage: (session: number, message: Uint8Array) => void,
): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  for (let at = 0; at < octets.length; ) {
    const start = at + headerLength;
    const end = start + view.getUint32(at + 4, true);
    onMessage(view.getUint32(at, true), octets.subarray(start, end));
    at = end;
  }
}
