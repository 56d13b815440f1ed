import type { DerCodec } from './der-codec.ts';
import { describeValue } from './describe-value.ts';
import { readInteger, writeInteger } from './integer.ts';
import { tags } from './tags.ts';

/** An extensible ENUMERATED: words by their number, and numbers that a later version may have given a word. */
export interface EnumeratedCodec<W extends string> extends DerCodec<W | number> {
  /** Index = number on the wire. */
  readonly words: readonly W[];
}

/** A word of the enumeration, or the number of one that a later version added. */
export type EnumeratedValue<E extends EnumeratedCodec<string>> = E['words'][number] | number;

/**
 * ENUMERATED whose numbers are 0, 1, 2, …, with an extension marker: numbers beyond are kept.
 * A number that has a word may be written as either; reading gives the word.
 */
export function enumeratedCodec<const W extends string>(words: readonly W[]): EnumeratedCodec<W> {
  const numbers = new Map<string, number>(words.map((word, number) => [word, number]));
  return {
    words,
    matches: (octet) => octet === tags.enumerated,
    write(writer, value) {
      const number = typeof value === 'string' ? numbers.get(value) : value;
      if (typeof number !== 'number') {
        return writer.fail(`${describeValue(value)} is none of ${words.join(', ')} and no number`);
      }
      writeInteger(writer, number, tags.enumerated);
    },
    read(reader) {
      const start = reader.position;
      const number = readInteger(reader, tags.enumerated);
      if (typeof number === 'bigint') {
        return reader.fail('FLEX_LIMIT', `enumeration number ${number} is beyond 2^53-1`, start);
      }
      return words[number] ?? number;
    },
  };
}
