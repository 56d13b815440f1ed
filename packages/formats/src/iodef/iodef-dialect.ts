import type { EventType, Tlp } from '@flowpact/event';
import type { FormatName } from '../format.ts';

/** What differs between version 1 (RFC 5070) and version 2 (RFC 7970). */
export interface IodefDialect {
  readonly name: FormatName;
  readonly title: string;
  readonly version: '1.00' | '2.00';
  readonly namespace: string;
  readonly langAttribute: 'lang' | 'xml:lang';
  readonly protocolAttribute: 'ip_protocol' | 'ip-protocol';
  /** The time that a document must have. */
  readonly createdElement: 'ReportTime' | 'GenerationTime';
  readonly impactElement: 'Impact' | 'SystemImpact';
  /** Impact types near the event type; the type itself is the element's text. */
  readonly impactTypes: Readonly<Record<EventType, string>>;
  /** `Incident@restriction` for a TLP label. */
  readonly restrictions: Readonly<Record<Tlp, string>>;
  /** The label for each restriction that a document may have. */
  readonly labels: Readonly<Record<string, Tlp>>;
  /** `NodeRole@category` for the roles that have a word of their own. */
  readonly roles: Readonly<Record<string, string>>;
}

export const iodef1: IodefDialect = {
  name: 'iodef1',
  title: 'IODEF 1 (RFC 5070)',
  version: '1.00',
  namespace: 'urn:ietf:params:xml:ns:iodef-1.0',
  langAttribute: 'lang',
  protocolAttribute: 'ip_protocol',
  createdElement: 'ReportTime',
  impactElement: 'Impact',
  impactTypes: {
    cuC: 'policy',
    dDoS: 'dos',
    other: 'unknown',
    scan: 'recon',
    bruteForce: 'user',
    spam: 'policy',
    botInfection: 'policy',
    amplifier: 'misconfiguration',
    dataExfiltration: 'info-leak',
  },
  restrictions: {
    clear: 'public',
    green: 'need-to-know',
    amber: 'need-to-know',
    amberStrict: 'need-to-know',
    red: 'private',
  },
  labels: { public: 'clear', 'need-to-know': 'amber', private: 'red' },
  roles: {},
};

export const iodef2: IodefDialect = {
  name: 'iodef2',
  title: 'IODEF 2 (RFC 7970)',
  version: '2.00',
  namespace: 'urn:ietf:params:xml:ns:iodef-2.0',
  langAttribute: 'xml:lang',
  protocolAttribute: 'ip-protocol',
  createdElement: 'GenerationTime',
  impactElement: 'SystemImpact',
  impactTypes: {
    cuC: 'takeover-system',
    dDoS: 'availability-service',
    other: 'policy',
    scan: 'monitoring-host',
    bruteForce: 'takeover-account',
    spam: 'policy',
    botInfection: 'takeover-system',
    amplifier: 'traffic-redirection',
    dataExfiltration: 'breach-proprietary',
  },
  restrictions: { clear: 'white', green: 'green', amber: 'amber', amberStrict: 'amber', red: 'red' },
  labels: {
    white: 'clear',
    public: 'clear',
    green: 'green',
    partner: 'green',
    amber: 'amber',
    'need-to-know': 'amber',
    red: 'red',
    private: 'red',
  },
  roles: { c2: 'c2-server', reflector: 'reflector' },
};

/** `Impact@type` of documents from elsewhere, where the text names no event type. */
export const typeOfImpact: Readonly<Record<string, EventType>> = {
  dos: 'dDoS',
  'availability-service': 'dDoS',
  'availability-system': 'dDoS',
  recon: 'scan',
  'monitoring-host': 'scan',
  'monitoring-traffic': 'scan',
  'takeover-account': 'bruteForce',
  'takeover-system': 'botInfection',
  'info-leak': 'dataExfiltration',
  'breach-proprietary': 'dataExfiltration',
  'breach-privacy': 'dataExfiltration',
};
