import type { MessageHeader } from '../message/message-header.ts';
import type { DerivedField, FieldSpecifier } from '../message/template.ts';
import type { FieldPlace } from './field-place.ts';
import { unsignedNumberCode } from './value-code.ts';

/**
 * Milliseconds since 1970 of an uptime of the exporter. Uptimes have 32 bits, which last 49.7 days; of the times
 * that an uptime may mean, this is the one nearest to the export of the message, before or behind it.
 */
const uptimeToMs = ({ exportTimeMs, sysUpTimeMs = 0 }: MessageHeader, uptimeMs: number) =>
  exportTimeMs - ((sysUpTimeMs - uptimeMs) | 0);

/** The same where a record tells when the exporter started; milliseconds since 1970. */
const uptimeSinceMs = ({ exportTimeMs }: MessageHeader, initTimeMs: number, uptimeMs: number) =>
  exportTimeMs - ((exportTimeMs - initTimeMs - uptimeMs) | 0);

/** The same where options data told it. */
const uptimeSinceStartMs = (header: MessageHeader, uptimeMs: number) =>
  uptimeSinceMs(header, header.knowledge.systemInitTimeMs() ?? 0, uptimeMs);

/** What the expressions made here call. */
export const derivedFunctions = { uptimeToMs, uptimeSinceMs, uptimeSinceStartMs };

/** Index of the fields of the record that the value is made of. */
export function sourceFields(derived: DerivedField): readonly number[] {
  switch (derived.kind) {
    case 'uptime':
      return typeof derived.start === 'number' ? [derived.uptimeIndex, derived.start] : [derived.uptimeIndex];
    case 'header':
      return [];
    default:
      return derived satisfies never;
  }
}

/** Name of the variable that holds the value of a field that others are made of. */
export const sourceName = (index: number) => `source${index}`;

/** Statement that keeps a field, an unsigned integer, for the values made of it. */
export const keepSource = (index: number, place: FieldPlace): string =>
  `const ${sourceName(index)} = ${unsignedNumberCode(place)};`;

/** Expression of the value, a number. */
export function derivedCode(derived: DerivedField): string {
  switch (derived.kind) {
    case 'uptime': {
      const uptime = sourceName(derived.uptimeIndex);
      if (derived.start === 'header') return `uptimeToMs(header, ${uptime})`;
      return derived.start === 'options'
        ? `uptimeSinceStartMs(header, ${uptime})`
        : `uptimeSinceMs(header, ${sourceName(derived.start)}, ${uptime})`;
    }
    case 'header':
      switch (derived.value) {
        case 'samplingInterval':
          return '(header.sampling & 0x3fff)';
        case 'samplingMode':
          return '(header.sampling >> 14)';
        case 'engineType':
          return '(header.observationDomainId >> 8)';
        case 'engineId':
          return '(header.observationDomainId & 255)';
        default:
          return derived.value satisfies never;
      }
    default:
      return derived satisfies never;
  }
}

/** The field and where generated code finds it. */
export function derivedPlace(derived: DerivedField): {
  readonly field: FieldSpecifier;
  readonly place: FieldPlace;
} {
  const { field } = derived;
  return { field, place: { offset: 0, length: field.length, value: derivedCode(derived) } };
}
