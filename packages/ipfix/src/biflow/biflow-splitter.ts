import type { DataSetReader, RecordReader } from '../message/record-reader.ts';
import type { Template } from '../message/template.ts';
import { createCompileCache, fieldLayout } from '../record/compile-cache.ts';
import { compileSetReader, setReaderCode } from '../record/set-reader-code.ts';
import { numberCode } from '../record/value-code.ts';
import { reversePen } from '../registry/reverse-element.ts';
import { isSampledCounter } from '../sampling/sampling-code.ts';
import { biflowViews } from './biflow-views.ts';

/**
 * Gives each biflow (RFC 5103) to the reader as two flows: the forward one, without the reverse values, then the
 * reverse one, with source and destination exchanged and the reverse values as its own. A biflow whose reverse
 * counters of packets and octets are all 0 is one flow. The decoder counts records as they were sent.
 */
export function createBiflowSplitter(reader: RecordReader): RecordReader {
  function compile(template: Template): DataSetReader | undefined {
    const views = biflowViews(template);
    if (views === undefined) return reader.compile(template);
    const scope = { forward: reader.compile(views.forward), reverse: reader.compile(views.reverse) };
    if (scope.forward === undefined && scope.reverse === undefined) return undefined;
    const isReverseCounter = ({ pen, id }: { readonly pen: number; readonly id: number }) =>
      pen === reversePen && isSampledCounter({ pen, id });
    const hasCounters = template.fields.some(isReverseCounter);
    const body = setReaderCode(template, {
      begin: `const recordStart = p;\nlet seen = ${hasCounters ? 0 : 1};`,
      field(field, place) {
        const count = isReverseCounter(field) ? numberCode('unsigned64', place) : undefined;
        return count === undefined ? undefined : `seen += ${count};`;
      },
      end: () =>
        [
          scope.forward === undefined ? '' : 'forward(bytes, recordStart, p, header);',
          scope.reverse === undefined ? '' : 'if (seen > 0) reverse(bytes, recordStart, p, header);',
        ].join('\n'),
    });
    return compileSetReader(body, scope);
  }

  return createCompileCache(compile, (template) => `${template.id} ${fieldLayout(template)}`);
}
