import type { Template } from '../message/template.ts';
import { sourceName } from '../record/derived-value.ts';
import { fieldName } from '../record/field-name.ts';
import { isSampledCounter } from '../sampling/sampling-code.ts';
import type { LineExtras } from './line-code.ts';

/** What a line says beside the fields: keys, and statements that write their values. */
export interface ExtraValues {
  readonly values: readonly { readonly key: string; readonly value: string }[];
  readonly keptFields: readonly number[];
  readonly usesSamplingRate: boolean;
  /** Fields, by their index, that are not printed because one of the values stands for them. */
  readonly replacedFields: ReadonlySet<number>;
}

const nothing: ExtraValues = {
  values: [],
  keptFields: [],
  usesSamplingRate: false,
  replacedFields: new Set(),
};

const ingressInterface = 10;
const egressInterface = 14;
const applicationId = 95;

const scaledName = (name: string) => `scaled${name[0].toUpperCase()}${name.slice(1)}`;

export function extraValues(
  { kind, fields }: Template,
  { sampling, replaceCounters, names }: LineExtras,
): ExtraValues {
  if (kind === 'options') return nothing;
  const readable = fields.flatMap((field, index) =>
    field.length >= 1 && field.length <= 8 ? [{ field, index }] : [],
  );
  const counters = sampling === true ? readable.filter(({ field }) => isSampledCounter(field)) : [];
  const interfaces =
    names === true
      ? readable.filter(
          ({ field: { pen, id } }) => pen === 0 && (id === ingressInterface || id === egressInterface),
        )
      : [];
  // More octets than these have no exact number.
  const applications =
    names === true
      ? readable.filter(({ field: { pen, id, length } }) => pen === 0 && id === applicationId && length <= 6)
      : [];
  // A name that several fields have is scaled once, from the first of them.
  const values = new Map<string, string>();
  if (sampling === true) values.set('samplingRate', 'writeJsonFloat(line, samplingRate);');
  for (const { field, index } of counters) {
    const key = replaceCounters === true ? fieldName(field) : scaledName(fieldName(field));
    if (!values.has(key)) values.set(key, `line.integer(Math.round(${sourceName(index)} * samplingRate));`);
  }
  if (names === true)
    values.set('exporterName', 'writeJsonName(line, header.knowledge.names.exporterName());');
  for (const { field, index } of interfaces) {
    const key = `${fieldName(field)}Name`;
    const name = `header.knowledge.names.interfaceName(${sourceName(index)})`;
    if (!values.has(key)) values.set(key, `writeJsonName(line, ${name});`);
  }
  for (const { field, index } of applications) {
    const hex = `${sourceName(index)}.toString(16).padStart(${2 * field.length}, '0')`;
    values.set('applicationName', `writeJsonName(line, header.knowledge.names.applicationName(${hex}));`);
  }
  const replacedFields = new Set(replaceCounters === true ? counters.map(({ index }) => index) : []);
  // A field that the exporter sends under the same name goes first.
  for (const [index, field] of fields.entries())
    if (!replacedFields.has(index)) values.delete(fieldName(field));
  return {
    values: [...values].map(([key, value]) => ({ key, value })),
    keptFields: [...counters, ...interfaces, ...applications].map(({ index }) => index),
    usesSamplingRate: sampling === true,
    replacedFields,
  };
}
