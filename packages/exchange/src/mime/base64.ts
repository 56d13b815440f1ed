/**
 * Bytes of a base64 body, strictly: the alphabet of RFC 2045, section 6.8, white space between, whole groups of four.
 * That section lets a decoder skip other characters and calls them the sign of a transmission error; with evidence we
 * don't guess, so undefined.
 */
export function decodeBase64(body: Buffer): Uint8Array | undefined {
  let digits = 0;
  let padding = 0;
  for (const octet of body) {
    const kind = kinds[octet];
    if (kind === digit) {
      if (padding > 0) return undefined;
      digits++;
    } else if (kind === pad) padding++;
    else if (kind !== space) return undefined;
  }
  if (padding > 2 || (digits + padding) % 4 !== 0) return undefined;
  return new Uint8Array(Buffer.from(body.toString('latin1'), 'base64'));
}

const digit = 1;
const pad = 2;
const space = 3;

/** What each octet means; 0: nothing. */
const kinds = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  kinds[character.charCodeAt(0)] = digit;
}
for (const character of ' \t\r\n') kinds[character.charCodeAt(0)] = space;
kinds['='.charCodeAt(0)] = pad;
