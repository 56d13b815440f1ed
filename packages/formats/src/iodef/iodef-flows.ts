import { isIPv6 } from 'node:net';
import { addressToOctets, type FlowColumn, type FlowRow, type FlowTable } from '@flowpact/event';
import { columnIndex, columnOfWord, columnWord } from '../model/flow-columns.ts';
import { isList, type Json } from '../model/message-json.ts';
import { addressOfOctets, addressOfText } from '../model/network-text.ts';
import { asUnsigned } from '../model/values.ts';
import { isXmlText } from '../xml/write-xml.ts';
import { type XmlElement, type XmlNode, xml } from '../xml/xml-element.ts';
import type { XmlReading } from '../xml/xml-reading.ts';
import { additionalDataNode, propertyOf } from './iodef-additional-data.ts';
import type { IodefDialect } from './iodef-dialect.ts';
import { addressNode, type SystemCategory } from './iodef-system.ts';

/** `meaning` of the list of columns: an EventData that has it holds an EventData for each flow. */
const columnsMeaning = 'flowColumns';

/** Where the parts of a System are in a row. */
const systemElements = {
  source: { ipv4: 8, ipv6: 27, port: 7 },
  target: { ipv4: 12, ipv6: 28, port: 11 },
} as const;
const protocolElement = 4;

/** An EventData for each flow: its addresses, ports and protocol as a Flow, its other values as AdditionalData. */
export function flowEventData(flows: FlowTable | undefined, dialect: IodefDialect): readonly XmlNode[] {
  return (flows?.groups ?? []).flatMap(({ rows, layout = flows?.layout }) =>
    rows.map((row) => rowNode(row, layout?.columns ?? [], dialect)),
  );
}

export function columnsNode(flows: FlowTable | undefined): XmlNode | undefined {
  if (flows === undefined || flows.groups.length === 0) return undefined;
  const [first, ...others] = flows.groups.map(({ layout = flows.layout }) => layout.columns.map(columnWord));
  const more = new Set(others.flat().filter((word) => !first.includes(word)));
  return additionalDataNode(columnsMeaning, JSON.stringify([...first, ...more]));
}

function rowNode(row: FlowRow, columns: readonly FlowColumn[], dialect: IodefDialect): XmlNode {
  const said = new Set<number>();
  const protocol = row[columnIndex(columns, protocolElement)];
  const systems = (['source', 'target'] as const).map((category) => {
    const { ipv4, ipv6, port } = systemElements[category];
    const address = [ipv4, ipv6].map((id) => ({ id, text: addressOfOctets(row[columnIndex(columns, id)]) }));
    const found = address.find(({ id, text }) => text !== undefined && isIPv6(text) === (id === ipv6));
    if (found?.text === undefined) return undefined;
    said.add(columnIndex(columns, found.id));
    const portValue = row[columnIndex(columns, port)];
    const hasService = isPart(protocol, 255);
    const hasPort = hasService && isPart(portValue, 65535);
    if (hasService) said.add(columnIndex(columns, protocolElement));
    if (hasPort) said.add(columnIndex(columns, port));
    return xml(
      'System',
      { category },
      xml('Node', {}, addressNode(found.text)),
      hasService
        ? xml(
            'Service',
            { [dialect.protocolAttribute]: String(protocol) },
            hasPort ? xml('Port', {}, String(portValue)) : undefined,
          )
        : undefined,
    );
  });
  const data = row.map((value, i) => {
    if (said.has(i) || i >= columns.length) return undefined;
    const word = columnWord(columns[i]);
    return isXmlText(word) ? additionalDataNode(word, value) : undefined;
  });
  const present = systems.filter((system) => system !== undefined);
  return xml('EventData', {}, present.length === 0 ? undefined : xml('Flow', {}, present), data);
}

function isPart(value: unknown, max: number): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= max &&
    !Object.is(value, -0)
  );
}

/** Whether the EventData within it are flows. */
export function hasFlowColumns(eventData: XmlElement): boolean {
  return eventData.children.some(
    ({ name, attributes }) => name === 'AdditionalData' && attributes.get('meaning') === columnsMeaning,
  );
}

/** The table in JSON form of the flows in an EventData that says which columns they have. */
export function flowTableOf(
  eventData: XmlElement,
  reading: XmlReading,
  dialect: IodefDialect,
): Json | undefined {
  const list = eventData.children.find(
    ({ name, attributes }) => name === 'AdditionalData' && attributes.get('meaning') === columnsMeaning,
  );
  if (list === undefined) return undefined;
  for (const name of ['meaning', 'dtype']) reading.attribute(list, name);
  const columns = columnsOfText(list.text);
  if (columns === undefined) {
    reading.lose('EventData/AdditionalData', 'dropped', `line ${list.line}: not a list of columns`);
    return undefined;
  }
  const places = new Map(columns.map((column, i) => [columnWord(column), i]));
  const rows = reading.children(eventData, 'EventData').map((element) => {
    const row: Json[] = new Array<Json>(columns.length).fill(null);
    for (const [word, value] of valuesOf(element, reading, dialect)) {
      const place = places.get(word);
      if (place === undefined)
        reading.lose('EventData/EventData', 'dropped', `line ${element.line}: ${word} is no column`);
      else row[place] = value;
    }
    return row;
  });
  return {
    layout: { columns: columns.map((column): Json => ({ ...column })) },
    groups: [{ rows }],
  };
}

/** As many as FLEX decoders accept by default. */
const maxColumns = 4_096;

function columnsOfText(text: string): readonly FlowColumn[] | undefined {
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isList(words as Json) || (words as readonly Json[]).length > maxColumns) return undefined;
  const columns = (words as readonly Json[]).map((word) =>
    typeof word === 'string' ? columnOfWord(word) : undefined,
  );
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

function valuesOf(
  element: XmlElement,
  reading: XmlReading,
  dialect: IodefDialect,
): readonly (readonly [string, Json])[] {
  const values: (readonly [string, Json])[] = [];
  const set = (id: number, value: Json | undefined) => {
    if (value !== undefined) values.push([columnWord({ kind: 'iana', id }), value]);
  };
  for (const system of reading.children(reading.child(element, 'Flow'), 'System')) {
    const category = reading.attribute(system, 'category');
    if (!isCategory(category)) continue;
    const { ipv4, ipv6, port } = systemElements[category];
    const addressElement = reading.child(reading.child(system, 'Node'), 'Address');
    reading.attribute(addressElement, 'category');
    const { address } = addressOfText(addressElement?.text.trim() ?? '');
    if (address !== undefined) {
      set(isIPv6(address) ? ipv6 : ipv4, { $octets: Buffer.from(addressToOctets(address)).toString('hex') });
    }
    const service = reading.child(system, 'Service');
    set(protocolElement, asUnsigned(reading.attribute(service, dialect.protocolAttribute), 255));
    set(port, asUnsigned(reading.text(service, 'Port'), 65535));
  }
  for (const data of reading.children(element, 'AdditionalData')) {
    const { name, value } = propertyOf(data, reading);
    values.push([name, value]);
  }
  return values;
}

function isCategory(word: string | undefined): word is SystemCategory {
  return word === 'source' || word === 'target';
}
