import { type EventType, eventTypes, type Severity } from '@flowpact/event';
import type { ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { typeOfWords } from '../model/event-type-words.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { type Json, present, presentList } from '../model/message-json.ts';
import { timeOfText } from '../model/time-text.ts';
import { elementNamed, type XmlElement } from '../xml/xml-element.ts';
import { XmlReading } from '../xml/xml-reading.ts';
import { readAdditionalData } from './iodef-additional-data.ts';
import { type IodefDialect, typeOfImpact } from './iodef-dialect.ts';
import { flowTableOf, hasFlowColumns } from './iodef-flows.ts';
import { endpointOfSystem } from './iodef-system.ts';

/** The first Incident of the document; those after it are reported as lost. */
export function readIodef(document: XmlElement, limits: FormatsLimits, dialect: IodefDialect): ReadDocument {
  const root = elementNamed(document, 'IODEF-Document');
  if (root === undefined) {
    throw new FormatsError(
      'FORMATS_OTHER_FORMAT',
      `no IODEF-Document is in the root element ${document.name}`,
    );
  }
  const reading = new XmlReading();
  const incident = reading.child(root, 'Incident');
  if (incident === undefined) throw new FormatsError('FORMATS_MISSING', 'the IODEF document has no Incident');
  for (const name of ['version', 'lang']) reading.attribute(root, name);
  const eventData = reading.children(incident, 'EventData').flatMap((data) => eventDataWithin(data, reading));
  const data = readAdditionalData(
    [incident, ...eventData].flatMap((holder) =>
      reading
        .children(holder, 'AdditionalData')
        .filter(({ attributes }) => attributes.get('meaning') !== 'flowColumns'),
    ),
    reading,
    limits,
  );
  const identity = reading.child(incident, 'IncidentID');
  const id = messageIdOf(identity?.text ?? '');
  if (id.isMade) reading.lose('IncidentID', 'approximated', 'not a number: the id is made from it');
  const tree: Json = {
    kind: reading.attribute(incident, 'purpose') === 'mitigation' ? 'request' : 'alert',
    id: id.id,
    sender: senderOf(incident, identity, reading),
    createdMs: createdOf(incident, reading),
    event: eventOf(incident, eventData, data.properties, reading, dialect),
  };
  return { tree, additions: data.additions, losses: reading.losses(root) };
}

/** What is in it too (RFC 5070, section 3.9), unless these are flows of ours. */
function eventDataWithin(data: XmlElement, reading: XmlReading): readonly XmlElement[] {
  if (hasFlowColumns(data)) return [data];
  return [data, ...reading.children(data, 'EventData').flatMap((inner) => eventDataWithin(inner, reading))];
}

function createdOf(incident: XmlElement, reading: XmlReading): number {
  const names = ['GenerationTime', 'ReportTime', 'DetectTime', 'EndTime', 'StartTime'];
  for (const name of names) {
    const text = incident.children.find((child) => child.name === name)?.text;
    const ms = timeOfText(text);
    if (ms !== undefined) {
      reading.child(incident, name);
      return ms;
    }
  }
  throw new FormatsError(
    'FORMATS_MISSING',
    'the Incident says no time: neither GenerationTime nor ReportTime',
  );
}

function senderOf(incident: XmlElement, identity: XmlElement | undefined, reading: XmlReading): Json {
  const contact =
    reading.childWith(incident, 'Contact', 'role', 'creator') ?? reading.child(incident, 'Contact');
  for (const name of ['role', 'type']) reading.attribute(contact, name);
  const email = reading.child(contact, 'Email');
  const address = (reading.text(email, 'EmailTo') ?? email?.text.trim()) || undefined;
  const contactName = reading.text(contact, 'ContactName');
  return {
    ...present({ contact: address === undefined ? undefined : `mailto:${address}` }),
    name: reading.attribute(identity, 'name') || contactName || 'unknown',
  };
}

function eventOf(
  incident: XmlElement,
  eventData: readonly XmlElement[],
  properties: readonly Json[],
  reading: XmlReading,
  dialect: IodefDialect,
): Json {
  const assessment = reading.child(incident, 'Assessment');
  const [impact] = [dialect.impactElement, 'Impact', 'SystemImpact', 'BusinessImpact'].flatMap(
    (name) => reading.child(assessment, name) ?? [],
  );
  const restriction = reading.attribute(incident, 'restriction');
  const systems = eventData
    .flatMap((data) => reading.children(data, 'Flow').flatMap((flow) => reading.children(flow, 'System')))
    .map((system) => ({ system, category: categoryOf(system, reading) }));
  const side = (wanted: string) =>
    presentList(
      systems
        .filter(({ category }) => category === wanted)
        .map(({ system }) => endpointOfSystem(system, reading, dialect)),
    );
  const tables = eventData
    .map((data) => flowTableOf(data, reading, dialect))
    .filter((table) => table !== undefined);
  reading.attribute(reading.child(incident, 'Discovery'), 'source');
  return {
    ...present({
      startMs: timeOfText(reading.text(incident, 'StartTime')),
      endMs: timeOfText(reading.text(incident, 'EndTime')),
      severity: severityOf(reading.attribute(impact, 'severity')),
      confidence: confidenceOf(reading.child(assessment, 'Confidence'), reading),
      sources: side('source'),
      targets: side('target'),
      tlp:
        restriction !== undefined && Object.hasOwn(dialect.labels, restriction)
          ? dialect.labels[restriction]
          : undefined,
      text: reading.child(incident, 'Description')?.text,
      flows: tables[0],
      additional: presentList(properties),
    }),
    type: typeOf(impact, reading.child(incident, 'Description')?.text, reading),
  };
}

/** `System@category`. Optional (RFC 5070, section 3.15): a system that an incident names without a word is who did it. */
function categoryOf(system: XmlElement, reading: XmlReading): string {
  const category = reading.attribute(system, 'category');
  if (category !== undefined) return category;
  reading.lose('Flow/System', 'approximated', `line ${system.line}: without a category, read as a source`);
  return 'source';
}

function typeOf(
  impact: XmlElement | undefined,
  description: string | undefined,
  reading: XmlReading,
): EventType {
  const text = impact?.text.trim() ?? '';
  const type = reading.attribute(impact, 'type') ?? '';
  const named = eventTypes.find((word) => word.toLowerCase() === text.toLowerCase());
  if (named !== undefined) return named;
  const near =
    (Object.hasOwn(typeOfImpact, type) ? typeOfImpact[type] : undefined) ??
    typeOfWords(text) ??
    typeOfWords(description ?? '') ??
    'other';
  if (impact !== undefined || near !== 'other') {
    reading.lose('Assessment/Impact', 'approximated', `${type} "${text.slice(0, 60)}" becomes ${near}`);
  }
  return near;
}

function severityOf(word: string | undefined): Severity | undefined {
  return word === 'low' || word === 'medium' || word === 'high' ? word : undefined;
}

/** Numbers are percent (RFC 5070, section 3.12.5). Words are the middle of their third. */
function confidenceOf(element: XmlElement | undefined, reading: XmlReading): number | undefined {
  const rating = reading.attribute(element, 'rating');
  if (rating === 'numeric') {
    const value = Math.round(Number(element?.text.trim() || Number.NaN));
    if (value >= 0 && value <= 100) return value === 0 ? 0 : value;
    reading.lose('Assessment/Confidence', 'dropped', 'not a number from 0 to 100');
    return undefined;
  }
  const words: Readonly<Record<string, number>> = { low: 17, medium: 50, high: 83 };
  const percent = rating !== undefined && Object.hasOwn(words, rating) ? words[rating] : undefined;
  if (percent !== undefined)
    reading.lose('Assessment/Confidence', 'approximated', `${rating} becomes ${percent} %`);
  return percent;
}
