import type { EventReader } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import { checkEvents, type FormatsLimits } from '../formats-limits.ts';
import { isList, type Json, type JsonRecord } from '../model/message-json.ts';
import { mainTypes, readStixEvent } from './read-stix.ts';
import { StixReading } from './stix-reading.ts';

/**
 * A reader for each Sighting of a bundle, each with the objects that it leads to; without any for each Observed Data, or
 * each Indicator. Objects that no event leads to are lost with the first.
 * @throws FormatsError, when the first is read, for a document that is none; `FORMATS_LIMIT` at once
 */
export function stixReaders(document: Json, limits: FormatsLimits): readonly EventReader[] {
  const whole = StixReading.ofDocument(document, limits);
  const events = mainTypes.map((type) => whole.ofType(type)).find(({ length }) => length > 0) ?? [];
  if (events.length < 2) return [() => readStixEvent(whole)];
  checkEvents(events.length, limits);
  const [first, ...others] = groupsOf(whole, events, limits);
  return [
    () => readStixEvent(whole.withObjects(first)),
    ...others.map((objects) => () => readStixEvent(whole.apart(objects))),
  ];
}

type Objects = ReadonlyMap<JsonRecord, string>;

/** For each event its objects, itself first, with their paths. What belongs to none is in the first group too. */
function groupsOf(
  { paths: objects }: StixReading,
  events: readonly JsonRecord[],
  limits: FormatsLimits,
): readonly Objects[] {
  const leadsTo = referencesWithin(objects);
  const isEvent = new Set(events);
  const isTaken = new Set<JsonRecord>();
  let steps = 0;
  const groups = events.map((event): Objects => {
    const group = new Map([[event, objects.get(event) ?? '']]);
    // A map that grows is gone through to its end.
    for (const object of group.keys()) {
      isTaken.add(object);
      for (const next of leadsTo(object)) {
        if (++steps > limits.maxNodes) {
          throw new FormatsError(
            'FORMATS_LIMIT',
            `the events of the bundle have more references together than maxNodes, ${limits.maxNodes}`,
          );
        }
        if (next !== undefined && !isEvent.has(next)) group.set(next, objects.get(next) ?? '');
      }
    }
    return group;
  });
  const beside = [...objects].filter(([object]) => !isTaken.has(object));
  return [new Map([...groups[0], ...beside]), ...groups.slice(1)];
}

/** The objects that one leads to: by its references, undefined for one to nowhere; by relationships from it; by names that resolve to it. */
function referencesWithin(objects: Objects): (object: JsonRecord) => Iterable<JsonRecord | undefined> {
  const byId = new Map<Json, JsonRecord>();
  const pointing = new Map<Json, JsonRecord[]>();
  for (const object of objects.keys()) if (!byId.has(object.id)) byId.set(object.id, object);
  for (const object of objects.keys()) {
    const isRelationship = object.type === 'relationship' && object.relationship_type === 'indicates';
    const targets = isRelationship
      ? [object.source_ref]
      : object.type === 'domain-name'
        ? [object.resolves_to_refs ?? []].flat()
        : [];
    for (const id of targets) {
      const known = pointing.get(id);
      if (known === undefined) pointing.set(id, [object]);
      else known.push(object);
    }
  }
  return function* leadsTo(object) {
    for (const [key, value] of Object.entries(object)) {
      if (!/_refs?$/.test(key)) continue;
      for (const id of isList(value) ? value : [value]) yield byId.get(id);
    }
    yield* pointing.get(object.id) ?? [];
  };
}
