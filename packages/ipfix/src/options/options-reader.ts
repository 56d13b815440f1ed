import type { MessageHeader } from '../message/message-header.ts';
import type { DataSetReader } from '../message/record-reader.ts';
import type { Template } from '../message/template.ts';
import { createObjectReader } from '../record/object-reader.ts';
import { type OptionsRecord, optionsFields } from './options-record.ts';

/** Elements that tell something; what else an options record has says which interface or sampler it is about. */
const telling: ReadonlySet<number> = new Set([34, 50, 82, 83, 96, 160, 300, 305, 307, 309, 311, 341]);

/** Reads what options records tell of the exporter. */
export interface OptionsReader {
  /** Undefined for templates whose records tell nothing that is understood here. */
  compile(template: Template): DataSetReader | undefined;
}

export function createOptionsReader(
  onRecord: (record: OptionsRecord, header: MessageHeader) => void,
): OptionsReader {
  const reader = createObjectReader(
    { fields: optionsFields, kinds: ['options'] },
    { onRecord: (record, header) => onRecord(record as OptionsRecord, header) },
  );
  return {
    compile: (template) =>
      template.fields.some(({ pen, id }) => pen === 0 && telling.has(id))
        ? reader.compile(template)
        : undefined,
  };
}
