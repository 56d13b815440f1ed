import type { EventType, Message, Severity } from '@flowpact/event';
import type { Addition } from '../model/addition.ts';
import { withinOnlyChild, type XmlNode, xml } from '../xml/xml-element.ts';
import { additionalDataNode, additionNode } from './idmef-additional-data.ts';
import { endpointNode } from './idmef-endpoint.ts';
import { timeNode } from './idmef-time.ts';

export const idmefNamespace = 'http://iana.org/idmef';

/** `Impact@type`: what the attempt was against. */
const impactTypes: Readonly<Record<EventType, string>> = {
  cuC: 'other',
  dDoS: 'dos',
  other: 'other',
  scan: 'recon',
  bruteForce: 'user',
  spam: 'other',
  botInfection: 'other',
  amplifier: 'dos',
  dataExfiltration: 'file',
};

const severityWords: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'high',
};

/** One Alert (RFC 4765, section 4.2.2). */
export function idmefMessage(message: Message): XmlNode {
  const { event, sender } = message;
  const { detector } = event;
  const alert = xml(
    'Alert',
    { messageid: message.id },
    xml('Analyzer', {
      analyzerid: sender.name,
      name: detector?.name,
      version: detector?.version,
      class: detector?.method,
    }),
    timeNode('CreateTime', message.createdMs),
    event.startMs === undefined ? undefined : timeNode('DetectTime', event.startMs),
    (event.sources ?? []).map((endpoint) => endpointNode(endpoint, 'Source')),
    (event.targets ?? []).map((endpoint) => endpointNode(endpoint, 'Target')),
    xml('Classification', { text: event.type }),
    assessmentNode(message),
    (event.additional ?? []).map(({ name, value }) => additionalDataNode(name, value)),
  );
  return xml('IDMEF-Message', { version: '1.0', xmlns: idmefNamespace }, alert);
}

/** Additional data ends the Alert. */
export function withIdmefAdditions(document: XmlNode, additions: readonly Addition[]): XmlNode {
  return withinOnlyChild(document, additions.map(additionNode));
}

/** Confidence is a share of 1 (section 4.2.6.3). */
function assessmentNode({ event }: Message): XmlNode {
  const severity = event.severity && severityWords[event.severity];
  return xml(
    'Assessment',
    {},
    xml('Impact', { severity, type: impactTypes[event.type] }, event.text),
    event.confidence === undefined
      ? undefined
      : xml('Confidence', { rating: 'numeric' }, String(event.confidence / 100)),
  );
}
