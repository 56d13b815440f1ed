import { createLayoutCache } from '../filter/layout-cache.ts';
import { createTemplate } from '../message/create-template.ts';
import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { FieldSpecifier, Template } from '../message/template.ts';
import { type FieldPlace, unsignedCode } from '../record/field-place.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import type { CryptoPan } from './crypto-pan.ts';
import type { FieldTreatment } from './treatment.ts';

/** Kept fields up to this many octets are copied one by one, without a call. */
const shortField = 8;

/**
 * Makes readers that pass records on with their fields treated. Removed fields, and those that a view of a template
 * omits, are no longer in the template.
 *
 * @param pan needed where a field is treated with it
 */
export function createTreatingReader(
  treatmentOf: (field: FieldSpecifier) => FieldTreatment,
  pan?: CryptoPan,
): (reader: RecordReader) => RecordReader {
  const ofField = (field: FieldSpecifier): FieldTreatment =>
    field.omitted === true ? { kind: 'remove' } : treatmentOf(field);
  const compiled = createLayoutCache((template) => compileTreatment(template, ofField, pan));
  return (reader) => ({ compile: (template) => treatedReader(template, ofField, compiled, reader) });
}

/** Writes treated records to `out` and hands them to `inner`. */
type TreatRecords = (
  ...args: [...Parameters<DataSetReader>, out: Uint8Array, inner: DataSetReader]
) => number;

function treatedReader(
  template: Template,
  treatmentOf: (field: FieldSpecifier) => FieldTreatment,
  compiled: { compile(template: Template): TreatRecords },
  reader: RecordReader,
): DataSetReader | undefined {
  const treatments = template.fields.map(treatmentOf);
  if (treatments.every(({ kind }) => kind === 'keep')) return reader.compile(template);
  const remains = (index: number) => treatments[index].kind !== 'remove';
  const fields = template.fields.filter((_, index) => remains(index));
  const scopeFieldCount = template.fields
    .slice(0, template.scopeFieldCount)
    .filter((_, i) => remains(i)).length;
  if (fields.every(({ length }) => length === 0)) return undefined;
  const headerFields = template.derivedFields.filter(({ kind }) => kind === 'header');
  const inner = reader.compile({
    ...template,
    ...createTemplate({ ...template, fields, scopeFieldCount, headerFields }),
  });
  if (inner === undefined) return undefined;
  const treat = compiled.compile(template);
  let out = new Uint8Array(0);
  return (bytes, start, end, header) => {
    // Records never become longer.
    if (out.length < end - start) out = new Uint8Array(end - start);
    return treat(bytes, start, end, header, out, inner);
  };
}

function compileTreatment(
  template: Template,
  treatmentOf: (field: FieldSpecifier) => FieldTreatment,
  pan: CryptoPan | undefined,
): TreatRecords {
  const statements = setReaderCode(template, {
    begin: '',
    field(field, place, index) {
      // Derived fields, whose octets are none of the record's, follow from those that remain.
      return index < template.fields.length ? fieldCode(field, place, treatmentOf(field)) : undefined;
    },
    end: () => 'if (p >= end) inner(out, 0, at, header);',
  });
  const prologue = 'const out = arguments[4], inner = arguments[5];\nlet at = 0;\n';
  return compileSetReader(prologue + statements, { ...anonymiseFunctions, pan });
}

/** Statements that write the treated field to `out` and move `at` behind it. */
function fieldCode(field: FieldSpecifier, place: FieldPlace, treatment: FieldTreatment): string | undefined {
  const source = `p + ${place.offset}`;
  switch (treatment.kind) {
    case 'remove':
      return undefined;
    case 'keep':
      if (place.length === 'variable') return 'at = copyVariable(bytes, p, n, out, at);';
      if (place.length > shortField) return `at = copyOctets(bytes, ${source}, ${place.length}, out, at);`;
      return Array.from({ length: place.length }, (_, i) => `out[at++] = bytes[${source} + ${i}];`).join(
        '\n',
      );
    case 'pan-ipv4':
      return `at = writeIpv4(pan.ipv4(${unsignedCode(place, 0, 4)}), out, at);`;
    case 'pan-ipv6':
      return `pan.ipv6(bytes, ${source}, out, at);\nat += 16;`;
    case 'truncate':
      return `at = truncate(bytes, ${source}, ${field.length}, ${treatment.bits}, out, at);`;
    default:
      return treatment satisfies never;
  }
}

const anonymiseFunctions = {
  copyOctets(bytes: Uint8Array, from: number, length: number, out: Uint8Array, at: number): number {
    for (let i = 0; i < length; i++) out[at + i] = bytes[from + i];
    return at + length;
  },
  /** With its length in front, in the shorter form where it fits (RFC 7011 section 7). */
  copyVariable(bytes: Uint8Array, from: number, length: number, out: Uint8Array, at: number): number {
    let next = at;
    if (length < 255) {
      out[next++] = length;
    } else {
      out[next++] = 255;
      out[next++] = length >>> 8;
      out[next++] = length;
    }
    return anonymiseFunctions.copyOctets(bytes, from, length, out, next);
  },
  writeIpv4(address: number, out: Uint8Array, at: number): number {
    out[at] = address >>> 24;
    out[at + 1] = address >>> 16;
    out[at + 2] = address >>> 8;
    out[at + 3] = address;
    return at + 4;
  },
  truncate(
    bytes: Uint8Array,
    from: number,
    length: number,
    bits: number,
    out: Uint8Array,
    at: number,
  ): number {
    for (let i = 0; i < length; i++) {
      const kept = Math.min(8, Math.max(0, bits - 8 * i));
      out[at + i] = bytes[from + i] & (0xff00 >> kept);
    }
    return at + length;
  },
};
