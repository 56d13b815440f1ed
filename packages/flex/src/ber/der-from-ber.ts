import { DerWriter } from '../der/der-writer.ts';
import { isPadding } from '../der/integer.ts';
import { contextTag, tags } from '../der/tags.ts';
import type { FlexLimits } from '../flex-limits.ts';
import { type BerElement, readBerElement } from './ber-element.ts';
import { derRealContents } from './ber-real.ts';
import { derTimeContents } from './ber-time.ts';

/**
 * The same record in DER, so that one decoder, a strict one, reads both. All types of the module but CHOICE are seen in
 * their tags, since tags are explicit; what DER demands of each is done here:
 *
 * - lengths and integers in as few octets as can be, strings in one piece (X.690, 10.1, 10.2, 8.3.2);
 * - TRUE as `ff` (11.1), REAL and GeneralizedTime in their one form (11.3, 11.7);
 * - no empty `correlation`, which is the DEFAULT (11.5).
 *
 * What is in no form of its type is left as it is, for the decoder to refuse. With implicit tags the types of primitives
 * are not seen: then only lengths are made those of DER.
 * @throws FlexError for octets that are no element in BER, or beyond a limit
 */
export function derFromBer(bytes: Uint8Array, limits: FlexLimits): Uint8Array {
  const writer = new DerWriter(new Uint8Array(bytes.length + 64));
  write(writer, withoutDefault(readBerElement(bytes, limits)));
  return writer.result();
}

/** `correlation [3] SEQUENCE OF CorrelatedFlows DEFAULT {}` of `[APPLICATION 0] SEQUENCE`. */
function withoutDefault(record: BerElement): BerElement {
  const [sequence] = childrenOf(record);
  if (sequence?.identifier[0] !== tags.sequence) return record;
  const fields = childrenOf(sequence).filter((field) => !isEmptyCorrelation(field));
  return { ...record, contents: [{ ...sequence, contents: fields }] };
}

function isEmptyCorrelation(field: BerElement): boolean {
  const [list, ...others] = childrenOf(field);
  return (
    field.identifier[0] === contextTag(3) &&
    others.length === 0 &&
    list?.identifier[0] === tags.sequence &&
    list.contents.length === 0
  );
}

function childrenOf({ contents }: BerElement): readonly BerElement[] {
  return contents instanceof Uint8Array ? [] : contents;
}

function write(writer: DerWriter, { identifier, contents }: BerElement): void {
  const mark = writer.size;
  if (contents instanceof Uint8Array) writer.octets(derContents(identifier[0], contents));
  else for (let i = contents.length - 1; i >= 0; i--) write(writer, contents[i]);
  writer.header(identifier[identifier.length - 1], mark);
  for (let i = identifier.length - 2; i >= 0; i--) writer.octet(identifier[i]);
}

function derContents(identifier: number, contents: Uint8Array): Uint8Array {
  switch (identifier) {
    case tags.boolean:
      return contents.length === 1 && contents[0] !== 0 ? Uint8Array.of(0xff) : contents;
    case tags.integer:
    case tags.enumerated:
      return withoutPadding(contents);
    case tags.real:
      return derRealContents(contents) ?? contents;
    case tags.generalizedTime:
      return derTimeContents(contents) ?? contents;
    default:
      return contents;
  }
}

function withoutPadding(contents: Uint8Array): Uint8Array {
  let start = 0;
  while (start + 1 < contents.length && isPadding(contents[start], contents[start + 1])) start++;
  return contents.subarray(start);
}
