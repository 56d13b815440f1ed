import type { MessageHeader } from '../message/message-header.ts';

/**
 * Milliseconds to add to flowStartMilliseconds and flowEndMilliseconds (IANA elements 152 and 153) of the
 * records of one message, where a record has both. Asked once a data set.
 */
export type TimeShift = (header: MessageHeader) => number;

/**
 * Moves flows to now: as far as the export time of their message is behind the clock, in whole seconds. This is
 * what IPFIXcol's `timenow` does.
 *
 * @param nowMs milliseconds since 1970 UTC
 */
export const timeNow =
  (nowMs: () => number): TimeShift =>
  (header) =>
    (Math.floor(nowMs() / 1000) - header.exportTime) * 1000;
