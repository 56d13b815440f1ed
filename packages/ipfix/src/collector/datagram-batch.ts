import { readUint16 } from '../message/network-byte-order.ts';

/** Octets in front of each datagram of a batch: the number of its exporter and its length, 2 octets each. */
const datagramHeaderLength = 4;

/** Datagrams on their way from one thread to another, in one buffer whose memory changes hands without a copy. */
export interface DatagramBatch {
  readonly isEmpty: boolean;
  /** Whether a datagram of so many octets still has room; every one has in an empty batch. */
  fits(datagramLength: number): boolean;
  /** @param exporter 0 to 65,535 */
  add(exporter: number, datagram: Uint8Array): void;
  /** Hands over what was added, and begins anew. */
  take(): Uint8Array<ArrayBuffer>;
}

/** Octets of a batch: 48 datagrams of 1,340 octets, or the longest one that there is. */
const batchBytes = 65_536 + datagramHeaderLength;

export function createDatagramBatch(): DatagramBatch {
  let octets = new Uint8Array(batchBytes);
  let end = 0;
  return {
    get isEmpty() {
      return end === 0;
    },
    fits: (datagramLength) => end + datagramHeaderLength + datagramLength <= octets.length,
    add(exporter, datagram) {
      const { length } = datagram;
      octets[end] = exporter >> 8;
      octets[end + 1] = exporter;
      octets[end + 2] = length >> 8;
      octets[end + 3] = length;
      octets.set(datagram, end + datagramHeaderLength);
      end += datagramHeaderLength + length;
    },
    take() {
      const taken = octets.subarray(0, end);
      octets = new Uint8Array(batchBytes);
      end = 0;
      return taken;
    },
  };
}

/** Calls back for each datagram of a batch, in the order in which they were added. */
export function readDatagramBatch(
  octets: Uint8Array,
  onDatagram: (exporter: number, datagram: Uint8Array) => void,
): void {
  for (let at = 0; at < octets.length; ) {
    const start = at + datagramHeaderLength;
    const end = start + readUint16(octets, at + 2);
    onDatagram(readUint16(octets, at), octets.subarray(start, end));
    at = end;
  }
}
