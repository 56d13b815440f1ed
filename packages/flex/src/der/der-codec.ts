import type { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';

/** An ASN.1 type, knowing its DER form in both directions. */
export interface DerCodec<T> {
  /** Whether an element of this type can begin with this identifier octet. */
  matches(octet: number): boolean;
  /**
   * Puts the whole element (identifier, length, contents) in front of what the writer holds.
   * @throws FlexError `FLEX_INVALID` for a value outside the type.
   */
  write(writer: DerWriter, value: T): void;
  /**
   * Takes one whole element.
   * @throws FlexError for anything else than this type in DER.
   */
  read(reader: DerReader): T;
}
