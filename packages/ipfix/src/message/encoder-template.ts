import { IpfixError } from '../ipfix-error.ts';
import { createValueWriter, isWritable, type ValueWriter } from '../record/value-writer.ts';
import { findElement } from '../registry/find-element.ts';
import { writeUint16, writeUint32 } from './network-byte-order.ts';
import { variableLength } from './template.ts';
import { firstTemplateId } from './template-format.ts';

/** A template as the caller of an encoder gives it. */
export interface TemplateDefinition {
  /** 256 to 65535. */
  readonly id: number;
  readonly fields: readonly {
    /** Default 0: IANA's registry. */
    readonly pen?: number;
    /** 1 to 32767; enterprises use 0 as well. */
    readonly id: number;
    /** Octets; 65535 makes strings and octetArrays of variable length. */
    readonly length: number;
  }[];
  /** Makes it an options template, whose first so many fields are the scope. */
  readonly scopeFieldCount?: number;
}

/** A template ready for use. */
export interface EncoderTemplate {
  readonly kind: 'data' | 'options';
  /** The template record as it goes on the wire. */
  readonly octets: Uint8Array;
  readonly writers: readonly ValueWriter[];
  /** For error messages: the elements' names. */
  readonly fieldNames: readonly string[];
}

/** @throws IpfixError `IPFIX_BAD_TEMPLATE` */
export function createEncoderTemplate(definition: TemplateDefinition): EncoderTemplate {
  const { id: templateId, fields, scopeFieldCount } = definition;
  const refuse = (message: string): never => {
    throw new IpfixError('IPFIX_BAD_TEMPLATE', `template ${templateId}: ${message}`, { templateId });
  };
  const isInteger = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;

  if (!isInteger(templateId, firstTemplateId, 65535)) refuse('give an id from 256 to 65535');
  if (!isInteger(fields.length, 1, 65535)) refuse('give 1 to 65535 fields');
  if (scopeFieldCount !== undefined && !isInteger(scopeFieldCount, 1, fields.length)) {
    refuse(`scopeFieldCount is ${scopeFieldCount}: give 1 to ${fields.length}, the number of fields`);
  }

  const kind = scopeFieldCount === undefined ? 'data' : 'options';
  const headerLength = kind === 'data' ? 4 : 6;
  const octets = new Uint8Array(headerLength + 8 * fields.length);
  writeUint16(octets, 0, templateId);
  writeUint16(octets, 2, fields.length);
  if (scopeFieldCount !== undefined) writeUint16(octets, 4, scopeFieldCount);
  let at = headerLength;
  const writers: ValueWriter[] = [];
  const fieldNames: string[] = [];
  let shortest = 0;
  for (const { pen = 0, id, length } of fields) {
    const element = findElement(pen, id);
    const dataType = element?.dataType ?? 'octetArray';
    const name = element?.name ?? `e${pen}id${id}`;
    if (!isInteger(id, pen === 0 ? 1 : 0, 32767) || !isInteger(pen, 0, 0xffffffff))
      refuse(`no element ${pen}:${id} can be`);
    if (!isInteger(length, 1, variableLength) || !isWritable(dataType, length)) {
      refuse(`a ${dataType} (${name}) cannot have length ${length}`);
    }
    writeUint16(octets, at, pen === 0 ? id : id | 0x8000);
    writeUint16(octets, at + 2, length);
    if (pen !== 0) writeUint32(octets, at + 4, pen);
    at += pen === 0 ? 4 : 8;
    shortest += length === variableLength ? 1 : length;
    writers.push(createValueWriter(dataType, length));
    fieldNames.push(name);
  }
  if (shortest > 65535) refuse(`its records have at least ${shortest} octets, more than a message`);
  return { kind, octets: octets.slice(0, at), writers, fieldNames };
}
