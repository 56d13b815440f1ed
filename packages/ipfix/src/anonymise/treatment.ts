import { suggestion } from '../filter/filter-error.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { FieldSpecifier } from '../message/template.ts';
import { elementRows } from '../registry/elements.generated.ts';
import { findElementsByName } from '../registry/find-element.ts';

/**
 * What becomes of a field:
 *
 * - `keep`: nothing
 * - `remove`: records no longer have it
 * - `prefix-preserving`: an address becomes another, by Crypto-PAn
 * - `truncate:N`: the first N bits of an address or MAC address stay, the others become 0
 */
export type Treatment = 'keep' | 'remove' | 'prefix-preserving' | `truncate:${number}`;

export interface TreatmentConfig {
  /** Fields of type ipv4Address; default `prefix-preserving`. */
  readonly ipv4Addresses?: Treatment;
  /** Fields of type ipv6Address; default `prefix-preserving`. */
  readonly ipv6Addresses?: Treatment;
  /** Fields of type macAddress; default `remove`. */
  readonly macAddresses?: Treatment;
  /** Parts of packets, and lists (RFC 6313): there may be addresses in them. Default `remove`. */
  readonly packetsAndLists?: 'keep' | 'remove';
  /** Fields that the registry does not know: nobody can say what is in them. Default `remove`. */
  readonly unknownFields?: 'keep' | 'remove';
  /** Single fields by the name of their element, instead of the above. Strings, such as URLs, are kept otherwise. */
  readonly fields?: Readonly<Record<string, Treatment>>;
}

/** A treatment with what it needs to be carried out; every field has one. */
export type FieldTreatment =
  | { readonly kind: 'keep' | 'remove' | 'pan-ipv4' | 'pan-ipv6' }
  | { readonly kind: 'truncate'; readonly bits: number };

/** Octets of the addresses that can be treated. */
const addressLengths: Readonly<Record<string, number>> = { ipv4Address: 4, ipv6Address: 16, macAddress: 6 };

/** Elements of IANA with octets of packets: 104, 313 to 317. */
const packetSections: ReadonlySet<number> = new Set([104, 313, 314, 315, 316, 317]);

const lists: ReadonlySet<string> = new Set(['basicList', 'subTemplateList', 'subTemplateMultiList']);

/**
 * Makes the function that says what becomes of a field.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for an unknown name or a treatment that cannot be of its type
 */
export function createFieldTreatments(config: TreatmentConfig): (field: FieldSpecifier) => FieldTreatment {
  const {
    ipv4Addresses = 'prefix-preserving',
    ipv6Addresses = 'prefix-preserving',
    macAddresses = 'remove',
    packetsAndLists = 'remove',
    unknownFields = 'remove',
    fields = {},
  } = config;
  const byType = new Map([
    ['ipv4Address', resolve('ipv4Address', ipv4Addresses, 'ipv4Addresses')],
    ['ipv6Address', resolve('ipv6Address', ipv6Addresses, 'ipv6Addresses')],
    ['macAddress', resolve('macAddress', macAddresses, 'macAddresses')],
  ]);
  const byNumber = new Map(
    Object.entries(fields).flatMap(([name, treatment]) => resolveNamed(name, treatment)),
  );

  return (field) => {
    const { element, pen, id, length } = field;
    const named = byNumber.get(`${pen}:${id}`);
    if (element === undefined) return named ?? { kind: unknownFields };
    const isPacketOrList = lists.has(element.dataType) || (pen === 0 && packetSections.has(id));
    const ofType = isPacketOrList ? { kind: packetsAndLists } : byType.get(element.dataType);
    const treatment = named ?? ofType ?? { kind: 'keep' };
    // An address whose length is not that of an address cannot be treated, and must not pass as it is.
    const fits = treatment.kind === 'keep' || length === addressLengths[element.dataType];
    return fits ? treatment : { kind: 'remove' };
  };
}

/** The treatment by the numbers of all elements with this name: enterprises may share one. */
function resolveNamed(name: string, treatment: Treatment): (readonly [string, FieldTreatment])[] {
  const elements = findElementsByName(name);
  const [, pen, id] = /^e(\d{1,10})id(\d{1,5})$/.exec(name) ?? [];
  if (elements.length > 0) {
    return elements.map((element) => [
      `${element.pen}:${element.id}`,
      resolve(element.dataType, treatment, name),
    ]);
  }
  if (pen !== undefined) return [[`${Number(pen)}:${Number(id)}`, resolve('octetArray', treatment, name)]];
  const known = elementRows.map((row) => row[2]);
  const message = `no element is named ${JSON.stringify(name)}${suggestion(name, known)}`;
  throw new IpfixError('IPFIX_BAD_CONFIG', message);
}

function resolve(dataType: string, treatment: Treatment, name: string): FieldTreatment {
  if (treatment === 'keep' || treatment === 'remove') return { kind: treatment };
  if (treatment === 'prefix-preserving' && dataType === 'ipv4Address') return { kind: 'pan-ipv4' };
  if (treatment === 'prefix-preserving' && dataType === 'ipv6Address') return { kind: 'pan-ipv6' };
  const bits = /^truncate:(\d{1,3})$/.exec(treatment)?.[1];
  if (bits !== undefined && Number(bits) <= 8 * (addressLengths[dataType] ?? -1)) {
    return { kind: 'truncate', bits: Number(bits) };
  }
  throw new IpfixError(
    'IPFIX_BAD_CONFIG',
    `${name} cannot be treated with ${JSON.stringify(treatment)}: keep or remove it, or, where it is an address, give prefix-preserving or truncate:N with its first N bits`,
  );
}
