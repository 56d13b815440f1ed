import type { AbstractDataType } from './abstract-data-type.ts';
import { ipfixcolNameRows } from './ipfixcol-names.generated.ts';

/** An element as IPFIXcol 0.9.6 names and types it. */
export interface IpfixcolElement {
  readonly pen: number;
  readonly id: number;
  readonly name: string;
  readonly dataType: AbstractDataType;
}

export const ipfixcolElements: readonly IpfixcolElement[] = ipfixcolNameRows.map(
  ([pen, id, name, dataType]) => ({
    pen,
    id,
    name,
    dataType,
  }),
);

const byNumber = new Map(ipfixcolElements.map((element) => [element.pen * 32768 + element.id, element]));

/** What IPFIXcol 0.9.6 calls the element, or undefined: such a field is missing from its lines. */
export function findIpfixcolElement(pen: number, id: number): IpfixcolElement | undefined {
  return byNumber.get(pen * 32768 + id);
}
