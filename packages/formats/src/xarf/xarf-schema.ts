import type { EventType } from '@flowpact/event';

/** A published schema of X-ARF reports, and what it demands beside what all of them do. */
export interface XarfSchema {
  readonly category: string;
  readonly reportType: string;
  readonly url: string;
  /** Keys that must be there. */
  readonly required: readonly ('Service' | 'Port' | 'Bot-Name' | 'Attachment')[];
  /** Where the port of the target is. */
  readonly portKey: 'Port' | 'Destination-Port';
}

const folder = 'http://www.x-arf.org/schema';

const loginAttack: XarfSchema = {
  category: 'abuse',
  reportType: 'login-attack',
  url: `${folder}/abuse_login-attack_0.1.2.json`,
  required: ['Service', 'Port', 'Attachment'],
  portKey: 'Port',
};
const malwareAttack: XarfSchema = {
  category: 'abuse',
  reportType: 'malware-attack',
  url: `${folder}/abuse_malware-attack_0.1.4.json`,
  required: [],
  portKey: 'Port',
};
const botInfection: XarfSchema = {
  category: 'abuse',
  reportType: 'bot-infection',
  url: `${folder}/abuse_bot-infection_0.1.1.json`,
  required: ['Bot-Name'],
  portKey: 'Destination-Port',
};
const fraud = (reportType: string): XarfSchema => ({
  category: 'fraud',
  reportType,
  url: `${folder}/fraud_0.1.4.json`,
  required: ['Service', 'Port'],
  portKey: 'Port',
});

/** The words of `fraud_0.1.4`. */
const fraudTypes = ['phishing', 'infected', 'defacement', 'scam', 'spam'];

/**
 * The published schema nearest to a type of event. There is none for attacks on availability, for scans and for leaks:
 * `malware-attack` asks the receiver to look after the machine, which is what the report is for.
 */
export function schemaOf(type: EventType): XarfSchema {
  switch (type) {
    case 'bruteForce':
      return loginAttack;
    case 'spam':
      return fraud('spam');
    case 'botInfection':
    case 'cuC':
      return botInfection;
    case 'dDoS':
    case 'scan':
    case 'amplifier':
    case 'dataExfiltration':
    case 'other':
      return malwareAttack;
    default:
      return type satisfies never;
  }
}

/** The schema for a word of another report, `fraud/phishing`; undefined where none is published for it. */
export function schemaOfWord(word: string | undefined): XarfSchema | undefined {
  const [category, reportType] = word?.split('/') ?? [];
  if (category === 'fraud' && fraudTypes.includes(reportType)) return fraud(reportType);
  return [loginAttack, malwareAttack, botInfection].find(
    (schema) => schema.category === category && schema.reportType === reportType,
  );
}

/** What common reporters write, and what it means here. */
const typePatterns: readonly (readonly [RegExp, EventType])[] = [
  [/c&c|\bc2\b|command.and.control/i, 'cuC'],
  [/d?dos\b|denial|flood/i, 'dDoS'],
  [/login|brute|hack.?attack|password|auth/i, 'bruteForce'],
  [/spam/i, 'spam'],
  [/bot|malware|infect|virus|trojan|worm/i, 'botInfection'],
  [/scan|probe|sweep|recon/i, 'scan'],
  [/amplif|reflect|open.?(resolver|relay|proxy)/i, 'amplifier'],
  [/leak|exfiltrat/i, 'dataExfiltration'],
];

export function eventTypeOfReport(reportType: string): EventType {
  return typePatterns.find(([pattern]) => pattern.test(reportType))?.[1] ?? 'other';
}
