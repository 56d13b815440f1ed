import type { DerCodec } from './der-codec.ts';
import { tagIdentity } from './tags.ts';

/** A tag of a type: `[APPLICATION n] Type`, explicit unless the reader says otherwise. `tag` is the identifier octet. */
export function explicitCodec<T>(tag: number, type: DerCodec<T>): DerCodec<T> {
  return {
    matches: (octet) => octet === tag,
    write(writer, value) {
      const mark = writer.size;
      type.write(writer, value);
      writer.header(tag, mark);
    },
    read(reader) {
      if (reader.tagging === 'implicit') {
        // The tag of a field around it has taken the place of this one already.
        if (reader.replacedTag < 0) reader.replacedTag = tagIdentity(tag);
        return type.read(reader);
      }
      const outerEnd = reader.enter(tag);
      const value = type.read(reader);
      reader.leave(outerEnd);
      return value;
    },
  };
}
