import { type Template, variableLength } from './template.ts';

/** Where the whole records of a data set end, and how many they are. */
export interface RecordBorders {
  records: number;
  end: number;
  /** A record began that does not fit into the set. */
  overrun: boolean;
}

/**
 * Finds the whole records between `start` and `end` and leaves the answer in `borders`, which is reused so that
 * a data set costs no allocation. What is left and shorter than any record is padding (RFC 7011 section 3.3.1).
 */
export type FindRecordBorders = (
  bytes: Uint8Array,
  start: number,
  end: number,
  borders: RecordBorders,
) => void;

export function createFindRecordBorders(template: Template): FindRecordBorders {
  return template.fixedLength
    ? fixedLengthBorders(template.minRecordLength)
    : variableLengthBorders(template);
}

function fixedLengthBorders(length: number): FindRecordBorders {
  return (_bytes, start, end, borders) => {
    borders.records = Math.floor((end - start) / length);
    borders.end = start + borders.records * length;
    borders.overrun = false;
  };
}

function variableLengthBorders({ fields, minRecordLength }: Template): FindRecordBorders {
  /** Octets before each variable-length field since the one before it; `tail` are those behind the last. */
  const before: number[] = [];
  let tail = 0;
  for (const { length } of fields) {
    if (length === variableLength) {
      before.push(tail);
      tail = 0;
    } else {
      tail += length;
    }
  }
  return (bytes, start, end, borders) => {
    let at = start;
    let records = 0;
    borders.overrun = false;
    while (end - at >= minRecordLength) {
      let next = at;
      for (let i = 0; i < before.length; i++) {
        next += before[i];
        // Beyond the set the length is not a length; the check below then finds the overrun.
        const length = next < end ? bytes[next] : 0;
        next += 1;
        if (length < 255) next += length;
        else next += 2 + (next + 2 <= end ? (bytes[next] << 8) | bytes[next + 1] : 0);
      }
      next += tail;
      if (next > end) {
        borders.overrun = true;
        break;
      }
      at = next;
      records++;
    }
    borders.records = records;
    borders.end = at;
  };
}
