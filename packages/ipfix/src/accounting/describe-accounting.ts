import type { DecodeIssueCode } from '../message/decode-issue.ts';
import type { DecoderStats, DomainStats } from '../message/decoder-stats.ts';
import { protocolNames, type SessionAccounting } from './session-accounting.ts';

/** A clock that is off by more than this, milliseconds, is worth telling. */
const tolerableSkewMs = 5000;

const count = (number: number, one: string, many = `${one}s`) =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

/** What is behind an issue, and what to do about it, in words. */
const explanations: Readonly<Record<DecodeIssueCode, string>> = {
  IPFIX_MESSAGE_TOO_SHORT: 'were shorter than a message header: something else sends to this port',
  IPFIX_MESSAGE_VERSION: 'were neither NetFlow nor IPFIX: something else sends to this port',
  IPFIX_MESSAGE_LENGTH:
    'had a length or count in the header that does not fit: cut on the way, or a fault of the exporter',
  IPFIX_SET_LENGTH: 'had a set that does not fit into the message; the rest of them was skipped',
  IPFIX_SET_RESERVED: 'had sets with reserved ids, which were skipped',
  IPFIX_TEMPLATE_MALFORMED: 'had a template that contradicts itself: a fault of the exporter',
  IPFIX_TEMPLATE_EMPTY: 'had a template without any octets, which was not taken',
  IPFIX_TEMPLATE_MISSING: 'had data before its template',
  IPFIX_PARKED_EXPIRED: 'had data whose template did not come in time',
  IPFIX_RECORD_OVERRUN: 'had a record that goes past its set',
  IPFIX_LIMIT_DOMAINS: 'were of too many observation domains: raise maxDomains if they are real',
  IPFIX_LIMIT_TEMPLATES: 'had a template beyond maxTemplatesPerDomain: raise it if they are real',
  IPFIX_LIMIT_FIELDS:
    'had a template with fields beyond maxFieldsPerTemplate or maxFieldsPerSession: raise them if they are real',
  IPFIX_SEQUENCE_GAP: 'came after a gap in the sequence numbers',
};

/** Told in sentences of their own. */
const toldElsewhere: readonly DecodeIssueCode[] = [
  'IPFIX_TEMPLATE_MISSING',
  'IPFIX_PARKED_EXPIRED',
  'IPFIX_SEQUENCE_GAP',
];

function describeIssues({ issues }: DecoderStats): string[] {
  return (Object.entries(issues) as [DecodeIssueCode, number][])
    .filter(([code]) => !toldElsewhere.includes(code))
    .map(([code, times]) => `${count(times, 'time')}, messages ${explanations[code]} (${code})`);
}

function describeParking(stats: DecoderStats): string[] {
  const { unknownTemplateSets, parkedSets, recoveredSets, recoveredRecords, expiredSets, parkedBytes } =
    stats;
  if (unknownTemplateSets === 0) return [];
  const waiting = parkedSets - recoveredSets - expiredSets;
  const skipped = unknownTemplateSets - parkedSets;
  return [
    [
      `${count(unknownTemplateSets, 'data set')} came before the template`,
      ...(recoveredSets === 0
        ? []
        : [`${recoveredSets} were read when it came (${count(recoveredRecords, 'record')})`]),
      ...(waiting === 0
        ? []
        : [
            `${waiting} still wait (${count(parkedBytes, 'octet')}): let the exporter send its templates, every minute over UDP`,
          ]),
      ...(expiredSets === 0
        ? []
        : [`${expiredSets} were given up: let the exporter send its templates more often`]),
      ...(skipped === 0 ? [] : [`${skipped} did not fit into maxParkedBytes`]),
    ].join('; '),
  ];
}

function describeLoss(domain: DomainStats): string[] {
  const {
    records,
    optionsRecords,
    lostRecords,
    lostMessages,
    sequenceGaps,
    lateMessages,
    repeatedMessages,
    sequenceResets,
  } = domain;
  const sent = records + optionsRecords + lostRecords;
  const share = sent === 0 ? 0 : (100 * lostRecords) / sent;
  return [
    ...(lostRecords === 0 && lostMessages === 0
      ? []
      : [
          `${domain.version === 9 ? `${count(lostMessages, 'message')}, about ` : ''}${count(lostRecords, 'record')} lost on the way in ${count(sequenceGaps, 'gap')} (${share.toFixed(1)} %): look at the receive buffer, the path and the exporter's rate`,
        ]),
    ...(lateMessages === 0
      ? []
      : [`${count(lateMessages, 'message')} overtaken by later ones, none of them lost`]),
    ...(repeatedMessages === 0
      ? []
      : [
          `${count(repeatedMessages, 'message')} with a sequence number already seen: repeated on the way, or numbered wrongly by the exporter`,
        ]),
    ...(sequenceResets === 0
      ? []
      : [`${count(sequenceResets, 'restart')} of the exporter or of its numbering`]),
  ];
}

function describeClock({ clockSkewMs }: DomainStats): string[] {
  if (clockSkewMs === undefined || Math.abs(clockSkewMs) <= tolerableSkewMs) return [];
  const seconds = Math.round(Math.abs(clockSkewMs) / 1000).toLocaleString('en-US');
  return [
    `its clock is ${seconds} s ${clockSkewMs > 0 ? 'behind' : 'ahead of'} ours: times of flows are off as much; let both follow NTP`,
  ];
}

function describeSampling({ sampling, records }: DomainStats): string[] {
  if (sampling !== 'unknown' || records === 0) return [];
  return [
    'no sampling rate told, 1 assumed: if it samples, let it export its sampler options, or configure the rate',
  ];
}

function describeDomain(domain: DomainStats): string[] {
  const { version, observationDomainId, messages, records, optionsRecords } = domain;
  const place =
    version === 1 || version === 7
      ? ''
      : `, ${version === 10 ? 'observation domain' : version === 9 ? 'source' : 'engine'} ${observationDomainId}`;
  const options = optionsRecords === 0 ? '' : ` and ${count(optionsRecords, 'options record')}`;
  return [
    `  ${protocolNames[version]}${place}: ${count(records, 'record')}${options} in ${count(messages, 'message')}`,
    ...[...describeLoss(domain), ...describeClock(domain), ...describeSampling(domain)].map(
      (line) => `    ${line}`,
    ),
  ];
}

/**
 * Tells in plain words what came from each exporter and what was wrong with it: a line for each exporter, indented
 * ones for its domains and for what is worth knowing.
 */
export function describeAccounting(sessions: readonly SessionAccounting[]): string[] {
  if (sessions.length === 0) return ['no exporter has sent anything'];
  return sessions.flatMap(({ exporter, stats }) => [
    `${exporter}: ${count(stats.messages, 'message')}, ${count(stats.octets, 'octet')}, ${count(stats.records, 'record')}`,
    ...[...stats.domains.values()].flatMap(describeDomain),
    ...[...describeParking(stats), ...describeIssues(stats)].map((line) => `  ${line}`),
  ]);
}
