import type { AbstractDataType } from '../registry/abstract-data-type.ts';

/** How a selected field is given:
 *
 * - `native`: the type of {@link FieldValue}
 * - `number`: integers, floats and times as a number (64-bit integers beyond 2^53 - 1 lose their low digits),
 *   ipv4Address and macAddress as an unsigned integer, boolean as 1 and 0; null for what is no number
 * - `text`: as IPFIXcol prints it, without quotes and escapes: dotted address, six characters `UAPRSF` for
 *   tcpControlBits, everything else in decimal; times are milliseconds since 1970; octetArray in hexadecimal
 * - `scaled`: as `number`, times the sampling rate of the record where the element counts packets or octets of flows
 * - `name`: what the exporter calls the interface or application whose number this is; null where it has not told
 */
export type FieldForm = 'native' | 'number' | 'text' | 'scaled' | 'name';

/** An element that may fill a selected field; every `InformationElement` is one. */
export interface SelectedElement {
  readonly pen: number;
  readonly id: number;
  /** Reads the field as this type; default: the registry's, and octetArray for an unknown element. */
  readonly dataType?: AbstractDataType;
}

/** One property of the objects that an object reader makes. */
export interface FieldSelection {
  /** Of the property; any string but `__proto__`, such as `ipfix.sourceIPv4Address`. */
  readonly name: string;
  /** The first of these that a template has (in the order given here) fills the property. */
  readonly elements: readonly SelectedElement[];
  readonly as: FieldForm;
}
