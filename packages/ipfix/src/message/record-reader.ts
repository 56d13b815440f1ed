import type { MessageHeader } from './message-header.ts';
import type { Template } from './template.ts';

/**
 * Reads the records of one data set: the octets from `start` to `end` of `bytes`. The decoder has checked that
 * they are whole records of the template (padding and a record that overruns the set are already cut off), so
 * a reader need not look for the end.
 *
 * @returns the number of records read
 */
export type DataSetReader = (bytes: Uint8Array, start: number, end: number, header: MessageHeader) => number;

/**
 * Says what to make of data records. A reader may be shared by the decoders of many sessions: those made by
 * this package compile equal templates once.
 */
export interface RecordReader {
  /** Undefined: not interested in records of this template; they are counted all the same. */
  compile(template: Template): DataSetReader | undefined;
}
