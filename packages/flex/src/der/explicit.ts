import type { DerCodec } from './der-codec.ts';

/** An explicit tag around a type: `[APPLICATION n] Type`. `tag` is the identifier octet. */
export function explicitCodec<T>(tag: number, type: DerCodec<T>): DerCodec<T> {
  return {
    matches: (octet) => octet === tag,
    write(writer, value) {
      const mark = writer.size;
      type.write(writer, value);
      writer.header(tag, mark);
    },
    read(reader) {
      const outerEnd = reader.enter(tag);
      const value = type.read(reader);
      reader.leave(outerEnd);
      return value;
    },
  };
}
