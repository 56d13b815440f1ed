import { type BerElement, readBerElement } from '../../src/ber/ber-element.ts';
import { defaultFlexLimits } from '../../src/flex-limits.ts';

/** Takes the next of some numbers that decide, again from the first when they are used up. */
export function choices(tape: readonly number[]): (below: number) => number {
  let next = 0;
  return (below) => (tape.length === 0 ? 0 : tape[next++ % tape.length] % below);
}

interface Form {
  readonly choose: (below: number) => number;
  readonly isInPieces: boolean;
}

/** The same record in another form that BER allows, as the choices have it; in pieces: strings and indefinite lengths. */
export function berOf(der: Uint8Array, choose: Form['choose'], isInPieces = true): Uint8Array {
  return written(readBerElement(der, defaultFlexLimits), { choose, isInPieces });
}

const boolean = 0x01;
const integer = 0x02;
const enumerated = 0x0a;
const strings = new Set([0x04, 0x0c, 0x18]);

/** `cuts`: how often a string may still be cut. */
function written({ identifier, contents }: BerElement, form: Form, cuts = 2): Uint8Array {
  const { choose, isInPieces } = form;
  const [tag] = identifier;
  if (!(contents instanceof Uint8Array)) {
    const inner = Buffer.concat(contents.map((child) => written(child, form)));
    return isInPieces && choose(2) === 0
      ? Buffer.concat([identifier, Buffer.of(0x80), inner, Buffer.of(0, 0)])
      : Buffer.concat([identifier, longLength(inner.length, choose(4)), inner]);
  }
  let octets: Uint8Array = contents;
  if (tag === boolean && contents[0] === 0xff) octets = Uint8Array.of(1 + choose(255));
  if ((tag === integer || tag === enumerated) && choose(2) === 0) {
    octets = Buffer.concat([Buffer.alloc(1 + choose(3), contents[0] >= 0x80 ? 0xff : 0), contents]);
  }
  if (isInPieces && cuts > 0 && strings.has(tag) && choose(2) === 0) {
    const cut = choose(contents.length + 1);
    const pieces = [contents.subarray(0, cut), contents.subarray(cut)].map((piece) =>
      written({ identifier: Uint8Array.of(0x04), contents: piece }, form, cuts - 1),
    );
    const inner = Buffer.concat(pieces);
    return Buffer.concat([Buffer.of(tag | 0x20), longLength(inner.length, choose(4)), inner]);
  }
  return Buffer.concat([identifier, longLength(octets.length, choose(4)), octets]);
}

/** In up to `more` octets more than it needs. */
function longLength(length: number, more: number): Buffer {
  if (more === 0 && length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const digits = hex.padStart(hex.length + (hex.length % 2), '0');
  const octets = Buffer.concat([Buffer.alloc(more), Buffer.from(digits, 'hex')]);
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets]);
}

/** The same record with implicit tags: each tag in the place of those within it, up to the type's own. */
export function implicitOf(der: Uint8Array): Uint8Array {
  return implicitly(readBerElement(der, defaultFlexLimits));
}

function implicitly({ identifier, contents }: BerElement): Uint8Array {
  const type = innermost({ identifier, contents });
  const octets =
    type.contents instanceof Uint8Array ? type.contents : Buffer.concat(type.contents.map(implicitly));
  const constructed = type.contents instanceof Uint8Array ? 0 : 0x20;
  return Buffer.concat([
    Buffer.of((identifier[0] & ~0x20) | constructed),
    longLength(octets.length, 0),
    octets,
  ]);
}

/** The element of a universal type within tags of other classes. */
function innermost(element: BerElement): BerElement {
  const isUniversal = element.identifier[0] >> 6 === 0;
  if (isUniversal || element.contents instanceof Uint8Array) return element;
  return innermost(element.contents[0]);
}
