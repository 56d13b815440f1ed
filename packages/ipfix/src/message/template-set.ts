import { createTemplate } from './create-template.ts';
import type { DomainKnowledge } from './domain-knowledge.ts';
import { ipfixVersion } from './message-header.ts';
import { readUint16, readUint32 } from './network-byte-order.ts';
import type { FieldSpecifier, Template } from './template.ts';
import { firstTemplateId, type TemplateFormat, type TemplateRecord } from './template-format.ts';

/** Octets of the field specifier at `at`, by its enterprise bit. */
const specifierLength = (bytes: Uint8Array, at: number) => ((bytes[at] & 0x80) === 0 ? 4 : 8);

/** Finds the borders of the template record at `at`; `end` is that of its set, at least 4 octets further. */
function scanTemplateRecord(
  bytes: Uint8Array,
  at: number,
  end: number,
  kind: Template['kind'],
): TemplateRecord {
  const id = readUint16(bytes, at);
  const fieldCount = readUint16(bytes, at + 2);
  const record = { id, fieldCount, scopeFieldCount: 0, fieldsStart: at + 4, end: at + 4 };
  if (id === 0 && fieldCount === 0) return { ...record, kind: 'padding' };
  // A withdrawal has no scope field count even in an options template set (RFC 7011 section 8.1).
  if (fieldCount === 0) return { ...record, kind: 'withdrawal' };
  const malformed = (reason: string): TemplateRecord => ({ ...record, kind: 'malformed', reason });
  if (id < firstTemplateId) return malformed(`template id ${id} is below ${firstTemplateId}`);
  let scopeFieldCount = 0;
  let fieldsStart = at + 4;
  if (kind === 'options') {
    if (at + 6 > end) return malformed('the set ends before the scope field count');
    scopeFieldCount = readUint16(bytes, at + 4);
    fieldsStart = at + 6;
    if (scopeFieldCount > fieldCount) {
      return malformed(`${scopeFieldCount} scope fields are more than ${fieldCount} fields`);
    }
  }
  let next = fieldsStart;
  for (let i = 0; i < fieldCount; i++) {
    // The first octet decides how long the specifier is; where even that is missing, 4 is too long as well.
    const length = next < end ? specifierLength(bytes, next) : 4;
    if (next + length > end) return malformed(`the set ends within field ${i + 1} of ${fieldCount}`);
    next += length;
  }
  return { kind: 'template', id, fieldCount, scopeFieldCount, fieldsStart, end: next };
}

/** Reads the fields of a record that {@link scanTemplateRecord} found whole. */
function readTemplate(
  bytes: Uint8Array,
  record: TemplateRecord,
  kind: Template['kind'],
  observationDomainId: number,
  findElement: DomainKnowledge['findElement'],
): Template {
  const fields: FieldSpecifier[] = [];
  for (let at = record.fieldsStart; at < record.end; at += specifierLength(bytes, at)) {
    const id = readUint16(bytes, at) & 0x7fff;
    const length = readUint16(bytes, at + 2);
    const pen = specifierLength(bytes, at) === 8 ? readUint32(bytes, at + 4) : 0;
    fields.push({ pen, id, length, element: findElement(pen, id) });
  }
  const { id, scopeFieldCount } = record;
  return createTemplate({ kind, version: ipfixVersion, id, observationDomainId, fields, scopeFieldCount });
}

/** Template sets of IPFIX (RFC 7011 sections 3.4.1 and 3.4.2). */
export const ipfixTemplates: TemplateFormat = {
  templateSetId: 2,
  optionsTemplateSetId: 3,
  shortestRecord: 4,
  scan: scanTemplateRecord,
  read: readTemplate,
};
