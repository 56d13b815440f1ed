import { isIPv6 } from 'node:net';
import type { Endpoint, Message, Severity } from '@flowpact/event';
import { additionPrefix } from '../document-format.ts';
import type { Addition } from '../model/addition.ts';
import type { Json } from '../model/message-json.ts';
import { protocolNames } from '../model/protocol-names.ts';
import { timeText } from '../model/time-text.ts';
import { asAddress } from '../model/values.ts';
import { attributeJson, type MispAttribute, partUuid, typedAttribute } from './misp-attribute.ts';
import { mispFlowGroups } from './misp-netflow.ts';
import { type MispObject, objectJson } from './misp-object.ts';
import { classificationTag, tlpTag, typeTag } from './misp-tags.ts';

/** `threat_level_id`: 1 is high, 4 is undefined. MISP has three; `info` and `critical` are those next to them. */
const threatLevels: Readonly<Record<Severity, string>> = {
  critical: '1',
  high: '1',
  medium: '2',
  low: '3',
  info: '3',
};

/** `distribution`: 3 all communities, 2 connected communities, 1 this community only, 0 this organisation only. */
const distributions = { clear: '3', green: '2', amber: '1', amberStrict: '0', red: '0' } as const;

/** `comment` of the attribute with the columns of a group of flows, and how many `netflow` objects are of it. */
export const groupComment = 'flowGroup';

/** One event of the MISP core format. */
export function mispDocument(message: Message, additions: readonly Addition[]): Json {
  const { event, sender, createdMs } = message;
  const uuid = partUuid('event', sender.name, message.id);
  const timestamp = String(Math.max(0, Math.floor(createdMs / 1000)));
  const groups = mispFlowGroups(event.flows);
  const objects = [...hostObjects(message), ...groups.flatMap((group) => group.objects)];
  const attributes: readonly MispAttribute[] = [
    ...groups.map(({ columns, relation, objects: { length } }) => ({
      type: 'other',
      comment: groupComment,
      value: JSON.stringify({ columns, rows: length, relation }),
    })),
    ...(event.additional ?? []).flatMap(({ name, value }) => {
      const typed = typedAttribute(value);
      return typed === undefined || isReserved(name) ? [] : { ...typed, comment: name };
    }),
    ...additions.map(({ path, value }) => ({
      type: 'other',
      comment: `${additionPrefix}${path}`,
      value: JSON.stringify(value),
    })),
  ];
  const tags = new Set([
    ...(event.tlp === undefined ? [] : [tlpTag(event.tlp)]),
    typeTag(event.type),
    ...(event.classifications ?? []).map(classificationTag),
  ]);
  return {
    Event: {
      uuid,
      info: event.text || titleOf(message),
      date: timeText(createdMs).slice(0, 10),
      timestamp,
      published: false,
      analysis: '2',
      threat_level_id: event.severity === undefined ? '4' : threatLevels[event.severity],
      distribution: event.tlp === undefined ? '0' : distributions[event.tlp],
      Orgc: { uuid: partUuid('organisation', sender.name), name: sender.name },
      Tag: [...tags].map((name): Json => ({ name })),
      Attribute: attributes.map((attribute, i): Json => attributeJson(attribute, uuid, i, timestamp)),
      Object: objects.map((object, i): Json => objectJson(object, uuid, i, timestamp)),
    },
  };
}

function isReserved(name: string): boolean {
  return name === '' || name === groupComment || name.startsWith(additionPrefix);
}

/** An event must have a title: who did what to whom. */
function titleOf({ event }: Message): string {
  const name = (endpoints: readonly Endpoint[] = []) => endpoints[0]?.address ?? endpoints[0]?.name;
  const source = name(event.sources);
  const target = name(event.targets);
  return [event.type, source && `by ${source}`, target && `against ${target}`]
    .filter((part) => part)
    .join(' ');
}

/** A `ddos` object of the first source and the first target where the event is one; an `ip-port` for each other endpoint. */
function hostObjects({ event }: Message): readonly MispObject[] {
  const { sources = [], targets = [] } = event;
  const ddos = event.type === 'dDoS' ? ddosObject(event) : undefined;
  const rest = (endpoints: readonly Endpoint[]) => (ddos === undefined ? endpoints : endpoints.slice(1));
  const objects = [
    ...(ddos === undefined ? [] : [ddos]),
    ...rest(sources).map((endpoint) => endpointObject(endpoint, 'source')),
    ...rest(targets).map((endpoint) => endpointObject(endpoint, 'target')),
  ].filter((object) => object !== undefined);
  const [first, ...others] = objects;
  if (first === undefined) return [];
  const { startMs, endMs } = event;
  const seen = {
    firstSeen: startMs === undefined ? undefined : timeText(startMs),
    lastSeen: endMs === undefined ? undefined : timeText(endMs),
  };
  return [{ ...first, ...seen }, ...others];
}

function ddosObject({ sources = [], targets = [], totals }: Message['event']): MispObject | undefined {
  const [source, target] = [sources[0], targets[0]];
  const hosts = [
    ...hostAttributes(source ?? {}, 'source', undefined),
    ...hostAttributes(target ?? {}, 'target', 'domain-dst'),
  ];
  if (hosts.length === 0) return undefined;
  const rate = (relation: string, count: number | bigint | undefined) =>
    count === undefined ? [] : [{ type: 'counter', relation, value: String(count) }];
  return {
    name: 'ddos',
    attributes: [
      ...hosts,
      ...portAttributes(source ?? {}, 'source'),
      ...portAttributes(target ?? {}, 'target'),
      ...protocolAttributes((source ?? target)?.protocol),
      ...rate('total-bps', totals?.bitsPerSecond),
      ...rate('total-pps', totals?.packetsPerSecond),
    ],
  };
}

function endpointObject(endpoint: Endpoint, side: 'source' | 'target'): MispObject | undefined {
  const hosts = [...hostAttributes(endpoint, side, 'hostname'), ...portAttributes(endpoint, side)];
  if (hosts.length === 0) return undefined;
  const { asn, protocol } = endpoint;
  return {
    name: 'ip-port',
    comment: side,
    attributes: [
      ...hosts,
      ...protocolAttributes(protocol),
      ...(asn === undefined ? [] : [{ type: 'AS', relation: 'AS', value: String(asn) }]),
    ],
  };
}

/** Only the hosts to blame are for alarms: a victim and a forged source are not. */
function hostAttributes(
  { address: text, prefixLength, name, spoofed }: Endpoint,
  side: 'source' | 'target',
  nameRelation: 'hostname' | 'domain-dst' | undefined,
): readonly MispAttribute[] {
  const address = asAddress(text);
  const type = side === 'source' ? 'ip-src' : 'ip-dst';
  const toIds = side === 'source' && spoofed !== true;
  return [
    ...(address === undefined
      ? []
      : [{ type, relation: type, value: networkText(address, prefixLength), toIds }]),
    ...(nameRelation === undefined || !name
      ? []
      : [{ type: nameRelation === 'hostname' ? 'hostname' : 'domain', relation: nameRelation, value: name }]),
  ];
}

function networkText(address: string, prefixLength: number | undefined): string {
  const isHost = prefixLength === undefined || prefixLength > (isIPv6(address) ? 128 : 32);
  return isHost ? address : `${address}/${prefixLength}`;
}

function portAttributes({ ports = [] }: Endpoint, side: 'source' | 'target'): readonly MispAttribute[] {
  const relation = side === 'source' ? 'src-port' : 'dst-port';
  const single = ports.filter(({ high }) => high === undefined);
  return single.map(({ low }) => ({ type: 'port', relation, value: String(low) }));
}

function protocolAttributes(protocol: number | undefined): readonly MispAttribute[] {
  const name = protocol === undefined ? undefined : protocolNames.get(protocol);
  return name === undefined ? [] : [{ type: 'text', relation: 'protocol', value: name.toUpperCase() }];
}
