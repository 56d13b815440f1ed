import { writeUint16, writeUint32 } from '../message/network-byte-order.ts';
import type { Template } from '../message/template.ts';

/** Octets of the template record of a template whose derived fields have become fields like the others. */
export function templateRecordOctets(id: number, template: Template): Uint8Array {
  const fields = [...template.fields, ...template.derivedFields.map(({ field }) => field)];
  const octets = new Uint8Array(6 + 8 * fields.length);
  writeUint16(octets, 0, id);
  writeUint16(octets, 2, fields.length);
  let at = 4;
  if (template.kind === 'options') {
    // NetFlow v9 allows options without a scope, IPFIX does not (RFC 7011 section 3.4.2.2).
    writeUint16(octets, 4, Math.max(1, template.scopeFieldCount));
    at = 6;
  }
  for (const { pen, id: element, length } of fields) {
    writeUint16(octets, at, pen === 0 ? element : element | 0x8000);
    writeUint16(octets, at + 2, length);
    if (pen !== 0) writeUint32(octets, at + 4, pen);
    at += pen === 0 ? 4 : 8;
  }
  return octets.slice(0, at);
}
