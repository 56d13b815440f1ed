import type { FieldSpecifier } from '../message/template.ts';
import type { AbstractDataType } from '../registry/abstract-data-type.ts';
import { findElement } from '../registry/find-element.ts';

type FieldElement = Omit<FieldSpecifier, 'length'>;

/**
 * Enterprise numbers under which collectors keep v9's field types apart from IANA's elements: those that IANA does
 * not know, and those of 32768 and above, which have no room in the 15 bits of an element id.
 */
const netflowPen = 4294967294;
const highTypesPen = 4294967295;

/** Types that Cisco's ASA used for translated addresses before IANA had elements for them. */
const sameAsIana: Readonly<Record<number, number>> = {
  40001: 225, // postNATSourceIPv4Address
  40002: 226, // postNATDestinationIPv4Address
  40003: 227, // postNAPTSourceTransportPort
  40004: 228, // postNAPTDestinationTransportPort
  40005: 233, // firewallEvent
};

/** Types of vendors that are in no list of elements. */
const vendorTypes: Readonly<Record<number, readonly [name: string, dataType: AbstractDataType]>> = {
  56701: ['paloAltoAppId', 'string'],
  56702: ['paloAltoUserId', 'string'],
  57590: ['ntopL7Protocol', 'unsigned16'],
  57591: ['ntopL7ProtocolName', 'string'],
};

/** What a field type of v9 is as an Information Element. IANA's first 127 elements are v9's, and so are most above. */
export function findV9Element(type: number): FieldElement {
  if (type < 32768) {
    const registered = findElement(0, type);
    if (registered !== undefined) return { pen: 0, id: type, element: registered };
    const netflow = findElement(netflowPen, type);
    return netflow === undefined
      ? { pen: 0, id: type, element: undefined }
      : { pen: netflowPen, id: type, element: netflow };
  }
  const iana = sameAsIana[type];
  if (iana !== undefined) return { pen: 0, id: iana, element: findElement(0, iana) };
  const id = type & 0x7fff;
  const vendor = vendorTypes[type];
  if (vendor === undefined) return { pen: highTypesPen, id, element: findElement(highTypesPen, id) };
  const [name, dataType] = vendor;
  return { pen: highTypesPen, id, element: { pen: highTypesPen, id, name, dataType, status: '' } };
}

/** The elements that say what v9's scope types say (RFC 3954 section 6.1): system, interface, line card, cache, template. */
const scopeElements: Readonly<Record<number, number>> = {
  1: 144, // exportingProcessId
  2: 10, // ingressInterface
  3: 141, // lineCardId
  4: 143, // meteringProcessId
  5: 145, // templateId
};

/** What a scope type of v9 is as an Information Element; further types are vendors' use of field types as scope. */
export function findV9Scope(type: number): FieldElement {
  const id = scopeElements[type];
  return id === undefined ? findV9Element(type) : { pen: 0, id, element: findElement(0, id) };
}
