import type { Ask, Endpoint, Message, MessageRef, SecurityEvent, Totals } from '@flowpact/event';
import { endpointLine, endpointName } from './endpoint-text.ts';
import { printable } from './printable.ts';

export interface SummaryLimits {
  /** Sources and targets, each, that the text lists. Default 20. */
  readonly maxEndpointsListed: number;
  /** UTF-16 code units of any one field that the sender wrote freely. Default 2,000. */
  readonly maxTextLength: number;
}

export interface MessageSummary {
  /** One line without control characters. */
  readonly subject: string;
  /** Plain text, lines ended by `\n`, no other control characters. */
  readonly text: string;
}

const maxNameLength = 120;
const maxAsksListed = 20;

/**
 * A message for the people who see it pass: who says what of whom, when, how much, and what is expected of the
 * reader. Whatever the sender wrote freely is made printable and cut; nothing in it can start a line of its own.
 * @param language What the attachment is written in, upper-cased into the subject, e.g. `flex`.
 */
export function summarizeMessage(message: Message, language: string, limits: SummaryLimits): MessageSummary {
  const { event, kind, conversation } = message;
  const tag = printable(language, maxNameLength).toUpperCase();
  const answer = conversation?.outcome;
  const what = [kind, answer?.status, event.type].filter((word) => word !== undefined).join(' ');
  return {
    subject: `[${tag}] ${what}${whoToWhom(event)} (${refText(message)})`,
    text: `${[
      introduction(message),
      facts([
        ['What', event.type + (event.severity === undefined ? '' : `, severity ${event.severity}`)],
        ['Confidence', event.confidence === undefined ? undefined : `${event.confidence} %`],
        ['From', event.startMs === undefined ? undefined : utc(event.startMs)],
        ['Until', event.endMs === undefined ? undefined : utc(event.endMs)],
        ['Seen', totalsText(event.totals)],
        ['Flows', event.flows === undefined ? undefined : `${countRows(event)} attached`],
        ['Found by', detectorText(event)],
        ['TLP', event.tlp === undefined ? undefined : `TLP:${tlpWords[event.tlp]}`],
        ['Message', refText(message)],
        ['Answers', conversation?.inReplyTo && refOf(conversation.inReplyTo)],
        ['Replaces', conversation?.supersedes && refOf(conversation.supersedes)],
        ['Expires', conversation?.expiresMs === undefined ? undefined : utc(conversation.expiresMs)],
        ['Contact', message.sender.contact && printable(message.sender.contact, maxNameLength)],
      ]),
      endpoints('Sources', event.sources, limits.maxEndpointsListed),
      endpoints('Targets', event.targets, limits.maxEndpointsListed),
      event.text === undefined || event.text === ''
        ? undefined
        : `Remark: ${printable(event.text, limits.maxTextLength)}`,
      asksText('Asked for', conversation?.asks),
      asksText('Done', answer?.applied),
      answer?.reason === undefined || answer.reason === ''
        ? undefined
        : `Reason: ${printable(answer.reason, limits.maxTextLength)}`,
      answer?.untilMs === undefined ? undefined : `In force until ${utc(answer.untilMs)}`,
      closing(message, tag),
    ]
      .filter((paragraph) => paragraph !== undefined)
      .join('\n\n')}\n`,
  };
}

function introduction({ kind, sender, conversation }: Message): string {
  const asn = sender.asn === undefined ? '' : ` (AS${sender.asn})`;
  // The words in front keep the name from starting the line.
  const who = `The network ${printable(sender.name, maxNameLength)}${asn}`;
  switch (kind) {
    case 'alert':
      return `${who} reports a security event that concerns your network.`;
    case 'request':
      return `${who} asks for your help with a security event.`;
    case 'feedback':
      return `${who} answers: ${conversation?.outcome?.status ?? 'received'}.`;
    default:
      return kind satisfies never;
  }
}

function closing({ kind }: Message, tag: string): string {
  const attached = `The attached ${tag} record is the message itself; this text is a summary of it.`;
  if (kind === 'feedback') return `${attached}\nNo answer is expected.`;
  return [
    attached,
    `How to answer: reply to this mail with a ${tag} feedback attached whose inReplyTo`,
    'names the message above; Flowpact does so by itself. A reply without one is not',
    'read by a machine.',
  ].join('\n');
}

/** ` 203.0.113.7 -> 4 hosts`, or nothing where neither side is known. */
function whoToWhom({ sources, targets }: SecurityEvent): string {
  const from = sideText(sources);
  const to = sideText(targets);
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return ` ${from}`;
  return ` ${from ?? '?'} -> ${to}`;
}

function sideText(side: readonly Endpoint[] | undefined): string | undefined {
  if (side === undefined || side.length === 0) return undefined;
  return side.length === 1 ? printable(endpointName(side[0]!), maxNameLength) : `${side.length} hosts`;
}

function refText({ sender, id }: Message): string {
  return refOf({ sender: sender.name, id });
}

function refOf({ sender, id }: MessageRef): string {
  return `${printable(sender, maxNameLength)} #${printable(id, maxNameLength)}`;
}

function facts(rows: readonly (readonly [string, string | undefined])[]): string {
  return rows
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(12)}${value}`)
    .join('\n');
}

function endpoints(
  title: string,
  side: readonly Endpoint[] | undefined,
  maxListed: number,
): string | undefined {
  if (side === undefined || side.length === 0) return undefined;
  const listed = side.slice(0, maxListed).map((endpoint) => `  ${endpointLine(endpoint)}`);
  const more = side.length - listed.length;
  if (more > 0) listed.push(`  … and ${more} more`);
  return `${title}:\n${listed.join('\n')}`;
}

function asksText(title: string, asks: readonly Ask[] | undefined): string | undefined {
  if (asks === undefined || asks.length === 0) return undefined;
  const lines = asks
    .slice(0, maxAsksListed)
    .map(({ action, scope, lifetimeSeconds, octetsPerSecond }) =>
      [
        `  ${action}`,
        scope === undefined || scope.length === 0 ? undefined : `of ${sideText(scope)}`,
        lifetimeSeconds === undefined ? undefined : `for ${lifetimeSeconds} s`,
        octetsPerSecond === undefined ? undefined : `to ${octetsPerSecond} octets/s`,
      ]
        .filter((word) => word !== undefined)
        .join(' '),
    );
  const more = asks.length - lines.length;
  if (more > 0) lines.push(`  … and ${more} more`);
  return `${title}:\n${lines.join('\n')}`;
}

function totalsText(totals: Totals | undefined): string | undefined {
  if (totals === undefined) return undefined;
  const { flows, packets, octets, packetsPerSecond, bitsPerSecond } = totals;
  return [
    flows === undefined ? undefined : `${flows} flows`,
    packets === undefined ? undefined : `${packets} packets`,
    octets === undefined ? undefined : `${octets} octets`,
    packetsPerSecond === undefined ? undefined : `${packetsPerSecond} packets/s`,
    bitsPerSecond === undefined ? undefined : `${bitsPerSecond} bit/s`,
  ]
    .filter((word) => word !== undefined)
    .join(', ');
}

function countRows({ flows }: SecurityEvent): number {
  return (flows?.groups ?? []).reduce((sum, group) => sum + group.rows.length, 0);
}

function detectorText({ detector }: SecurityEvent): string | undefined {
  if (detector === undefined) return undefined;
  const { name, version, rule } = detector;
  return [name, version, rule === undefined ? undefined : `rule ${rule}`]
    .filter((word) => word !== undefined)
    .map((word) => printable(word, maxNameLength))
    .join(' ');
}

/** Spelled as in FIRST's TLP 2.0. */
const tlpWords = {
  clear: 'CLEAR',
  green: 'GREEN',
  amber: 'AMBER',
  amberStrict: 'AMBER+STRICT',
  red: 'RED',
} as const;

/** Times beyond the range of `Date` (±8.64e15 ms) are shown as the number that they are. */
function utc(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime())
    ? `${epochMs} ms since 1970`
    : `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}
