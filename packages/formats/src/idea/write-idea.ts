import { isIPv6 } from 'node:net';
import type { Count, Endpoint, Message } from '@flowpact/event';
import type { Addition } from '../model/addition.ts';
import { type Json, present, presentList } from '../model/message-json.ts';
import { protocolNames } from '../model/protocol-names.ts';
import { timeText } from '../model/time-text.ts';
import { categories, roleTags, tagPattern } from './idea-words.ts';

/** The key of ours in a document: an object of fields of the model, by path. */
export const additionsKey = '_Flowpact';

/** Before and after the sender's name in an `ID`. */
export const idPattern = /^flowpact_[a-zA-Z0-9.-]*_(-?[0-9]+)$/;

export function ideaMessage(message: Message, additions: readonly Addition[]): Json {
  const { event, sender, createdMs } = message;
  const { totals = {} } = event;
  return {
    ...present({
      Format: 'IDEA0',
      ID: `flowpact_${sender.name.replace(/[^a-zA-Z0-9.-]/g, '-')}_${message.id}`,
      CreateTime: timeText(createdMs),
      DetectTime: timeText(createdMs),
      EventTime: event.startMs === undefined ? undefined : timeText(event.startMs),
      CeaseTime: event.endMs === undefined ? undefined : timeText(event.endMs),
      Category: [categories[event.type]],
      Confidence: event.confidence === undefined ? undefined : event.confidence / 100,
      Description: event.text,
      FlowCount: exactCount(totals.flows),
      PacketCount: exactCount(totals.packets),
      ByteCount: exactCount(totals.octets),
      Source: event.sources?.map(endpointObject),
      Target: event.targets?.map(endpointObject),
      Node: [nodeObject(message)],
      [additionsKey]:
        additions.length === 0
          ? undefined
          : Object.fromEntries(additions.map(({ path, value }) => [path, value])),
    }),
  };
}

/** A JSON number is exact up to 2^53-1 in most readers. */
function exactCount(count: Count | undefined): number | undefined {
  return typeof count === 'number' ? count : undefined;
}

function nodeObject({ sender, event }: Message): Json {
  const { detector } = event;
  const software = detector && (detector.version ? `${detector.name}-${detector.version}` : detector.name);
  return {
    Name: nodeName(sender.name),
    ...present({ SW: software === undefined ? undefined : [software] }),
    ...(event.flowSource === undefined && event.flows === undefined ? {} : { Type: ['Flow'] }),
  };
}

/** A domain from its root to its leaf, as labels of letters, digits and underscores: `example.isp_a`. */
function nodeName(name: string): string {
  const labels = name
    .split('.')
    .reverse()
    .map((label) => label.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_'));
  return labels.join('.');
}

function endpointObject(endpoint: Endpoint): Json {
  const { address, prefixLength, ports = [], protocol, name, asn, role, spoofed } = endpoint;
  const network = address && (prefixLength === undefined ? address : `${address}/${prefixLength}`);
  const protocolName = protocol === undefined ? undefined : protocolNames.get(protocol);
  const tag = role === undefined ? undefined : (roleTags.get(role) ?? role);
  return (
    present({
      Type: tag !== undefined && tagPattern.test(tag) ? [tag] : undefined,
      Hostname: name === undefined ? undefined : [name],
      IP4: network !== undefined && !isIPv6(address as string) ? [network] : undefined,
      IP6: network !== undefined && isIPv6(address as string) ? [network] : undefined,
      Port: presentList(ports.map(({ low, high }) => (high === undefined ? low : undefined))),
      Proto: protocolName === undefined ? undefined : [protocolName],
      ASN: asn === undefined ? undefined : [asn],
      Spoofed: spoofed,
    }) ?? {}
  );
}
