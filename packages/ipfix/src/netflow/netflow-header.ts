import { nothingKnown } from '../message/domain-knowledge.ts';
import type { NewMessageHeader } from '../message/message-header.ts';
import { readUint16, readUint32 } from '../message/network-byte-order.ts';

/** Octets of the headers by version: v9's is that of RFC 3954 section 5.1, the others are Cisco's. */
export const netflowHeaderLengths = { 1: 16, 5: 24, 7: 24, 9: 20 } as const;

/** Octets of the records of the versions whose records all look alike. */
export const netflowRecordLengths = { 1: 48, 5: 48, 7: 52 } as const;

/** The versions of NetFlow that are read. */
export type NetflowVersion = keyof typeof netflowHeaderLengths;

/** The record count that headers of all versions have behind the version number. */
export const readRecordCount = (message: Uint8Array): number => readUint16(message, 2);

/** Reads a header; the caller has seen to it that the message is long enough for the version. */
export function readNetflowHeader(message: Uint8Array, version: NetflowVersion): NewMessageHeader {
  const exportTime = readUint32(message, 8);
  const nanoseconds = version === 9 ? 0 : readUint32(message, 12);
  return {
    version,
    length: message.length,
    exportTime,
    sequenceNumber: version === 1 ? 0 : readUint32(message, version === 9 ? 12 : 16),
    observationDomainId:
      version === 9 ? readUint32(message, 16) : version === 5 ? readUint16(message, 20) : 0,
    exportTimeMs: exportTime * 1000 + Math.floor(nanoseconds / 1e6),
    sysUpTimeMs: readUint32(message, 4),
    sampling: version === 5 ? readUint16(message, 22) : 0,
    knowledge: nothingKnown,
  };
}
