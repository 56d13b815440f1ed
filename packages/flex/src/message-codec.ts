import type { Message } from '@flowpact/event';
import { decodeFlexRecord, encodeFlexRecord } from './flex-codec.ts';
import type { FlexLimits } from './flex-limits.ts';
import { flexRecordFromMessage } from './mapping/message-to-record.ts';
import { messageFromFlexRecord } from './mapping/record-to-message.ts';

/**
 * DER of the FLEX record that says what a message says.
 * @throws FlexError `FLEX_INVALID`, with the path of the field in the record; none for a valid message.
 */
export function encodeMessage(message: Message): Uint8Array {
  return encodeFlexRecord(flexRecordFromMessage(message));
}

/**
 * The message in DER octets, valid as `parseMessage` of the event package has it.
 * @throws FlexError as {@link decodeFlexRecord} and {@link messageFromFlexRecord} do.
 */
export function decodeMessage(bytes: Uint8Array, limits?: Partial<FlexLimits>): Message {
  return messageFromFlexRecord(decodeFlexRecord(bytes, limits));
}
