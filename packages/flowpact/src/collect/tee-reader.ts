import type { DataSetReader, RecordReader } from '@flowpact/ipfix';

/** Gives every record to several readers. */
export function teeReader(readers: readonly RecordReader[]): RecordReader {
  return {
    compile(template) {
      const compiled = readers
        .map((reader) => reader.compile(template))
        .filter((reader): reader is DataSetReader => reader !== undefined);
      if (compiled.length <= 1) return compiled[0];
      return (bytes, start, end, header) => {
        let records = 0;
        for (const read of compiled) records = read(bytes, start, end, header);
        return records;
      };
    },
  };
}
