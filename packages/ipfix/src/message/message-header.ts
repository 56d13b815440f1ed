import { type DomainKnowledge, nothingKnown } from './domain-knowledge.ts';
import { readUint16, readUint32 } from './network-byte-order.ts';

/** The protocols by the version number that their messages begin with: NetFlow 1, 5, 7, 9 and IPFIX. */
export type FlowVersion = 1 | 5 | 7 | 9 | 10;

/**
 * What the header of a message says, whatever its version: that of IPFIX (RFC 7011 section 3.1), NetFlow v9
 * (RFC 3954 section 5.1), or Cisco's v1, v5 and v7.
 */
export interface MessageHeader {
  readonly version: FlowVersion;
  /** Of the whole message, header included, in octets. */
  readonly length: number;
  /** When the message left the exporter, seconds since 1970 UTC. */
  readonly exportTime: number;
  /**
   * Modulo 2^32. IPFIX: data records sent before this message in this stream and observation domain; v9: messages
   * sent before it; v5 and v7: flows; v1, which has none: 0.
   */
  readonly sequenceNumber: number;
  /** v9: the source id; v5: 256 × engine type + engine id; v1 and v7: 0. */
  readonly observationDomainId: number;
  /** As `exportTime`, milliseconds; v1, v5 and v7 tell fractions of a second. */
  readonly exportTimeMs: number;
  /** Milliseconds since the exporter started, modulo 2^32; undefined in IPFIX, whose messages do not tell. */
  readonly sysUpTimeMs: number | undefined;
  /** v5: sampling mode (2 bits) and interval (14 bits) of all records of the message; 0 in other versions. */
  readonly sampling: number;
  /** What the exporter told before; made known by the decoder. */
  readonly knowledge: DomainKnowledge;
}

/** A header while it is read. */
export type NewMessageHeader = { -readonly [K in keyof MessageHeader]: MessageHeader[K] };

/** Octets of an IPFIX message header. */
export const messageHeaderLength = 16;

/** The version number of IPFIX messages. */
export const ipfixVersion = 10;

/** Longest message that the 16-bit length field can describe, octets. */
export const longestMessage = 65535;

/** Reads the header of a message; the caller has seen to it that it is 16 octets long and of version 10. */
export function readMessageHeader(message: Uint8Array): NewMessageHeader {
  const exportTime = readUint32(message, 4);
  return {
    version: ipfixVersion,
    length: readUint16(message, 2),
    exportTime,
    sequenceNumber: readUint32(message, 8),
    observationDomainId: readUint32(message, 12),
    exportTimeMs: exportTime * 1000,
    sysUpTimeMs: undefined,
    sampling: 0,
    knowledge: nothingKnown,
  };
}
