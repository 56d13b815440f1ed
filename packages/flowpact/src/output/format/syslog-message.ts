import type { Severity } from '@flowpact/event';
import type { FindingDocument } from './finding-document.ts';

/** RFC 5424, section 6.2.1, table 1, by the names that syslog(3) and its configurations use. */
export const syslogFacilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;
export type SyslogFacility = (typeof syslogFacilities)[number];

/** RFC 5424, section 6.2.1, table 2: 2 critical, 3 error, 4 warning, 5 notice, 6 informational. */
const syslogSeverities: Readonly<Record<Severity, number>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
  info: 6,
};
const notice = 5;

export interface SyslogMessageConfig {
  readonly facility: SyslogFacility;
  /** HOSTNAME; left out characters that it must not have. */
  readonly hostname: string;
  readonly appName: string;
  readonly processId: number;
  /** The private enterprise number in the name of our structured data. */
  readonly enterpriseNumber: number;
  /** Octets of a message. One that would have more goes without the JSON text. */
  readonly maxMessageBytes: number;
}

/**
 * A finding as a syslog message (RFC 5424, section 6): MSGID is the event's type or `detection`, structured data has
 * what filters ask for, MSG is the JSON text.
 *
 * That is plain ASCII, with what is beyond escaped, so it needs no byte order mark (section 6.4), which readers of
 * JSON stumble over.
 */
export function syslogMessage(document: FindingDocument, config: SyslogMessageConfig): string {
  const { event } = document;
  const severity = event === undefined ? notice : syslogSeverities[event.severity ?? 'low'];
  const priority = syslogFacilities.indexOf(config.facility) * 8 + severity;
  const header = [
    `<${priority}>1`,
    new Date(document.timeMs).toISOString(),
    headerField(config.hostname, 255),
    headerField(config.appName, 48),
    String(config.processId),
    event?.type ?? 'detection',
  ].join(' ');
  const data = structuredData(document, config.enterpriseNumber);
  const whole = `${header} ${data} ${ascii(document.json)}`;
  if (Buffer.byteLength(whole) <= config.maxMessageBytes) return whole;
  const shorter = `${header} ${data}`;
  return Buffer.byteLength(shorter) <= config.maxMessageBytes ? shorter : `${header} -`;
}

/** PRINTUSASCII of at most so many octets, or the NILVALUE (section 6). */
function headerField(text: string, maxOctets: number): string {
  const printable = text.replace(/[^!-~]/g, '').slice(0, maxOctets);
  return printable === '' ? '-' : printable;
}

function structuredData({ module, statement, event }: FindingDocument, enterpriseNumber: number): string {
  const ends = (endpoints: NonNullable<typeof event>['sources']) =>
    (endpoints ?? []).slice(0, maxEndpoints).flatMap(({ address, name, prefixLength }) => {
      const text = address ?? name;
      return text === undefined ? [] : [prefixLength === undefined ? text : `${text}/${prefixLength}`];
    });
  const parameters: readonly (readonly [name: string, value: string])[] = [
    ['module', module],
    ['statement', statement],
    ...(event?.severity === undefined ? [] : [['severity', event.severity] as const]),
    ...(event?.confidence === undefined ? [] : [['confidence', String(event.confidence)] as const]),
    ...ends(event?.sources).map((text) => ['source', text] as const),
    ...ends(event?.targets).map((text) => ['target', text] as const),
  ];
  const texts = parameters.map(([name, value]) => `${name}="${parameterValue(value)}"`);
  return `[flowpact@${enterpriseNumber} ${texts.join(' ')}]`;
}

/** A parameter may come several times (section 6.3.3); the JSON text has all of them. */
const maxEndpoints = 8;

/** Section 6.3.3: quote, backslash and closing bracket are escaped; control characters may disturb who shows them. */
const parameterValue = (text: string) => text.replace(/["\\\]]/g, '\\$&').replace(/\p{Cc}/gu, ' ');

const ascii = (json: string) =>
  json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
