import { createObjectReader, type DataSetReader, type RecordReader } from '@flowpact/ipfix';
import { teeReader } from '../collect/tee-reader.ts';

/** Gives records to readers that may be changed while decoders that know templates already go on. */
export interface ChangeableReader extends RecordReader {
  use(readers: readonly RecordReader[]): void;
}

export function createChangeableReader(): ChangeableReader {
  /** Decoders want to know how many records a data set has, also where nobody reads them. */
  const counting = createObjectReader({ fields: [] }, { onRecord: () => undefined });
  let reader: RecordReader = counting;
  let generation = 0;
  return {
    use(readers) {
      reader = readers.length === 0 ? counting : teeReader(readers);
      generation++;
    },
    compile(template) {
      let compiledFor = -1;
      let read: DataSetReader | undefined;
      return (bytes, start, end, header) => {
        if (compiledFor !== generation) {
          compiledFor = generation;
          read = reader.compile(template) ?? counting.compile(template);
        }
        return read?.(bytes, start, end, header) ?? 0;
      };
    },
  };
}
