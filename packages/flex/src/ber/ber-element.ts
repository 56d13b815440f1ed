import { FlexError, type FlexErrorCode } from '../flex-error.ts';
import type { FlexLimits } from '../flex-limits.ts';

/** One element of BER, its strings put together and its lengths forgotten. */
export interface BerElement {
  /** Identifier octets as they are written in DER: one, or more for tag numbers from 31. */
  readonly identifier: Uint8Array;
  readonly contents: Uint8Array | readonly BerElement[];
}

/** Types whose contents BER may cut into pieces (X.690, 8.7 and 8.23): OCTET STRING, UTF8String, GeneralizedTime. */
const stringTypes = new Set([0x04, 0x0c, 0x18]);
const octetString = 0x04;

/** Elements that the module itself nests around a value, before lists in lists. */
const moduleNesting = 24;

/**
 * Takes the one element that the octets are (X.690, clause 8): lengths in any form, indefinite ones too, strings in
 * pieces. Elements count against `maxValues`, nesting against `maxNesting`.
 * @throws FlexError for octets that are no element in BER, or beyond a limit
 */
export function readBerElement(bytes: Uint8Array, limits: FlexLimits): BerElement {
  const cursor = { bytes, position: 0, elements: 0, limits };
  const element = read(cursor, bytes.length, 0);
  if (cursor.position !== bytes.length) fail(cursor, 'FLEX_TRAILING', 'nothing may follow the record');
  return element;
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly limits: FlexLimits;
  position: number;
  elements: number;
}

function read(cursor: Cursor, end: number, nesting: number): BerElement {
  const { bytes, limits } = cursor;
  const start = cursor.position;
  if (++cursor.elements > limits.maxValues) {
    fail(cursor, 'FLEX_LIMIT', `more elements than maxValues = ${limits.maxValues}`);
  }
  if (nesting > moduleNesting + 2 * limits.maxNesting) {
    fail(cursor, 'FLEX_LIMIT', `elements nested deeper than maxNesting = ${limits.maxNesting} allows`);
  }
  skipIdentifier(cursor, end);
  const identifier = bytes.slice(start, cursor.position);
  const isConstructed = (identifier[0] & 0x20) !== 0;
  const length = lengthOf(cursor, end);
  if (length === undefined && !isConstructed) {
    fail(cursor, 'FLEX_BAD_LENGTH', 'indefinite length of a primitive element');
  }
  if (!isConstructed) {
    const contents = bytes.slice(cursor.position, cursor.position + (length as number));
    cursor.position += contents.length;
    return { identifier, contents };
  }
  const children = readChildren(
    cursor,
    length === undefined ? undefined : cursor.position + length,
    end,
    nesting,
  );
  const primitive = identifier[0] & ~0x20;
  if (!stringTypes.has(primitive)) return { identifier, contents: children };
  return { identifier: Uint8Array.of(primitive), contents: joined(cursor, primitive, children) };
}

/** Up to `ownEnd`, or up to the end-of-contents octets where it is undefined. */
function readChildren(
  cursor: Cursor,
  ownEnd: number | undefined,
  outerEnd: number,
  nesting: number,
): readonly BerElement[] {
  const { bytes } = cursor;
  const end = ownEnd ?? outerEnd;
  const children: BerElement[] = [];
  while (cursor.position < end) {
    if (bytes[cursor.position] === 0) {
      if (ownEnd !== undefined) fail(cursor, 'FLEX_BAD_TAG', 'end-of-contents without indefinite length');
      if (cursor.position + 1 >= end) break;
      if (bytes[cursor.position + 1] !== 0) fail(cursor, 'FLEX_BAD_LENGTH', 'end-of-contents with contents');
      cursor.position += 2;
      return children;
    }
    children.push(read(cursor, end, nesting + 1));
  }
  if (ownEnd === undefined)
    fail(cursor, 'FLEX_TRUNCATED', 'the input ends before the end-of-contents octets');
  return children;
}

/** Pieces are OCTET STRINGs (X.690, 8.23.6); some encoders repeat the type of the whole. */
function joined(cursor: Cursor, type: number, pieces: readonly BerElement[]): Uint8Array {
  const contents = pieces.map(({ identifier, contents: piece }) => {
    const isPiece = identifier[0] === octetString || identifier[0] === type;
    if (!isPiece || !(piece instanceof Uint8Array)) {
      return fail(cursor, 'FLEX_BAD_TAG', 'a piece of a string that is none');
    }
    return piece;
  });
  return Uint8Array.from(Buffer.concat(contents));
}

/** X.690, 8.1.2. */
function skipIdentifier(cursor: Cursor, end: number): void {
  const { bytes } = cursor;
  if (cursor.position >= end) fail(cursor, 'FLEX_TRUNCATED', 'the input ends before an element');
  if ((bytes[cursor.position++] & 0x1f) !== 0x1f) return;
  while (cursor.position < end && bytes[cursor.position] >= 0x80) cursor.position++;
  if (cursor.position++ >= end) fail(cursor, 'FLEX_BAD_LENGTH', 'tag number without end');
}

/** X.690, 8.1.3: undefined for the indefinite form. */
function lengthOf(cursor: Cursor, end: number): number | undefined {
  const { bytes } = cursor;
  if (cursor.position >= end) fail(cursor, 'FLEX_TRUNCATED', 'the input ends before a length');
  const first = bytes[cursor.position++];
  if (first === 0x80) return undefined;
  if (first === 0xff) fail(cursor, 'FLEX_BAD_LENGTH', 'reserved length octet ff');
  let length = first;
  if (first > 0x80) {
    const last = cursor.position + (first & 0x7f);
    if (last > end) fail(cursor, 'FLEX_TRUNCATED', 'the input ends before a length does');
    length = 0;
    // Beyond 2^53 it is inexact, and far beyond any input.
    while (cursor.position < last) length = length * 256 + bytes[cursor.position++];
  }
  if (length > end - cursor.position) {
    const isCut = length > bytes.length - cursor.position;
    fail(
      cursor,
      isCut ? 'FLEX_TRUNCATED' : 'FLEX_BAD_LENGTH',
      `${length} octets are announced, that are not there`,
    );
  }
  return length;
}

function fail({ position }: Cursor, code: FlexErrorCode, message: string): never {
  throw new FlexError(code, `octet ${position}: ${message}`, { offset: position, path: '' });
}
