import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { FieldSpecifier, Template } from '../message/template.ts';
import { findElement } from '../registry/find-element.ts';

/** Layouts that a reader keeps compiled at most. */
const mostLayouts = 1024;

/**
 * A reader that compiles each layout once, whichever sessions, domains and ids have it. The oldest of more than
 * 1,024 layouts is forgotten here; decoders that use it keep it.
 *
 * @param layoutOf what `compile` looks at of a template
 */
export function createCompileCache(
  compile: (template: Template) => DataSetReader | undefined,
  layoutOf: (template: Template) => string,
): RecordReader {
  const compiled = new Map<string, DataSetReader | undefined>();
  return {
    compile(template) {
      const layout = layoutOf(template);
      if (compiled.has(layout)) return compiled.get(layout);
      for (const oldest of compiled.keys()) {
        if (compiled.size < mostLayouts) break;
        compiled.delete(oldest);
      }
      const reader = compile(template);
      compiled.set(layout, reader);
      return reader;
    },
  };
}

/**
 * Kind, version and fields of a template, but neither its id nor its domain. The derived fields follow from them and from
 * whether the exporter's start is known. What
 * the exporter has told of its own elements (RFC 5610) is part of it: others may tell otherwise.
 */
export const fieldLayout = ({ kind, version, fields, startKnown = false }: Template): string =>
  `${kind} ${version} ${startKnown} ${fields.map(fieldKey).join(' ')}`;

function fieldKey({ pen, id, length, element, omitted }: FieldSpecifier): string {
  if (omitted === true) return `-.${length}`;
  const number = `${pen}.${id}.${length}`;
  if (element === undefined || element === findElement(pen, id)) return number;
  return `${number}.${element.name}.${element.dataType}`;
}
