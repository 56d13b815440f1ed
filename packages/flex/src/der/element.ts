import type { FlexError } from '../flex-error.ts';
import { deepestNesting, resolveFlexLimits } from '../flex-limits.ts';
import { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';
import { describeTag, tagIdentity } from './tags.ts';

/** EXTERNAL, EMBEDDED PDV, SEQUENCE, SET, CHARACTER STRING; in DER all other universal types are primitive (10.2). */
const constructedUniversal = new Set([8, 11, 16, 17, 29]);

/**
 * Takes an element of a type that this version of the module does not have, its tag none of those known at its place,
 * and returns a copy of all its octets. Identifiers, lengths and nesting are checked to be DER all the way down; the
 * contents of primitives are not looked at, since their types are not known.
 */
export function readElement(reader: DerReader, known: readonly number[]): Uint8Array {
  const start = reader.position;
  if (start >= reader.end) reader.fail('FLEX_MISSING', 'the element around it ends before the value');
  if (isKnownTag(reader.bytes[start], known)) {
    reader.fail(
      'FLEX_BAD_TAG',
      `${describeTag(reader.bytes[start])} is repeated, out of order or in the wrong form`,
    );
  }
  skipElement(reader, 0);
  return reader.bytes.slice(start, reader.position);
}

/** Puts such an element in front, after the same checks, and where its tag is none of those known at its place. */
export function writeElement(writer: DerWriter, element: Uint8Array, known: readonly number[]): void {
  if (!(element instanceof Uint8Array) || element.length === 0) writer.fail('not the octets of an element');
  if (isKnownTag(element[0], known)) writer.fail(`${describeTag(element[0])} is no unknown tag here`);
  const reader = new DerReader(element, resolveFlexLimits({ maxNesting: deepestNesting }));
  try {
    skipElement(reader, 0);
    reader.leave(element.length);
  } catch (error) {
    writer.fail(`not one element in DER: ${(error as FlexError).message}`);
  }
  writer.octets(element);
}

function skipElement(reader: DerReader, nesting: number): void {
  const { bytes } = reader;
  const start = reader.position;
  if (nesting > reader.limits.maxNesting) {
    reader.fail('FLEX_LIMIT', `elements nested deeper than maxNesting = ${reader.limits.maxNesting}`);
  }
  const octet = bytes[reader.position++];
  const constructed = (octet & 0x20) !== 0;
  if ((octet & 0x1f) === 0x1f) skipLongTagNumber(reader, start);
  else if (octet >> 6 === 0) {
    const number = octet & 0x1f;
    if (number === 0) reader.fail('FLEX_BAD_TAG', 'end-of-contents without indefinite length', start);
    if (constructed !== constructedUniversal.has(number)) {
      reader.fail(
        'FLEX_NOT_DER',
        `universal type ${number} in the wrong one of primitive and constructed`,
        start,
      );
    }
  }
  const length = reader.length();
  if (!constructed) {
    reader.position += length;
    return;
  }
  const outerEnd = reader.end;
  reader.end = reader.position + length;
  while (reader.position < reader.end) skipElement(reader, nesting + 1);
  reader.end = outerEnd;
}

/** X.690, 8.1.2.4: base 128, without leading zeros, for numbers from 31 only. */
function skipLongTagNumber(reader: DerReader, start: number): void {
  const { bytes, end } = reader;
  const first = reader.position;
  while (reader.position < end && bytes[reader.position] >= 0x80) reader.position++;
  if (reader.position >= end) {
    reader.fail('FLEX_BAD_LENGTH', 'tag number without end', start);
  }
  reader.position++;
  if (bytes[first] === 0x80) reader.fail('FLEX_NOT_DER', 'tag number with leading zeros', start);
  if (bytes[first] < 31) reader.fail('FLEX_NOT_DER', 'small tag number in long form', start);
}

/** Whether `octet` is the tag of something known, be it primitive or constructed. */
function isKnownTag(octet: number, known: readonly number[]): boolean {
  const identity = tagIdentity(octet);
  return known.some((tag) => tagIdentity(tag) === identity);
}
