import type { Count, Endpoint, Message, SecurityEvent } from '@flowpact/event';
import type { Addition } from '../model/addition.ts';
import { type Json, type JsonRecord, present } from '../model/message-json.ts';
import {
  attackPattern,
  definedAt,
  extensionDefinition,
  extensionId,
  flowpactIdentity,
} from './stix-definitions.ts';
import { objectId } from './stix-id.ts';
import { protocolList, StixObservables } from './stix-observables.ts';
import { patternOf } from './stix-pattern.ts';
import { stixTime } from './stix-time.ts';
import { markingId, markingObject } from './stix-tlp.ts';
import { flowGroups, type StixFlowGroup } from './write-stix-flows.ts';

/** `count` and `number_observed` end here (STIX 2.1, sections 4.14 and 5.2). */
const largestCount = 999_999_999;

/** A bundle around one Sighting. */
export function stixBundle(message: Message, additions: readonly Addition[]): Json {
  const { event, sender } = message;
  const observables = new StixObservables();
  const traffic = eventTraffic(event, observables);
  const groups = flowGroups(event.flows, observables);
  const common = commonProperties(message);
  const observed = [
    ...(traffic.length === 0 ? [] : [observedData(message, traffic, 0, undefined)]),
    ...groups.map((group, i) => observedData(message, group.trafficIds, i + 1, group)),
  ];
  const pattern = attackPattern(event.type);
  const indicator = indicatorObject(message, pattern, common);
  const usesExtension = additions.length > 0 || groups.length > 0;
  const sighting = present({
    type: 'sighting',
    id: objectId('sighting', sender.name, message.id),
    ...common,
    description: event.text,
    ...period(event.startMs, event.endMs, 'first_seen', 'last_seen'),
    count: isCount(event.totals?.flows) ? event.totals.flows : undefined,
    sighting_of_ref: (indicator ?? pattern).id,
    observed_data_refs: observed.length === 0 ? undefined : observed.map(({ id }) => id),
    where_sighted_refs: [identityId(message)],
    labels: event.classifications?.length
      ? event.classifications.map(({ scheme, value }) => `${scheme}:${value}`)
      : undefined,
    external_references: [{ source_name: sender.name, external_id: message.id }],
    extensions: additions.length === 0 ? undefined : { [extensionId]: additionsExtension(additions) },
  });
  const objects: readonly (Json | undefined)[] = [
    identityObject(message),
    flowpactIdentity,
    usesExtension ? extensionDefinition : undefined,
    event.tlp === undefined ? undefined : markingObject(event.tlp),
    pattern,
    indicator,
    indicator === undefined ? undefined : relationship(message, indicator, pattern, common),
    ...observables.objects(),
    ...observed,
    sighting,
  ];
  return {
    type: 'bundle',
    id: objectId('bundle', sender.name, message.id),
    objects: objects.filter((object) => object !== undefined),
  };
}

function identityId({ sender }: Message): string {
  return objectId('identity', sender.name);
}

/** The sender: the same object in all its messages, as of the latest. */
function identityObject(message: Message): JsonRecord {
  const { sender, createdMs } = message;
  return present({
    type: 'identity',
    spec_version: '2.1',
    id: identityId(message),
    created: definedAt,
    modified: stixTime(Math.max(createdMs, Date.parse(definedAt))),
    name: sender.name,
    identity_class: 'organization',
    contact_information: sender.contact,
  }) as JsonRecord;
}

function commonProperties(message: Message): JsonRecord {
  const time = stixTime(message.createdMs);
  const { confidence, tlp } = message.event;
  return present({
    spec_version: '2.1',
    created_by_ref: identityId(message),
    created: time,
    modified: time,
    confidence,
    object_marking_refs: tlp === undefined ? undefined : [markingId(tlp)],
  }) as JsonRecord;
}

function indicatorObject(
  message: Message,
  { name }: JsonRecord,
  common: JsonRecord,
): (JsonRecord & { readonly id: string }) | undefined {
  const pattern = patternOf(message.event);
  if (pattern === undefined) return undefined;
  return {
    type: 'indicator',
    id: objectId('indicator', message.sender.name, message.id),
    ...common,
    name,
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    valid_from: stixTime(message.event.startMs ?? message.createdMs),
  };
}

function relationship(
  message: Message,
  indicator: JsonRecord,
  pattern: JsonRecord,
  common: JsonRecord,
): JsonRecord {
  return {
    type: 'relationship',
    id: objectId('relationship', message.sender.name, message.id),
    ...common,
    relationship_type: 'indicates',
    source_ref: indicator.id,
    target_ref: pattern.id,
  };
}

/** `part` 0 is the event itself, the others are its groups of flows. */
function observedData(
  message: Message,
  trafficIds: readonly string[],
  part: number,
  group: StixFlowGroup | undefined,
): JsonRecord & { readonly id: string } {
  const { event, createdMs, sender } = message;
  const { confidence: _, ...common } = commonProperties(message);
  const firstMs = event.startMs ?? event.endMs ?? createdMs;
  const lastMs = Math.max(firstMs, event.endMs ?? firstMs);
  const count = group === undefined ? event.totals?.flows : trafficIds.length;
  return {
    type: 'observed-data',
    id: objectId('observed-data', sender.name, message.id, String(part)),
    ...common,
    first_observed: stixTime(firstMs),
    last_observed: stixTime(lastMs),
    number_observed: isCount(count) && count > 0 ? count : 1,
    object_refs: [...new Set(trafficIds)],
    ...(group === undefined ? {} : { extensions: { [extensionId]: groupExtension(group) } }),
  };
}

function groupExtension({ columns, relation }: StixFlowGroup): Json {
  return {
    extension_type: 'property-extension',
    flow_columns: columns,
    ...(relation === undefined ? {} : { relation }),
  };
}

/** A value is JSON text: STIX has no null, no empty list, and few characters in keys (sections 2.3 and 2.8). */
function additionsExtension(additions: readonly Addition[]): Json {
  const fields = additions.map(({ path, value }) => ({ path, json: JSON.stringify(value) }));
  return { extension_type: 'property-extension', fields };
}

/**
 * The event's own traffic: from its source to its target where there is one of each, with the totals; else one object
 * for each endpoint, of which one side is known.
 */
function eventTraffic(event: SecurityEvent, observables: StixObservables): readonly string[] {
  const { sources = [], targets = [], totals } = event;
  const isPair = sources.length === 1 && targets.length === 1 && sources[0].protocol === targets[0].protocol;
  const sides = isPair
    ? [{ source: sources[0], target: targets[0] }]
    : [...sources.map((source) => ({ source })), ...targets.map((target) => ({ target }))];
  const traffic = sides.flatMap(({ source, target }: SideOrPair) => {
    const src = source && observables.addEndpoint(source);
    const dst = target && observables.addEndpoint(target);
    const reference = src ?? dst;
    if (reference === undefined) return [];
    return {
      src_ref: src,
      dst_ref: dst,
      src_port: src && source?.ports?.[0]?.low,
      dst_port: dst && target?.ports?.[0]?.low,
      protocols: protocolList(reference, (source ?? target)?.protocol),
    };
  });
  const isOne = traffic.length === 1;
  const exact = (count: Count | undefined) => (isOne && typeof count === 'number' ? count : undefined);
  return traffic.map((properties) =>
    observables.add('network-traffic', {
      ...properties,
      src_byte_count: exact(totals?.octets),
      src_packets: exact(totals?.packets),
    }),
  );
}

interface SideOrPair {
  readonly source?: Endpoint;
  readonly target?: Endpoint;
}

/** The end is left out where it is before the beginning, which STIX does not have. */
function period(
  startMs: number | undefined,
  endMs: number | undefined,
  startName: string,
  endName: string,
): Record<string, Json | undefined> {
  const isOrdered = startMs === undefined || endMs === undefined || endMs >= startMs;
  return {
    [startName]: startMs === undefined ? undefined : stixTime(startMs),
    [endName]: endMs === undefined || !isOrdered ? undefined : stixTime(endMs),
  };
}

function isCount(count: Count | undefined): count is number {
  return typeof count === 'number' && count <= largestCount;
}
