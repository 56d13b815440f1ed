/** The octets of a mail, its lines as they are on the wire. */
export function mailOf(...lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join('\r\n'), 'utf8');
}
