import { IpfixError } from '../ipfix-error.ts';
import type { FieldSelection, SelectedElement } from '../record/field-selection.ts';
import { findElement, findElementsByName } from '../registry/find-element.ts';

const iana = (...ids: readonly number[]): readonly SelectedElement[] => ids.map((id) => ({ pen: 0, id }));

/** Columns that more than one element may fill; every name of an element is a column too. */
const joinedColumns: Readonly<Record<string, readonly SelectedElement[]>> = {
  flowStart: iana(152, 156, 154, 150),
  flowEnd: iana(153, 157, 155, 151),
  protocol: iana(4),
  sourceAddress: iana(8, 27),
  sourcePort: iana(7, 180, 182),
  destinationAddress: iana(12, 28),
  destinationPort: iana(11, 181, 183),
  packets: iana(2, 86),
  octets: iana(1, 85),
  tcpFlags: iana(6),
};

/** Counters times the sampling rate of their record: estimates of the traffic. */
const scaledColumns: Readonly<Record<string, readonly SelectedElement[]>> = {
  scaledPackets: joinedColumns.packets,
  scaledOctets: joinedColumns.octets,
};

/** The columns where none are named. */
export const defaultCsvColumns: readonly string[] = Object.keys(joinedColumns);

export interface CsvColumn extends FieldSelection {
  /** Milliseconds since 1970, to be printed as date and time. */
  readonly isTime: boolean;
}

/** The column that a name stands for. @throws IpfixError `IPFIX_BAD_CONFIG` */
export function csvColumn(name: string): CsvColumn {
  if (Object.hasOwn(scaledColumns, name)) {
    return { name, elements: scaledColumns[name], as: 'scaled', isTime: false };
  }
  const elements = Object.hasOwn(joinedColumns, name) ? joinedColumns[name] : findElementsByName(name);
  if (elements.length === 0) {
    const known = [...defaultCsvColumns, ...Object.keys(scaledColumns)].join(', ');
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `no column ${JSON.stringify(name)}: give ${known}, or names of elements`,
    );
  }
  const dataType = elements[0].dataType ?? findElement(elements[0].pen, elements[0].id)?.dataType;
  return { name, elements, as: 'native', isTime: dataType?.startsWith('dateTime') ?? false };
}
