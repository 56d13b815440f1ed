import { IpfixError } from '../ipfix-error.ts';
import { ipfixVersion, longestMessage, messageHeaderLength } from './message-header.ts';
import { readUint16 } from './network-byte-order.ts';

export interface MessageFramerConfig {
  /** Longest message accepted, octets; 16 to 65,535, the default. */
  readonly maxMessageLength?: number;
}

export interface MessageFramerDeps {
  /**
   * One whole message: a part of the chunk where the message lies within one chunk, else a copy. It stays valid
   * as long as the chunk does.
   */
  onMessage(message: Uint8Array): void;
}

/** Cuts a stream of octets into messages, as TCP and files carry them (RFC 7011 section 10.4, RFC 5655). */
export interface MessageFramer {
  /**
   * Takes the next octets of the stream.
   *
   * @throws IpfixError `IPFIX_BAD_VERSION` or `IPFIX_BAD_LENGTH` with the offset in the stream, after the messages
   *   before it were handed over. There is no way to find the next message; each further call throws the same.
   */
  push(chunk: Uint8Array): void;
  /** The stream is over. @throws IpfixError `IPFIX_TRUNCATED` where a message is not whole */
  end(): void;
}

/** Octets of a message header that tell version and length. */
const lengthKnownFrom = 4;

/** Holds at most one message: `maxMessageLength` octets. */
export function createMessageFramer(config: MessageFramerConfig, deps: MessageFramerDeps): MessageFramer {
  const { maxMessageLength = longestMessage } = config;
  if (!(maxMessageLength >= messageHeaderLength && maxMessageLength <= longestMessage)) {
    const message = `maxMessageLength is ${maxMessageLength}: give ${messageHeaderLength} to ${longestMessage} octets`;
    throw new IpfixError('IPFIX_BAD_CONFIG', message);
  }
  /** The beginning of a message whose rest has not come; `filled` octets of it are there. */
  let pending = new Uint8Array(lengthKnownFrom);
  let filled = 0;
  /** Octets of the stream before the message that is being read. */
  let offset = 0;
  let failure: IpfixError | undefined;

  function fail(code: 'IPFIX_BAD_VERSION' | 'IPFIX_BAD_LENGTH', message: string): IpfixError {
    failure = new IpfixError(code, message, { offset });
    return failure;
  }

  /** Length of the message whose first 4 octets are at `at`. */
  function messageLength(bytes: Uint8Array, at: number): number {
    const version = readUint16(bytes, at);
    if (version !== ipfixVersion) {
      throw fail(
        'IPFIX_BAD_VERSION',
        `no IPFIX message at octet ${offset}: version ${version} instead of 10`,
      );
    }
    const length = readUint16(bytes, at + 2);
    if (length < messageHeaderLength || length > maxMessageLength) {
      const range = `${messageHeaderLength} to ${maxMessageLength}`;
      throw fail('IPFIX_BAD_LENGTH', `message at octet ${offset} says ${length} octets instead of ${range}`);
    }
    return length;
  }

  /** Adds to the pending message until it has `length` octets. @returns the octets taken from the chunk */
  function fill(chunk: Uint8Array, at: number, length: number): number {
    const taken = Math.min(length - filled, chunk.length - at);
    pending.set(chunk.subarray(at, at + taken), filled);
    filled += taken;
    return taken;
  }

  /** Completes the message left over from earlier chunks. @returns where the chunk goes on */
  function finishPending(chunk: Uint8Array): number {
    let at = 0;
    if (filled < lengthKnownFrom) {
      at = fill(chunk, 0, lengthKnownFrom);
      if (filled < lengthKnownFrom) return at;
      const start = pending;
      pending = new Uint8Array(messageLength(start, 0));
      pending.set(start);
    }
    at += fill(chunk, at, pending.length);
    if (filled === pending.length) {
      const message = pending;
      pending = new Uint8Array(lengthKnownFrom);
      filled = 0;
      offset += message.length;
      deps.onMessage(message);
    }
    return at;
  }

  return {
    push(chunk) {
      if (failure !== undefined) throw failure;
      let at = filled > 0 ? finishPending(chunk) : 0;
      while (chunk.length - at >= lengthKnownFrom) {
        const length = messageLength(chunk, at);
        if (length > chunk.length - at) {
          pending = new Uint8Array(length);
          break;
        }
        const message = chunk.subarray(at, at + length);
        at += length;
        offset += length;
        deps.onMessage(message);
      }
      if (at < chunk.length) fill(chunk, at, pending.length);
    },
    end() {
      if (failure !== undefined) throw failure;
      if (filled === 0) return;
      const message = `the stream ends ${filled} octets into the message at octet ${offset}`;
      failure = new IpfixError('IPFIX_TRUNCATED', message, { offset });
      throw failure;
    },
  };
}
