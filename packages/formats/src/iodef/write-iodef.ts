import type { Message, Severity } from '@flowpact/event';
import type { Addition } from '../model/addition.ts';
import { timeText } from '../model/time-text.ts';
import { withinOnlyChild, type XmlNode, xml } from '../xml/xml-element.ts';
import { additionalDataNode, additionNode } from './iodef-additional-data.ts';
import type { IodefDialect } from './iodef-dialect.ts';
import { columnsNode, flowEventData } from './iodef-flows.ts';
import { systemNode } from './iodef-system.ts';

const purposes = { alert: 'reporting', request: 'mitigation', feedback: 'other' } as const;

/** IODEF has three; `info` and `critical` are those next to them. */
const severityWords: Readonly<Record<Severity, string>> = {
  info: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'high',
};

/** One Incident with the order of elements of its version's schema. */
export function iodefDocument(message: Message, dialect: IodefDialect): XmlNode {
  const { event } = message;
  const isVersion1 = dialect.version === '1.00';
  const restriction = event.tlp && dialect.restrictions[event.tlp];
  const incident = xml(
    'Incident',
    { purpose: purposes[message.kind], restriction },
    xml('IncidentID', { name: message.sender.name }, message.id),
    event.startMs === undefined ? undefined : xml('StartTime', {}, timeText(event.startMs)),
    event.endMs === undefined ? undefined : xml('EndTime', {}, timeText(event.endMs)),
    xml(dialect.createdElement, {}, timeText(message.createdMs)),
    event.text === undefined ? undefined : xml('Description', {}, event.text),
    isVersion1 ? undefined : xml('Discovery', { source: 'network-flow' }),
    assessmentNode(message, dialect),
    contactNode(message, dialect),
    eventDataNode(message, dialect),
    (event.additional ?? []).map(({ name, value }) => additionalDataNode(name, value)),
  );
  return xml(
    'IODEF-Document',
    { version: dialect.version, [dialect.langAttribute]: 'en', xmlns: dialect.namespace },
    incident,
  );
}

/** Additional data ends the Incident. */
export function withIodefAdditions(document: XmlNode, additions: readonly Addition[]): XmlNode {
  return withinOnlyChild(document, additions.map(additionNode));
}

/** The event's type is the text of the impact: its `type` has no word for most. */
function assessmentNode({ event }: Message, { impactElement, impactTypes }: IodefDialect): XmlNode {
  const severity = event.severity && severityWords[event.severity];
  return xml(
    'Assessment',
    {},
    xml(impactElement, { severity, type: impactTypes[event.type] }, event.type),
    event.confidence === undefined
      ? undefined
      : xml('Confidence', { rating: 'numeric' }, String(event.confidence)),
  );
}

function contactNode({ sender }: Message, { version }: IodefDialect): XmlNode {
  const address = sender.contact?.startsWith('mailto:') ? sender.contact.slice('mailto:'.length) : undefined;
  const email = address && (version === '1.00' ? address : xml('EmailTo', {}, address));
  return xml(
    'Contact',
    { role: 'creator', type: 'organization' },
    xml('ContactName', {}, sender.name),
    email ? xml('Email', {}, email) : undefined,
  );
}

function eventDataNode({ event }: Message, dialect: IodefDialect): XmlNode | undefined {
  const systems = [
    ...(event.sources ?? []).map((endpoint) => systemNode(endpoint, 'source', dialect)),
    ...(event.targets ?? []).map((endpoint) => systemNode(endpoint, 'target', dialect)),
  ];
  const columns = columnsNode(event.flows);
  if (systems.length === 0 && columns === undefined) return undefined;
  return xml(
    'EventData',
    {},
    systems.length === 0 ? undefined : xml('Flow', {}, systems),
    flowEventData(event.flows, dialect),
    columns,
  );
}
