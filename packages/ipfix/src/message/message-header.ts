import { readUint16, readUint32 } from './network-byte-order.ts';

/** The fixed beginning of every IPFIX message (RFC 7011 section 3.1). */
export interface MessageHeader {
  readonly version: 10;
  /** Of the whole message, header included, in octets. */
  readonly length: number;
  /** When the message left the exporter, seconds since 1970 UTC. */
  readonly exportTime: number;
  /** Data records sent before this message in this stream and observation domain, modulo 2^32. */
  readonly sequenceNumber: number;
  readonly observationDomainId: number;
}

/** Octets of a message header. */
export const messageHeaderLength = 16;

/** The version number of IPFIX messages. */
export const ipfixVersion = 10;

/** Longest message that the 16-bit length field can describe, octets. */
export const longestMessage = 65535;

/** Reads the header of a message; the caller has seen to it that it is 16 octets long and of version 10. */
export function readMessageHeader(message: Uint8Array): MessageHeader {
  return {
    version: ipfixVersion,
    length: readUint16(message, 2),
    exportTime: readUint32(message, 4),
    sequenceNumber: readUint32(message, 8),
    observationDomainId: readUint32(message, 12),
  };
}
