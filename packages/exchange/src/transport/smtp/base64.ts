/**
 * Bytes of a base64 body, strictly: alphabet of RFC 2045, section 6.8, white space between, whole groups of four.
 * That section lets a decoder skip other characters and calls them the sign of a transmission error; with evidence we
 * don't guess, so undefined.
 */
export function decodeBase64(body: Buffer): Uint8Array | undefined {
  const text = body.toString('latin1').replace(/[\r\n\t ]+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
