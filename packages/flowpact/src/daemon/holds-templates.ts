/** Octets of a message's header, by the version in its first two octets: NetFlow v9 (RFC 3954), IPFIX (RFC 7011). */
const headerLengths: Readonly<Record<number, number>> = { 9: 20, 10: 16 };

/** Set ids below this are templates and options templates of either version. */
const firstDataSetId = 256;

/** Whether a message has template sets, as far as the headers of its sets tell; older versions have none. */
export function holdsTemplates(message: Uint8Array): boolean {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const start = message.length < 2 ? undefined : headerLengths[view.getUint16(0)];
  if (start === undefined) return false;
  for (let at = start; at + 4 <= message.length; ) {
    if (view.getUint16(at) < firstDataSetId) return true;
    const length = view.getUint16(at + 2);
    if (length < 4) return false;
    at += length;
  }
  return false;
}
