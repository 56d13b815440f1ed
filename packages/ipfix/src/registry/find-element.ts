import { elementRows } from './elements.generated.ts';
import { ipfixcolElements } from './find-ipfixcol-element.ts';
import type { InformationElement } from './information-element.ts';
import { reverseElement, reversePen } from './reverse-element.ts';

/** Ids have 15 bits and enterprise numbers 32, so the product stays an exact integer. */
const key = (pen: number, id: number) => pen * 32768 + id;

const byNumber = new Map<number, InformationElement>();
const byName = new Map<string, InformationElement[]>();

function addName(element: InformationElement): void {
  const sameName = byName.get(element.name);
  if (sameName === undefined) byName.set(element.name, [element]);
  else sameName.push(element);
}

for (const [pen, id, name, dataType, semantics, units, status] of elementRows) {
  const element: InformationElement = {
    pen,
    id,
    name,
    dataType,
    ...(semantics === '' ? {} : { semantics }),
    ...(units === '' ? {} : { units }),
    status,
  };
  byNumber.set(key(pen, id), element);
  addName(element);
}
for (const element of [...byNumber.values()].filter(({ pen }) => pen === 0)) {
  const reverse = reverseElement(element);
  byNumber.set(key(reversePen, element.id), reverse);
  addName(reverse);
}
for (const { pen, id, name, dataType } of ipfixcolElements) {
  if (byNumber.get(key(pen, id))?.name !== name) addName({ pen, id, name, dataType, status: '' });
}

/**
 * The element with this number, or undefined where neither IANA's registry nor the enterprises known here
 * have it. Under 29305 are the reverse elements of biflows (RFC 5103).
 *
 * @param pen Private Enterprise Number, 0 for IANA; collectors use 4294967294 and 4294967295 for elements of
 *   NetFlow v9 that IANA gives another meaning
 */
export function findElement(pen: number, id: number): InformationElement | undefined {
  return byNumber.get(key(pen, id));
}

/**
 * All elements with this name. Several enterprises may share one (`HTTPRequestURL` is 39499:2, 16982:502 and
 * 8057:802). Names that only IPFIXcol gives to an element are found too; such an entry has IPFIXcol's data
 * type, which may differ from what {@link findElement} says about the same number.
 */
export function findElementsByName(name: string): readonly InformationElement[] {
  return byName.get(name) ?? [];
}
