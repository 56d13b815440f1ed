import type { Endpoint, Message } from '@flowpact/event';
import { portsText } from '../model/network-text.ts';
import { timeText } from '../model/time-text.ts';
import { oneLine } from './mail-text.ts';

/** The customary sign of a signature, then words that no other writer begins one with. */
const separator = '\n-- \nFlowpact reports: ';

/** The part for people: what the event says in words, and below a line, what it says otherwise. */
export function reportText(message: Message): string {
  const { event, sender } = message;
  const ends = (endpoints: readonly Endpoint[] | undefined) => endpoints?.map(endpointText).join('; ');
  const facts = {
    Source: ends(event.sources),
    Target: ends(event.targets),
    From: event.startMs === undefined ? undefined : timeText(event.startMs),
    To: event.endMs === undefined ? undefined : timeText(event.endMs),
    Sender: `${oneLine(sender.name)}${sender.asn === undefined ? '' : `, AS${sender.asn}`}`,
  };
  const lines = Object.entries(facts).map(([name, text]) => (text ? `${name}: ${text}\n` : ''));
  return `${event.text ?? ''}\n${separator}${subjectOf(message)}\n${lines.join('')}`;
}

/** What the event says in words; undefined where it says nothing. */
export function eventTextOf(text: string): string | undefined {
  const end = text.lastIndexOf(`\n${separator}`);
  return (end < 0 ? text.trim() : text.slice(0, end)) || undefined;
}

export function subjectOf({ kind, id, event }: Message): string {
  const [first, ...others] = event.sources ?? [];
  const by = first === undefined ? '' : ` by ${endpointText(first)}${others.length > 0 ? ' and others' : ''}`;
  return `${kind} ${id}: ${event.type}${by}`;
}

function endpointText({ address, prefixLength, name, ports, asn }: Endpoint): string {
  const network = address && (prefixLength === undefined ? address : `${address}/${prefixLength}`);
  const parts = [
    network,
    name === undefined ? undefined : oneLine(name),
    ports === undefined || ports.length === 0 ? undefined : `port ${portsText(ports)}`,
    asn === undefined ? undefined : `AS${asn}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ') || 'unknown';
}
