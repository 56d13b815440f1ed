import fc from 'fast-check';

/** Identifier octets that no sequence and no choice of the module knows: long numbers, other classes, other types. */
const primitiveTags = ['91', '9e', '9f1f', '9f8100', '42', '5f7f', 'c0', '06', '13'];
const constructedTags = ['b0', 'be', 'bf1f', '6a', '7f8f7f', 'e0', 'ff20', '31'];

const primitive = fc
  .tuple(fc.constantFrom(...primitiveTags), fc.uint8Array({ maxLength: 300, size: 'medium' }))
  .map(([tag, contents]) => element(tag, Buffer.from(contents)));

const { anyElement } = fc.letrec<{ anyElement: Buffer }>((tie) => ({
  anyElement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    primitive,
    fc
      .tuple(fc.constantFrom(...constructedTags), fc.array(tie('anyElement'), { maxLength: 3 }))
      .map(([tag, members]) => element(tag, Buffer.concat(members))),
  ),
}));

/** One element in DER of a type that the module does not have. */
export const arbitraryElement: fc.Arbitrary<Uint8Array> = anyElement.map((buffer) => Uint8Array.from(buffer));

function element(tag: string, contents: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag, 'hex'), lengthOctets(contents.length), contents]);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x100) return Buffer.of(0x81, length);
  return Buffer.of(0x82, length >> 8, length & 0xff);
}
