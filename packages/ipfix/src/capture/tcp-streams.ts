import { IpfixError } from '../ipfix-error.ts';
import { createMessageFramer, type MessageFramer } from '../message/framer.ts';
import type { CaptureStats } from './capture-stats.ts';
import type { IpEnds, TcpSegment } from './ip-packet.ts';
import { isFlowExport } from './is-flow-export.ts';

export interface TcpStreamsConfig {
  /** Connections followed at a time; the one that was silent longest gives way. Default 256. */
  readonly maxStreams?: number;
  /** Octets of a stream that are kept until a segment comes that belongs in front of them. Default 128 KiB. */
  readonly maxHeldBytes?: number;
}

/** Puts together the streams of IPFIX (RFC 7011 section 10.4) that a capture shows, each direction for itself. */
export interface TcpStreams {
  /**
   * Takes a segment; calls back for each message that it completes.
   *
   * @returns whether the segment has octets of a stream of IPFIX
   */
  take(segment: TcpSegment, onMessage: (message: Uint8Array) => void): boolean;
  /** The capture is over: gives the messages behind segments that did not come. */
  finish(onMessage: (message: Uint8Array, ends: IpEnds) => void): void;
}

interface Stream {
  readonly ends: IpEnds;
  /** Sequence number of the octet that comes next. */
  next: number;
  framer: MessageFramer;
  /** Segments that came before those in front of them, by sequence number. */
  readonly held: Map<number, Uint8Array>;
  heldBytes: number;
}

/** Segments of a stream that are kept at most, however short they are. */
const mostHeldSegments = 1024;

const keyOf = ({ sourceAddress, sourcePort, destinationAddress, destinationPort }: IpEnds) =>
  `${sourceAddress} ${sourcePort} ${destinationAddress} ${destinationPort}`;

/** How far a sequence number lies ahead of another, negative where it lies behind. */
const ahead = (sequenceNumber: number, of: number) => (sequenceNumber - of) | 0;

export function createTcpStreams(
  { maxStreams = 256, maxHeldBytes = 128 * 1024 }: TcpStreamsConfig,
  { stats }: { readonly stats: Pick<CaptureStats, 'tcpGaps'> },
): TcpStreams {
  const streams = new Map<string, Stream>();
  /** Gets the messages of the segment that is being taken. */
  let onMessage: (message: Uint8Array, ends: IpEnds) => void = () => {};

  const createFramer = (ends: IpEnds) =>
    createMessageFramer({}, { onMessage: (message) => onMessage(message, ends) });

  function open(key: string, ends: TcpSegment): Stream {
    const { sequenceNumber: next } = ends;
    const stream = { ends, next, framer: createFramer(ends), held: new Map(), heldBytes: 0 };
    streams.set(key, stream);
    for (const oldest of streams.keys()) {
      if (streams.size <= maxStreams) break;
      streams.delete(oldest);
    }
    return stream;
  }

  /** Hands on octets that follow what came before. @returns false where they are no IPFIX */
  function follow(stream: Stream, octets: Uint8Array): boolean {
    stream.next = (stream.next + octets.length) >>> 0;
    try {
      // The framer keeps what is not a whole message; packets are views of chunks that come and go.
      stream.framer.push(octets.slice());
      return true;
    } catch (error) {
      if (error instanceof IpfixError) return false;
      throw error;
    }
  }

  /** Hands on what was held, as far as it follows now. */
  function followHeld(stream: Stream): boolean {
    for (let found = true; found; ) {
      found = false;
      for (const [sequenceNumber, octets] of stream.held) {
        const late = -ahead(sequenceNumber, stream.next);
        if (late < 0) continue;
        stream.held.delete(sequenceNumber);
        stream.heldBytes -= octets.length;
        if (late >= octets.length) continue;
        if (!follow(stream, octets.subarray(late))) return false;
        found = true;
      }
    }
    return true;
  }

  /**
   * Gives up the segment that is missing, and goes on where a segment begins with a message.
   *
   * @returns false where none does
   */
  function passGap(stream: Stream): boolean {
    stats.tcpGaps++;
    const inOrder = [...stream.held].sort(([a], [b]) => ahead(a, b));
    const first = inOrder.findIndex(([, octets]) => isIpfix(octets));
    for (const [sequenceNumber, octets] of first < 0 ? inOrder : inOrder.slice(0, first)) {
      stream.held.delete(sequenceNumber);
      stream.heldBytes -= octets.length;
    }
    if (first < 0) return false;
    [stream.next] = inOrder[first];
    stream.framer = createFramer(stream.ends);
    return followHeld(stream);
  }

  function passGaps(stream: Stream): void {
    while (stream.held.size > 0) if (!passGap(stream)) return;
  }

  /** @returns false where the stream turned out to be no IPFIX, or can be followed no longer */
  function add(stream: Stream, { sequenceNumber, payload }: TcpSegment): boolean {
    const distance = ahead(sequenceNumber, stream.next);
    if (distance <= 0) {
      // What has come before comes again.
      if (-distance >= payload.length) return true;
      return follow(stream, payload.subarray(-distance)) && followHeld(stream);
    }
    const known = stream.held.get(sequenceNumber);
    if (known === undefined || known.length < payload.length) {
      stream.held.set(sequenceNumber, payload.slice());
      stream.heldBytes += payload.length - (known?.length ?? 0);
    }
    const isFull = stream.heldBytes > maxHeldBytes || stream.held.size > mostHeldSegments;
    return !isFull || passGap(stream);
  }

  return {
    take(segment, callback) {
      const { payload, syn, ends } = segment;
      const key = keyOf(segment);
      onMessage = callback;
      let stream = streams.get(key);
      if (syn) stream = open(key, segment);
      // A stream that began before the capture is followed from the first segment that begins with a message.
      else if (stream === undefined && isIpfix(payload)) stream = open(key, segment);
      if (stream === undefined) return false;
      // The one that was silent longest comes first in the map.
      streams.delete(key);
      const goesOn = payload.length === 0 || add(stream, segment);
      if (goesOn && !ends) streams.set(key, stream);
      else if (goesOn) passGaps(stream);
      return goesOn && payload.length > 0;
    },
    finish(callback) {
      onMessage = callback;
      for (const stream of streams.values()) passGaps(stream);
      streams.clear();
    },
  };
}

const isIpfix = (payload: Uint8Array) => payload[1] === 10 && isFlowExport(payload);
