import type { AbstractDataType } from '../registry/abstract-data-type.ts';

/**
 * Where a field lies when generated code reaches it: `p` is a variable of that code. Variable-length fields
 * begin at `p` itself and have `n` octets.
 */
export interface FieldPlace {
  /** Octets behind `p`. */
  readonly offset: number;
  /** Octets of the field; `variable` means that the variable `n` holds them. */
  readonly length: number | 'variable';
  /** Expression of a number, for a field that is computed and not read; it reads neither `p` nor `n`. */
  readonly value?: string;
}

/** Expression of the big-endian unsigned integer of 1 to 4 octets, `from` octets into the field. */
export function unsignedCode({ offset }: FieldPlace, from: number, octets: number): string {
  const parts: string[] = [];
  for (let i = 0; i < octets; i++) {
    const shift = 8 * (octets - 1 - i);
    const octet = `bytes[p + ${offset + from + i}]`;
    parts.push(shift === 0 ? octet : `${octet} << ${shift}`);
  }
  const sum = `(${parts.join(' | ')})`;
  return octets === 4 ? `(${sum} >>> 0)` : sum;
}

/** Expression of the signed integer of 1 to 4 octets, `from` octets into the field. */
export function signedCode(place: FieldPlace, from: number, octets: number): string {
  const unused = 32 - 8 * octets;
  return unused === 0
    ? `(${unsignedCode(place, from, octets)} | 0)`
    : `(${unsignedCode(place, from, octets)} << ${unused} >> ${unused})`;
}

/**
 * Whether a field of this length can hold the type. Integers and times may be shorter than their type
 * (reduced-size encoding, RFC 7011 section 6.2) and, as some exporters do it, longer; up to 8 octets.
 */
export function isReadable(dataType: AbstractDataType, length: FieldPlace['length']): boolean {
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
      return length !== 'variable' && length >= 1 && length <= 8;
    case 'float32':
    case 'float64':
      return length === 4 || length === 8;
    case 'boolean':
      return length === 1;
    case 'macAddress':
      return length === 6;
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return length === 8;
    case 'ipv4Address':
      return length === 4;
    case 'ipv6Address':
      return length === 16;
    case 'string':
    case 'octetArray':
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      // A field whose template gives it no octets has no value; an empty variable-length one is empty.
      return length !== 0;
    default:
      return dataType satisfies never;
  }
}
