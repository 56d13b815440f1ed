import { suggestion } from '../filter/filter-error.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { FieldSelection, SelectedElement } from '../record/field-selection.ts';
import { findElement, findElementsByName } from '../registry/find-element.ts';

const iana = (...ids: readonly number[]): readonly SelectedElement[] => ids.map((id) => ({ pen: 0, id }));

/** Short names of what flows are often grouped by; every name of an element does too. */
const shortNames: Readonly<Record<string, readonly SelectedElement[]>> = {
  src: iana(8, 27),
  srcip: iana(8, 27),
  dst: iana(12, 28),
  dstip: iana(12, 28),
  srcport: iana(7, 180, 182),
  dstport: iana(11, 181, 183),
  proto: iana(4),
  srcas: iana(16),
  dstas: iana(17),
  inif: iana(10),
  outif: iana(14),
  tos: iana(5),
  flags: iana(6),
  srcvlan: iana(58),
  dstvlan: iana(59),
  nexthop: iana(15, 62),
};

/** What flows are grouped by, in the two forms that records give it in. */
export interface TopKey {
  /** An IPv4 address, as an integer: most flows have one, and only those that are shown need its text. */
  readonly ipv4: FieldSelection;
  /** Everything else. */
  readonly other: FieldSelection;
}

/** The fields that a name given by a user stands for. @throws IpfixError `IPFIX_BAD_CONFIG` */
export function topKey(name: string): TopKey {
  const elements = Object.hasOwn(shortNames, name) ? shortNames[name] : findElementsByName(name);
  if (elements.length === 0) {
    const hint = suggestion(name, Object.keys(shortNames));
    const message = `flows cannot be grouped by ${JSON.stringify(name)}${hint === '' ? '.' : hint}`;
    const known = Object.keys(shortNames).join(', ');
    throw new IpfixError('IPFIX_BAD_CONFIG', `${message} Give ${known}, or the name of an element.`);
  }
  const isIpv4 = ({ pen, id }: SelectedElement) => findElement(pen, id)?.dataType === 'ipv4Address';
  return {
    ipv4: { name: `ipv4 ${name}`, elements: elements.filter(isIpv4), as: 'number' },
    other: { name: `other ${name}`, elements: elements.filter((element) => !isIpv4(element)), as: 'native' },
  };
}
