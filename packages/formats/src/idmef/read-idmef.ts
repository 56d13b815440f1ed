import { type EventType, eventTypes } from '@flowpact/event';
import type { ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { typeOfWords } from '../model/event-type-words.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { type Json, present, presentList } from '../model/message-json.ts';
import { timeOfText } from '../model/time-text.ts';
import { elementNamed, type XmlElement } from '../xml/xml-element.ts';
import { XmlReading } from '../xml/xml-reading.ts';
import { readAdditionalData } from './idmef-additional-data.ts';
import { endpointOf } from './idmef-endpoint.ts';
import { timeOfNtpStamp } from './idmef-time.ts';

/** The first Alert of the message; those after it, and heartbeats, are reported as lost. */
export function readIdmef(document: XmlElement, limits: FormatsLimits): ReadDocument {
  const root = elementNamed(document, 'IDMEF-Message');
  if (root === undefined) {
    throw new FormatsError(
      'FORMATS_OTHER_FORMAT',
      `no IDMEF-Message is in the root element ${document.name}`,
    );
  }
  const reading = new XmlReading();
  const alert = reading.child(root, 'Alert');
  if (alert === undefined) throw new FormatsError('FORMATS_MISSING', 'the IDMEF message has no Alert');
  reading.attribute(root, 'version');
  const analyzer = reading.child(alert, 'Analyzer');
  const analyzerNode = reading.child(analyzer, 'Node');
  const data = readAdditionalData(reading.children(alert, 'AdditionalData'), reading, limits);
  // Drafts before the RFC called it ident.
  const id = messageIdOf(reading.attribute(alert, 'messageid') ?? reading.attribute(alert, 'ident') ?? '');
  if (id.isMade) reading.lose('Alert/@messageid', 'approximated', 'not a number: the id is made from it');
  const tree: Json = {
    kind: 'alert',
    id: id.id,
    sender: {
      name: reading.attribute(analyzer, 'analyzerid') || reading.text(analyzerNode, 'name') || 'unknown',
    },
    createdMs: createdOf(alert, reading),
    event: eventOf(alert, analyzer, data.properties, reading),
  };
  return { tree, additions: data.additions, losses: reading.losses(root) };
}

function createdOf(alert: XmlElement, reading: XmlReading): number {
  for (const name of ['CreateTime', 'AnalyzerTime', 'DetectTime']) {
    const element = alert.children.find((child) => child.name === name);
    const ms = timeOfText(element?.text) ?? timeOfNtpStamp(element?.attributes.get('ntpstamp'));
    if (ms === undefined) continue;
    reading.attribute(reading.child(alert, name), 'ntpstamp');
    return ms;
  }
  throw new FormatsError('FORMATS_MISSING', 'the Alert says no CreateTime');
}

function eventOf(
  alert: XmlElement,
  analyzer: XmlElement | undefined,
  properties: readonly Json[],
  reading: XmlReading,
): Json {
  const detectTime = reading.child(alert, 'DetectTime');
  const stamp = timeOfNtpStamp(reading.attribute(detectTime, 'ntpstamp'));
  const assessment = reading.child(alert, 'Assessment');
  const impact = reading.child(assessment, 'Impact');
  const { type, text } = classificationOf(alert, reading);
  const severity = reading.attribute(impact, 'severity');
  reading.attribute(impact, 'type');
  const detector = present({
    name: reading.attribute(analyzer, 'name'),
    version: reading.attribute(analyzer, 'version'),
    method: reading.attribute(analyzer, 'class'),
  });
  return {
    ...present({
      startMs: timeOfText(detectTime?.text) ?? stamp,
      detector: detector && { name: '', ...detector },
      severity: severity !== undefined && /^(info|low|medium|high)$/.test(severity) ? severity : undefined,
      confidence: confidenceOf(reading.child(assessment, 'Confidence'), reading),
      sources: presentList(reading.children(alert, 'Source').map((element) => endpointOf(element, reading))),
      targets: presentList(reading.children(alert, 'Target').map((element) => endpointOf(element, reading))),
      text: impact?.text || text,
      additional: presentList(properties),
    }),
    type,
  };
}

/** The type, and the text where it is no type of ours: then it says what happened. */
function classificationOf(
  alert: XmlElement,
  reading: XmlReading,
): { readonly type: EventType; readonly text: string | undefined } {
  const classification = reading.child(alert, 'Classification');
  // Drafts before the RFC, and the sensors made then, had the name in an element.
  const text = reading.attribute(classification, 'text') ?? reading.text(classification, 'name') ?? '';
  const named = eventTypes.find((word) => word === text);
  if (named !== undefined) return { type: named, text: undefined };
  const type = typeOfWords(text) ?? 'other';
  reading.lose(
    'Alert/Classification/@text',
    'approximated',
    `"${text.slice(0, 60)}" becomes the type ${type}`,
  );
  return { type, text: text || undefined };
}

/** A share of 1 where numeric; words are the middle of their third. */
function confidenceOf(element: XmlElement | undefined, reading: XmlReading): number | undefined {
  if (element === undefined) return undefined;
  const rating = reading.attribute(element, 'rating') ?? 'numeric';
  if (rating === 'numeric') {
    const share = Number(element.text.trim() || Number.NaN);
    if (share >= 0 && share <= 1) return Math.abs(Math.round(share * 100));
    reading.lose('Assessment/Confidence', 'dropped', 'not a number from 0 to 1');
    return undefined;
  }
  const words: Readonly<Record<string, number>> = { low: 17, medium: 50, high: 83 };
  const percent = Object.hasOwn(words, rating) ? words[rating] : undefined;
  if (percent !== undefined)
    reading.lose('Assessment/Confidence', 'approximated', `${rating} becomes ${percent} %`);
  return percent;
}
