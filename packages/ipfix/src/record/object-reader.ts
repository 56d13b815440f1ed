import type { MessageHeader } from '../message/message-header.ts';
import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import { type FieldSpecifier, type Template, variableLength } from '../message/template.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import { isSampledCounter } from '../sampling/sampling-code.ts';
import { createCompileCache, fieldLayout } from './compile-cache.ts';
import type { FieldPlace } from './field-place.ts';
import type { FieldForm, FieldSelection } from './field-selection.ts';
import { nameCode } from './name-code.ts';
import { checkPropertyNames, createRecordClass } from './record-class.ts';
import { compileSetReader, setReaderCode } from './set-reader-code.ts';
import { hasShiftedTimes, isShiftedTime } from './shifted-times.ts';
import { textCode, textFunctions } from './text-code.ts';
import type { TimeShift } from './time-shift.ts';
import { nativeCode, numberCode, valueFunctions } from './value-code.ts';

export interface ObjectReaderConfig {
  /** The properties to fill, each with another name. */
  readonly fields: readonly FieldSelection[];
  /** Makes the objects; default: a class with the fields in the order given, all null. */
  readonly recordClass?: new () => object;
  readonly timeShiftMs?: TimeShift;
  /** Templates whose records are read; default only `data`. */
  readonly kinds?: readonly Template['kind'][];
}

export interface ObjectReaderDeps {
  /** Each record is a new object. A field that the template lacks stays as the class leaves it: null. */
  onRecord(record: object, header: MessageHeader): void;
}

interface Assignment {
  readonly name: string;
  readonly as: FieldForm;
  readonly dataType: AbstractDataType;
}

/** Expression of a field in the wanted form, or undefined where it has no such value. */
function formCode(as: FieldForm, dataType: AbstractDataType, field: FieldSpecifier, place: FieldPlace) {
  switch (as) {
    case 'native':
      return nativeCode(dataType, place);
    case 'number':
      return numberCode(dataType, place);
    case 'text':
      return textCode(dataType, field, place);
    case 'scaled':
      return numberCode(dataType, place);
    case 'name':
      return nameCode(field, place);
    default:
      return as satisfies never;
  }
}

/** The properties that each field of the template fills, by the field's index; derived fields come last. */
function assignFields(fields: readonly FieldSelection[], template: Template): Map<number, Assignment[]> {
  const assignments = new Map<number, Assignment[]>();
  const all = [...template.fields, ...template.derivedFields.map(({ field }) => field)];
  /** Of fields with the same element, the first. */
  const indexes = new Map(all.map(({ pen, id }, index) => [`${pen}.${id}`, index] as const).reverse());
  for (const { name, elements, as } of fields) {
    for (const { pen, id, dataType } of elements) {
      const index = indexes.get(`${pen}.${id}`);
      if (index === undefined) continue;
      const registered = all[index].element?.dataType ?? 'octetArray';
      const assignment = { name, as, dataType: dataType ?? registered };
      assignments.set(index, [...(assignments.get(index) ?? []), assignment]);
      break;
    }
  }
  return assignments;
}

/**
 * A reader that makes one object of each data record. For each template it generates a function with the offsets
 * as constants, which reads only the fields selected.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for a property name given twice or `__proto__`
 */
export function createObjectReader(config: ObjectReaderConfig, deps: ObjectReaderDeps): RecordReader {
  const { fields, timeShiftMs, kinds = ['data'] } = config;
  const names = fields.map(({ name }) => name);
  checkPropertyNames(names);
  const Record = config.recordClass ?? createRecordClass(names);
  const onRecord = (record: object, header: MessageHeader) => deps.onRecord(record, header);
  const scope = { ...valueFunctions, ...textFunctions, Record, onRecord, timeShiftMs };

  function compile(template: Template): DataSetReader | undefined {
    if (!kinds.includes(template.kind)) return undefined;
    const shifted = timeShiftMs !== undefined && hasShiftedTimes(template);
    const assignments = assignFields(fields, template);
    const all = [...template.fields, ...template.derivedFields.map(({ field }) => field)];
    const scaled = [...assignments].flatMap(([index, assigned]) =>
      assigned.filter(({ as }) => as === 'scaled' && isSampledCounter(all[index])).map(({ name }) => name),
    );
    const statements = setReaderCode(template, {
      begin: 'const record = new Record();',
      field(field, place, index) {
        const lines = (assignments.get(index) ?? []).map(({ name, as, dataType }) => {
          const moved = shifted && isShiftedTime(field) && field.length !== variableLength;
          const value = moved ? shiftedCode(as, place) : formCode(as, dataType, field, place);
          return value === undefined ? '' : `record[${JSON.stringify(name)}] = ${value};`;
        });
        return lines.length === 0 ? undefined : lines.join('\n');
      },
      end: () =>
        [
          ...scaled.map((name) => `record[${JSON.stringify(name)}] *= samplingRate;`),
          'onRecord(record, header);',
        ].join('\n'),
      usesSamplingRate: scaled.length > 0,
    });
    const prologue = shifted ? 'const shiftMs = timeShiftMs(header);\n' : '';
    return compileSetReader(prologue + statements, scope);
  }

  return createCompileCache(compile, fieldLayout);
}

/** A moved time as a number or its text. */
function shiftedCode(as: FieldForm, place: FieldPlace): string | undefined {
  const time = nativeCode('dateTimeMilliseconds', place);
  if (time === undefined) return undefined;
  return as === 'text' ? `String(${time} + shiftMs)` : `(${time} + shiftMs)`;
}
