import type { EventType, Message } from '@flowpact/event';
import { typeOfWords } from '../model/event-type-words.ts';

/** `category` and `type`. */
export interface Xarf4Kind {
  readonly category: string;
  readonly type: string;
}

/** What connections are made of, in the words of the `connection` schemas. */
export const protocolWords: ReadonlyMap<number, string> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [1, 'icmp'],
  [58, 'icmp'],
  [132, 'sctp'],
]);

/** The kind that says an event's type; undefined where none does. */
const kinds: Readonly<Partial<Record<EventType, Xarf4Kind>>> = {
  dDoS: { category: 'connection', type: 'ddos' },
  scan: { category: 'connection', type: 'port_scan' },
  bruteForce: { category: 'connection', type: 'login_attack' },
  spam: { category: 'messaging', type: 'spam' },
  botInfection: { category: 'infrastructure', type: 'botnet' },
  amplifier: { category: 'vulnerability', type: 'open_service' },
};

/** `threat_type` of the kind that takes everything. */
export const threatWords: Readonly<Record<EventType, string>> = {
  cuC: 'command_and_control',
  dDoS: 'ddos',
  other: 'other',
  scan: 'port_scan',
  bruteForce: 'login_attack',
  spam: 'spam',
  botInfection: 'botnet',
  amplifier: 'amplifier',
  dataExfiltration: 'data_exfiltration',
};

export const threatIntelligence: Xarf4Kind = { category: 'reputation', type: 'threat_intelligence' };

/** Connections must say their protocol: those of another one, or of none, are of the kind that takes everything. */
export function kindOf({ event }: Message, protocol: string | undefined): Xarf4Kind {
  const kind = kinds[event.type] ?? threatIntelligence;
  return kind.category === 'connection' && protocol === undefined ? threatIntelligence : kind;
}

/** Types of version 4 and of its drafts. */
export function eventTypeOf(type: string, threatType: string | undefined): EventType {
  const word = type.toLowerCase().replaceAll('-', '_');
  switch (word) {
    case 'ddos':
    case 'ddos_amplification':
      return 'dDoS';
    case 'port_scan':
    case 'reconnaissance':
    case 'vulnerability_scan':
    case 'vuln_scanning':
      return 'scan';
    case 'login_attack':
    case 'auth_failure':
      return 'bruteForce';
    case 'spam':
    case 'bulk_messaging':
      return 'spam';
    case 'botnet':
    case 'bot':
    case 'infected_host':
    case 'compromised_server':
      return 'botInfection';
    case 'open_service':
      return 'amplifier';
    case 'exposed_data':
      return 'dataExfiltration';
    case 'threat_intelligence':
    case 'blocklist': {
      const named = Object.entries(threatWords).find(([, threat]) => threat === threatType?.toLowerCase());
      return (named?.[0] as EventType | undefined) ?? 'other';
    }
    default:
      return typeOfWords(word.replaceAll('_', ' ')) ?? 'other';
  }
}

/** Whether the kind says no more than the type. */
export function isUsual(
  { category, type }: Xarf4Kind,
  event: EventType,
  threatType: string | undefined,
): boolean {
  const usual = kinds[event];
  if (usual?.category === category && usual.type === type) return true;
  return (
    type === threatIntelligence.type &&
    category === threatIntelligence.category &&
    threatType === threatWords[event]
  );
}
