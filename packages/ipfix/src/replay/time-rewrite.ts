import { createFlowDecoder } from '../message/decoder.ts';
import { readUint16, readUint32, writeUint32 } from '../message/network-byte-order.ts';
import type { RecordReader } from '../message/record-reader.ts';
import { createCompileCache, fieldLayout } from '../record/compile-cache.ts';
import type { FieldPlace } from '../record/field-place.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';

/** Moves the messages of one exporter in time. */
export interface TimeRewrite {
  /**
   * A copy of a message that seems to have left the exporter at `timeMs`: the header says so (in whole seconds), and
   * all times in its records are moved as far. Uptimes stay, because the header moves what they count from. Records
   * that come before their template are not moved. What is no NetFlow or IPFIX comes back as it is.
   */
  moveTo(message: Uint8Array, timeMs: number): Uint8Array;
}

/** Where the seconds since 1970 stand in the header of each version. */
const secondsOffsets: Readonly<Record<number, number>> = { 1: 8, 5: 8, 7: 8, 9: 8, 10: 4 };

/** Messages below have no whole header. */
const shortestHeader = 16;

/** Its templates are bounded like those of every decoder. */
export function createTimeRewrite(): TimeRewrite {
  const shift = { seconds: 0 };
  const decoder = createFlowDecoder({}, { reader: createShiftingReader(shift) });

  return {
    moveTo(message, timeMs) {
      const at = message.length < shortestHeader ? undefined : secondsOffsets[readUint16(message, 0)];
      if (at === undefined) return message;
      const copy = message.slice();
      shift.seconds = Math.floor(timeMs / 1000) - readUint32(message, at);
      // The decoder hands the reader the very octets that it is given.
      decoder.decode(copy);
      writeUint32(copy, at, Math.floor(timeMs / 1000));
      return copy;
    },
  };
}

/** A reader that changes the times in the octets it reads. */
function createShiftingReader(shift: { readonly seconds: number }): RecordReader {
  return createCompileCache((template) => {
    let times = 0;
    const statements = setReaderCode(template, {
      begin: '',
      field({ element }, place) {
        const statement = element === undefined ? undefined : shiftCode(element.dataType, place);
        if (statement !== undefined) times++;
        return statement;
      },
      end: () => '',
    });
    return times === 0 ? undefined : compileSetReader(statements, { addSeconds, addMilliseconds, shift });
  }, fieldLayout);
}

function shiftCode(dataType: AbstractDataType, { offset, length, value }: FieldPlace): string | undefined {
  // Derived fields have no octets of their own.
  if (value !== undefined) return undefined;
  switch (dataType) {
    case 'dateTimeSeconds':
      return length === 4 ? `addSeconds(bytes, p + ${offset}, shift.seconds);` : undefined;
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      // An NTP timestamp begins with its seconds.
      return length === 8 ? `addSeconds(bytes, p + ${offset}, shift.seconds);` : undefined;
    case 'dateTimeMilliseconds':
      return length === 8 ? `addMilliseconds(bytes, p + ${offset}, shift.seconds);` : undefined;
    default:
      return undefined;
  }
}

function addSeconds(bytes: Uint8Array, at: number, seconds: number): void {
  writeUint32(bytes, at, readUint32(bytes, at) + seconds);
}

function addMilliseconds(bytes: Uint8Array, at: number, seconds: number): void {
  const ms = readUint32(bytes, at) * 0x100000000 + readUint32(bytes, at + 4);
  // 0 and what is no date (beyond the year 10,000) mean "not known" and stay so.
  if (ms === 0 || ms > 253402300800000) return;
  const moved = Math.max(0, ms + seconds * 1000);
  writeUint32(bytes, at, Math.floor(moved / 0x100000000));
  writeUint32(bytes, at + 4, moved % 0x100000000);
}
