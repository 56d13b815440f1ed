import { findElement } from '../registry/find-element.ts';
import type { FlowVersion } from './message-header.ts';
import type { DerivedField, FieldSpecifier } from './template.ts';

const systemInitTimeMilliseconds = 160;

/** Elements of IANA that tell a flow's time as uptime of the exporter, and those that tell it since 1970. */
const uptimeElements = [
  { uptime: 22, time: 152 },
  { uptime: 21, time: 153 },
] as const;

/** Octets of a dateTimeMilliseconds. */
const timeLength = 8;

/**
 * `flowStartMilliseconds` and `flowEndMilliseconds` of records that tell uptimes instead, where it is known when the
 * exporter started.
 *
 * @param startKnown whether options data have told it
 */
export function deriveTimes(
  version: FlowVersion,
  fields: readonly FieldSpecifier[],
  startKnown: boolean,
): DerivedField[] {
  const indexOf = (id: number, longest: number) =>
    fields.findIndex(
      (field) => field.pen === 0 && field.id === id && field.length >= 1 && field.length <= longest,
    );
  const initTimeIndex = indexOf(systemInitTimeMilliseconds, timeLength);
  const start = version !== 10 ? 'header' : initTimeIndex >= 0 ? initTimeIndex : 'options';
  if (start === 'options' && !startKnown) return [];
  return uptimeElements.flatMap(({ uptime, time }) => {
    const uptimeIndex = indexOf(uptime, 4);
    if (uptimeIndex < 0 || indexOf(time, timeLength) >= 0) return [];
    return {
      kind: 'uptime',
      field: { pen: 0, id: time, length: timeLength, element: findElement(0, time) },
      uptimeIndex,
      start,
    };
  });
}
