/** How tags stand around types: X.680, 31.2.7. A module header without a TAGS clause means explicit. */
export type FlexTagging = 'explicit' | 'implicit';

/**
 * How the tags of a record are, seen in its second element: the SEQUENCE within `[APPLICATION 0]`, or `settings [0]` in
 * its place. Undefined for octets that begin as no record does, in DER or BER.
 */
export function flexTaggingOf(bytes: Uint8Array): FlexTagging | undefined {
  if (bytes[0] !== 0x60) return undefined;
  const length = bytes[1] ?? 0;
  const second = bytes[2 + (length > 0x80 ? length & 0x7f : 0)];
  if (second === 0x30) return 'explicit';
  return second === 0xa0 ? 'implicit' : undefined;
}
