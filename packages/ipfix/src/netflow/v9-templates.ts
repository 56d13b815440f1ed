import { createTemplate } from '../message/create-template.ts';
import { readUint16 } from '../message/network-byte-order.ts';
import type { FieldSpecifier, Template } from '../message/template.ts';
import { firstTemplateId, type TemplateFormat, type TemplateRecord } from '../message/template-format.ts';
import { findV9Element, findV9Scope } from './v9-elements.ts';

/** Octets of a field type and its length. */
const specifierLength = 4;

function scan(bytes: Uint8Array, at: number, end: number, kind: Template['kind']): TemplateRecord {
  const id = readUint16(bytes, at);
  const record = { id, fieldCount: 0, scopeFieldCount: 0, fieldsStart: at + 4, end: at + 4 };
  const malformed = (reason: string): TemplateRecord => ({ ...record, kind: 'malformed', reason });
  if (id === 0 && readUint16(bytes, at + 2) === 0) return { ...record, kind: 'padding' };
  if (id < firstTemplateId) return malformed(`template id ${id} is below ${firstTemplateId}`);
  let fieldCount = readUint16(bytes, at + 2);
  let scopeFieldCount = 0;
  let fieldsStart = at + 4;
  if (kind === 'options') {
    if (at + 6 > end) return malformed('the set ends before the length of the options');
    // Unlike IPFIX, v9 gives octets here, and those of the scope apart (RFC 3954 section 6.1).
    const scopeOctets = fieldCount;
    const optionOctets = readUint16(bytes, at + 4);
    if (scopeOctets % specifierLength !== 0 || optionOctets % specifierLength !== 0) {
      return malformed(`${scopeOctets} and ${optionOctets} octets are not whole field specifiers`);
    }
    scopeFieldCount = scopeOctets / specifierLength;
    fieldCount = scopeFieldCount + optionOctets / specifierLength;
    fieldsStart = at + 6;
  }
  if (fieldCount === 0) return malformed('a template without fields');
  const recordEnd = fieldsStart + fieldCount * specifierLength;
  if (recordEnd > end) {
    const whole = Math.floor((end - fieldsStart) / specifierLength);
    return malformed(`the set ends within field ${whole + 1} of ${fieldCount}`);
  }
  return { kind: 'template', id, fieldCount, scopeFieldCount, fieldsStart, end: recordEnd };
}

function read(
  bytes: Uint8Array,
  { id, scopeFieldCount, fieldsStart, end }: TemplateRecord,
  kind: Template['kind'],
  observationDomainId: number,
): Template {
  const fields: FieldSpecifier[] = [];
  for (let at = fieldsStart; at < end; at += specifierLength) {
    const type = readUint16(bytes, at);
    const length = readUint16(bytes, at + 2);
    const place = fields.length < scopeFieldCount ? findV9Scope(type) : findV9Element(type);
    fields.push({ ...place, length });
  }
  return createTemplate({ kind, version: 9, id, observationDomainId, fields, scopeFieldCount });
}

/** Template flowsets of NetFlow v9 (RFC 3954 sections 5.2 and 6.1); H3C gives length 65535 the meaning it has in IPFIX. */
export const v9Templates: TemplateFormat = {
  templateSetId: 0,
  optionsTemplateSetId: 1,
  shortestRecord: 4,
  scan,
  read,
};
