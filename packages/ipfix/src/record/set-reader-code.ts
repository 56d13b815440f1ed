import { type FieldSpecifier, type Template, variableLength } from '../message/template.ts';
import { samplingRateCode } from '../sampling/sampling-code.ts';
import { listFunctions } from '../structured/list-functions.ts';
import { derivedFunctions, derivedPlace, keepSource, sourceFields } from './derived-value.ts';
import type { FieldPlace } from './field-place.ts';

/** What generated code does with the fields of a record. */
export interface RecordCode {
  /** Statements before the first field. */
  readonly begin: string;
  /** Statement for one field, or undefined to skip it; the derived ones come behind those of the wire. */
  field(specifier: FieldSpecifier, place: FieldPlace, index: number): string | undefined;
  /** Statements behind the last field; asked for last. */
  end(): string;
  /** Fields, integers of up to 8 octets, whose numbers `end` finds in variables {@link sourceName}. */
  readonly keptFields?: readonly number[];
  /** Whether `end` uses the variable `samplingRate`. */
  readonly usesSamplingRate?: boolean;
}

/** A variable-length field's length, of 1 or 3 octets (RFC 7011 section 7), leaving `p` at its first octet. */
const readVariableLength = (offset: number) => [
  `n = bytes[p + ${offset}];`,
  `p += ${offset + 1};`,
  'if (n === 255) { n = bytes[p] << 8 | bytes[p + 1]; p += 2; }',
];

/**
 * Source of the body of a `DataSetReader`: a loop over the records of a data set. Offsets are constants from
 * the beginning of the record, or from the variable-length field before. The source consists of this text,
 * numbers, and what `code` gives.
 */
export function setReaderCode(template: Template, code: RecordCode): string {
  const lines = ['let p = start;', 'let n = 0;', 'let records = 0;', 'while (p < end) {', code.begin];
  let offset = 0;
  const samplingRate = samplingRateCode(template);
  /** Where in `lines` the statement stands that keeps a field for the derived ones. */
  const sources = new Map<number, { readonly line: number; readonly statement: string }>();
  const possibleSources = new Set([
    ...template.derivedFields.flatMap(sourceFields),
    ...(code.keptFields ?? []),
    ...samplingRate.sources,
  ]);
  const fieldStatement: RecordCode['field'] = (specifier, place, index) =>
    specifier.omitted === true ? undefined : code.field(specifier, place, index);
  for (const [index, specifier] of template.fields.entries()) {
    const { length } = specifier;
    if (possibleSources.has(index)) {
      sources.set(index, { line: lines.length, statement: keepSource(index, { offset, length }) });
      lines.push('');
    }
    if (length === variableLength) {
      lines.push(...readVariableLength(offset));
      const statement = fieldStatement(specifier, { offset: 0, length: 'variable' }, index);
      if (statement !== undefined) lines.push(statement);
      lines.push('p += n;');
      offset = 0;
    } else {
      const statement = fieldStatement(specifier, { offset, length }, index);
      if (statement !== undefined) lines.push(statement);
      offset += length;
    }
  }
  const keep = (index: number) => {
    const source = sources.get(index);
    if (source !== undefined) lines[source.line] = source.statement;
  };
  for (const [i, derived] of template.derivedFields.entries()) {
    const { field, place } = derivedPlace(derived);
    const statement = code.field(field, place, template.fields.length + i);
    if (statement === undefined) continue;
    lines.push(statement);
    for (const index of sourceFields(derived)) keep(index);
  }
  for (const index of code.keptFields ?? []) keep(index);
  if (code.usesSamplingRate === true) {
    for (const index of samplingRate.sources) keep(index);
    lines.push(`const samplingRate = ${samplingRate.code};`);
  }
  lines.push(`p += ${offset};`, code.end(), 'records++;', '}', 'return records;');
  return lines.join('\n');
}

/**
 * Makes a function of a body and the functions it calls. Every identifier and every literal in `body` comes
 * from this package (names given from outside are JSON literals), never from a template.
 */
export function compileSetReader<T>(body: string, scope: Readonly<Record<string, unknown>>): T {
  const source = `"use strict";\nreturn function readSet(bytes, start, end, header) {\n${body}\n};`;
  const known = { ...derivedFunctions, ...listFunctions, ...scope };
  return new Function(...Object.keys(known), source)(...Object.values(known));
}
