import type { FlowColumn, FlowRow, FlowTable, FlowValue } from '@flowpact/event';
import { addressToOctets } from '@flowpact/event';
import { columnIndex, columnWord } from '../model/flow-columns.ts';
import type { Json } from '../model/message-json.ts';
import { addressOfOctets } from '../model/network-text.ts';
import { protocolNames, protocolNumbers } from '../model/protocol-names.ts';
import { hasTimeText, timeOfText, timeText } from '../model/time-text.ts';
import { valueOfTypedText } from '../model/typed-text.ts';
import { asAddress } from '../model/values.ts';
import { type MispAttribute, typedAttribute, valueOfAttribute } from './misp-attribute.ts';
import type { MispObject } from './misp-object.ts';

type Kind = 'address' | 'integer' | 'direction' | 'seconds' | 'milliseconds';

interface Relation {
  /** Information Element. */
  readonly id: number;
  readonly relation: string;
  /** MISP's type of it. */
  readonly type: string;
  readonly kind: Kind;
}

/** The attributes of MISP's `netflow` object. */
const relations: readonly Relation[] = [
  { id: 8, relation: 'ip-src', type: 'ip-src', kind: 'address' },
  { id: 27, relation: 'ip-src', type: 'ip-src', kind: 'address' },
  { id: 12, relation: 'ip-dst', type: 'ip-dst', kind: 'address' },
  { id: 28, relation: 'ip-dst', type: 'ip-dst', kind: 'address' },
  { id: 7, relation: 'src-port', type: 'port', kind: 'integer' },
  { id: 11, relation: 'dst-port', type: 'port', kind: 'integer' },
  { id: 4, relation: 'ip-protocol-number', type: 'size-in-bytes', kind: 'integer' },
  { id: 6, relation: 'tcp-flags', type: 'text', kind: 'integer' },
  { id: 16, relation: 'src-as', type: 'AS', kind: 'integer' },
  { id: 17, relation: 'dst-as', type: 'AS', kind: 'integer' },
  { id: 60, relation: 'ip_version', type: 'counter', kind: 'integer' },
  { id: 61, relation: 'direction', type: 'text', kind: 'direction' },
  { id: 3, relation: 'flow-count', type: 'counter', kind: 'integer' },
  { id: 2, relation: 'packet-count', type: 'counter', kind: 'integer' },
  { id: 1, relation: 'byte-count', type: 'counter', kind: 'integer' },
  { id: 152, relation: 'first-packet-seen', type: 'datetime', kind: 'milliseconds' },
  { id: 153, relation: 'last-packet-seen', type: 'datetime', kind: 'milliseconds' },
  { id: 150, relation: 'first-packet-seen', type: 'datetime', kind: 'seconds' },
  { id: 151, relation: 'last-packet-seen', type: 'datetime', kind: 'seconds' },
];

/** One of these must be in a `netflow` object. */
const required = new Set(['first-packet-seen', 'ip-src', 'ip-dst', 'dst-port']);
const directions = ['Ingress', 'Egress'];

/** A group of flows: an object for each row, and what no object of theirs says. */
export interface MispFlowGroup {
  readonly columns: readonly string[];
  readonly relation?: string | undefined;
  readonly objects: readonly MispObject[];
}

/** Those groups whose rows can all be said. */
export function mispFlowGroups(flows: FlowTable | undefined): readonly MispFlowGroup[] {
  return (flows?.groups ?? []).flatMap(({ rows, layout, relation }) => {
    const { columns } = layout ?? (flows as FlowTable).layout;
    const words = columns.map(columnWord);
    const objects = rows.map(
      (row): MispObject => ({ name: 'netflow', attributes: attributesOf(row, columns, words) }),
    );
    const isSaid = objects.every(({ attributes }) =>
      attributes.some(({ relation: part }) => required.has(part ?? '')),
    );
    return rows.length > 0 && isSaid ? [{ columns: words, relation, objects }] : [];
  });
}

function attributesOf(
  row: FlowRow,
  columns: readonly FlowColumn[],
  words: readonly string[],
): readonly MispAttribute[] {
  const attributes: MispAttribute[] = [];
  const said = new Set<string>();
  const places = new Set<number>();
  for (const { id, relation, type, kind } of relations) {
    const place = columnIndex(columns, id);
    const value = said.has(relation) ? undefined : textOf(row[place], kind, id);
    if (value === undefined) continue;
    said.add(relation);
    places.add(place);
    attributes.push({ type, relation, value });
    const protocol = id === 4 ? protocolNames.get(Number(value)) : undefined;
    if (protocol !== undefined)
      attributes.push({ type: 'text', relation: 'protocol', value: protocol.toUpperCase() });
  }
  for (const [i, word] of words.entries()) {
    const typed = places.has(i) ? undefined : typedAttribute(row[i]);
    if (typed !== undefined) attributes.push({ ...typed, relation: word });
  }
  return attributes;
}

function textOf(value: FlowValue | undefined, kind: Kind, id: number): string | undefined {
  if (kind === 'address') {
    const text = addressOfOctets(value);
    return text !== undefined && text.includes(':') === id >= 27 ? text : undefined;
  }
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
  if (!isWhole || (value < 0 && kind === 'integer')) return undefined;
  switch (kind) {
    case 'integer':
      return String(value);
    case 'direction':
      return directions[value];
    case 'milliseconds':
      return hasTimeText(value) ? timeText(value) : undefined;
    case 'seconds':
      return hasTimeText(value * 1000) ? timeText(value * 1000) : undefined;
    default:
      return kind satisfies never;
  }
}

/**
 * The word for the column that an attribute of a `netflow` object belongs to, and its value in JSON form. `words` are
 * the columns where they are known: times are in seconds where these are.
 */
export function valueOfNetflow(
  relation: string,
  type: string,
  text: string,
  words: ReadonlySet<string> | undefined,
): readonly [string, Json] | undefined {
  const candidates = relations.filter((candidate) => candidate.relation === relation);
  if (relation === 'protocol') {
    const protocol = protocolNumbers.get(text.trim().toLowerCase());
    return protocol === undefined ? undefined : ['protocolIdentifier', protocol];
  }
  if (candidates.length === 0) return [relation, valueOfAttribute(type, text)];
  const [first, second] = candidates;
  const wordOf = ({ id }: Relation) => columnWord({ kind: 'iana', id });
  switch (first.kind) {
    case 'address': {
      const address = asAddress(text);
      if (address === undefined) return undefined;
      const octets = Buffer.from(addressToOctets(address)).toString('hex');
      return [wordOf(address.includes(':') ? second : first), { $octets: octets }];
    }
    case 'integer': {
      const digits = relation.endsWith('-as') ? text.replace(/^\s*AS/i, '') : text;
      const value = /^\s*0x[0-9a-f]{1,8}\s*$/i.test(digits)
        ? Number(digits)
        : valueOfTypedText('integer', digits);
      return [wordOf(first), value];
    }
    case 'direction': {
      const value = directions.findIndex((word) => word.toLowerCase() === text.trim().toLowerCase());
      return value < 0 ? undefined : [wordOf(first), value];
    }
    case 'milliseconds':
    case 'seconds': {
      const ms = timeOfText(text);
      if (ms === undefined) return undefined;
      const isInSeconds = words?.has(wordOf(first)) === false && words.has(wordOf(second));
      return isInSeconds ? [wordOf(second), Math.trunc(ms / 1000)] : [wordOf(first), ms];
    }
    default:
      return first.kind satisfies never;
  }
}
