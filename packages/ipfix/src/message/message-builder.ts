import { ipfixVersion, longestMessage, messageHeaderLength } from './message-header.ts';
import { writeUint16, writeUint32 } from './network-byte-order.ts';

const setHeaderLength = 4;

/** Octets that header and set header take from a message. */
export const messageOverhead = messageHeaderLength + setHeaderLength;

/** Puts records into sets and sets into one message after another. */
export interface MessageBuilder {
  /** Whether the message under construction holds anything. */
  readonly isEmpty: boolean;
  /** Whether a record of this length still fits into the message, in a set of this id. */
  fits(setId: number, length: number): boolean;
  /** Adds a record, in a new set where the last one has another id. The caller has asked whether it fits. */
  add(setId: number, octets: Uint8Array, length: number): void;
  /** Gives the message out, as octets of its own, and begins the next. */
  finish(exportTime: number, sequenceNumber: number, observationDomainId: number): Uint8Array;
}

/** @param maxMessageLength octets, {@link messageOverhead} to 65,535 */
export function createMessageBuilder(maxMessageLength: number): MessageBuilder {
  const buffer = new Uint8Array(longestMessage);
  let length = messageHeaderLength;
  let setStart = 0;
  let currentSetId = 0;

  return {
    get isEmpty() {
      return length === messageHeaderLength;
    },
    fits(setId, recordLength) {
      const setHeader = setId === currentSetId ? 0 : setHeaderLength;
      return length + setHeader + recordLength <= maxMessageLength;
    },
    add(setId, octets, recordLength) {
      if (setId !== currentSetId) {
        currentSetId = setId;
        setStart = length;
        writeUint16(buffer, setStart, setId);
        length += setHeaderLength;
      }
      for (let i = 0; i < recordLength; i++) buffer[length + i] = octets[i];
      length += recordLength;
      writeUint16(buffer, setStart + 2, length - setStart);
    },
    finish(exportTime, sequenceNumber, observationDomainId) {
      writeUint16(buffer, 0, ipfixVersion);
      writeUint16(buffer, 2, length);
      writeUint32(buffer, 4, exportTime);
      writeUint32(buffer, 8, sequenceNumber);
      writeUint32(buffer, 12, observationDomainId);
      const message = buffer.slice(0, length);
      length = messageHeaderLength;
      currentSetId = 0;
      return message;
    },
  };
}
