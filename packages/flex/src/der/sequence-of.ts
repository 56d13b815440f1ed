import type { DerCodec } from './der-codec.ts';
import type { CountedLimit } from './der-reader.ts';
import { describeValue } from './describe-value.ts';
import { tags } from './tags.ts';

/** SEQUENCE OF item. `maxColumns` bounds each list; the other limits, all lists of the record together. */
export function sequenceOfCodec<T>(
  item: DerCodec<T>,
  limit: CountedLimit | 'maxColumns' = 'maxItems',
): DerCodec<readonly T[]> {
  return {
    matches: (octet) => octet === tags.sequence,
    write(writer, values) {
      if (!Array.isArray(values)) writer.fail(`${describeValue(values)} is not an array`);
      const mark = writer.size;
      const { path } = writer;
      path.push(0);
      for (let i = values.length - 1; i >= 0; i--) {
        path[path.length - 1] = i;
        item.write(writer, values[i]);
      }
      path.pop();
      writer.header(tags.sequence, mark);
    },
    read(reader) {
      const { maxColumns } = reader.limits;
      const outerEnd = reader.enter(tags.sequence);
      const values: T[] = [];
      const { path } = reader;
      path.push(0);
      while (reader.position < reader.end) {
        path[path.length - 1] = values.length;
        if (limit !== 'maxColumns') reader.count(limit);
        else if (values.length >= maxColumns)
          reader.fail('FLEX_LIMIT', `more than maxColumns = ${maxColumns}`);
        values.push(item.read(reader));
      }
      path.pop();
      reader.leave(outerEnd);
      return values;
    },
  };
}
