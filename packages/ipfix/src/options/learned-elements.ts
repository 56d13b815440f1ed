import type { Allowance } from '../message/allowance.ts';
import { abstractDataTypes } from '../registry/abstract-data-type.ts';
import { findElement } from '../registry/find-element.ts';
import type { InformationElement } from '../registry/information-element.ts';
import type { OptionsRecord } from './options-record.ts';

/** IANA's informationElementSemantics and informationElementUnits by number (RFC 5610 sections 3.6 and 3.7). */
const semantics = ['default', 'quantity', 'totalCounter', 'deltaCounter', 'identifier', 'flags', 'list'];
const units = [
  '',
  'bits',
  'octets',
  'packets',
  'flows',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
  '4-octet words',
  'messages',
  'hops',
  'entries',
  'frames',
];

/** Names become keys of objects and lines: what no registry would have is not taken from the network. */
const nameLike = /^[A-Za-z][\w.-]{0,127}$/;

const key = (pen: number, id: number) => pen * 32768 + id;

/** The elements that an exporter has described itself, by type information records (RFC 5610). */
export interface LearnedElements {
  /** What the registry knows comes first. */
  find(pen: number, id: number): InformationElement | undefined;
  /** The element that the record describes, where it is new; undefined for other records. */
  learn(record: OptionsRecord): InformationElement | undefined;
}

/** @param elementsLeft what may still be taken */
export function createLearnedElements(elementsLeft: Allowance): LearnedElements {
  const learned = new Map<number, InformationElement>();
  const find = (pen: number, id: number) => findElement(pen, id) ?? learned.get(key(pen, id));

  return {
    find,
    learn(record) {
      const { privateEnterpriseNumber: pen, informationElementId, informationElementName: name } = record;
      if (pen === null || informationElementId === null || name === null) return undefined;
      const id = informationElementId & 0x7fff;
      const dataType = abstractDataTypes[record.informationElementDataType ?? 0];
      if (pen === 0 || dataType === undefined || !nameLike.test(name)) return undefined;
      const known = find(pen, id);
      if (known !== undefined && (known.name !== name || known.dataType !== dataType)) {
        // An exporter may correct itself, but not the registry.
        if (findElement(pen, id) !== undefined) return undefined;
      } else if (known !== undefined) {
        return undefined;
      }
      if (known === undefined && !elementsLeft.take(1)) return undefined;
      const meaning = semantics[record.informationElementSemantics ?? 0];
      const unit = units[record.informationElementUnits ?? 0];
      const element: InformationElement = {
        pen,
        id,
        name,
        dataType,
        ...(meaning === undefined ? {} : { semantics: meaning }),
        ...(unit === undefined || unit === '' ? {} : { units: unit }),
        status: '',
      };
      learned.set(key(pen, id), element);
      return element;
    },
  };
}
