import type { EventType, Tlp } from '@flowpact/event';
import type { ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { typeOfWords } from '../model/event-type-words.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { type Json, type JsonRecord, present, presentList } from '../model/message-json.ts';
import { addressOfText } from '../model/network-text.ts';
import { timeOfText } from '../model/time-text.ts';
import { readEvidence } from './read-stix-evidence.ts';
import { extensionId, flowpactIdentity, typeOfAttackPattern } from './stix-definitions.ts';
import { valuesOfPattern } from './stix-pattern.ts';
import { StixReading, textOf } from './stix-reading.ts';
import { labelOfMarking } from './stix-tlp.ts';

/** What a message can be about, the fullest first. */
export const mainTypes = ['sighting', 'observed-data', 'indicator'] as const;

/**
 * The first Sighting of a bundle with what it refers to; without one the first Observed Data, or the first Indicator.
 * Everything else of the bundle is reported as lost.
 */
export function readStix(document: Json, limits: FormatsLimits): ReadDocument {
  return readStixEvent(StixReading.ofDocument(document, limits));
}

/** The same of objects that are known already. */
export function readStixEvent(reading: StixReading): ReadDocument {
  const main = mainTypes.map((type) => reading.ofType(type)[0]).find((object) => object !== undefined);
  if (main === undefined) {
    throw new FormatsError(
      'FORMATS_MISSING',
      'the bundle has neither a sighting nor observed data nor an indicator',
    );
  }
  reading.visit(main);
  const sender = senderOf(main, reading);
  const tree: Json = {
    kind: 'alert',
    id: idOf(main, sender.name, reading),
    sender: { name: 'unknown', ...present(sender) },
    createdMs: createdOf(main),
    event: eventOf(main, reading),
  };
  const extension = reading.extension(main, extensionId);
  const additions = extension === undefined ? [] : reading.namedJson(extension, 'fields', 'path');
  reading.passOver(({ type, id }) => {
    return type === 'extension-definition' || type === 'marking-definition' || id === flowpactIdentity.id;
  });
  return {
    tree,
    additions: additions.map(({ name, value }) => ({ path: name, value })),
    losses: reading.losses(),
  };
}

function createdOf(main: JsonRecord): number {
  const keys = ['created', 'modified', 'first_seen', 'first_observed', 'valid_from'];
  const [ms] = keys.flatMap((key) => {
    const value = main[key];
    return (typeof value === 'string' ? timeOfText(value) : undefined) ?? [];
  });
  if (ms === undefined) {
    throw new FormatsError('FORMATS_MISSING', `the ${String(main.type)} does not say when it was created`);
  }
  return ms;
}

function senderOf(
  main: JsonRecord,
  reading: StixReading,
): { readonly name: string | undefined; readonly contact: string | undefined } {
  const [where, ...others] = reading.texts(main, 'where_sighted_refs');
  if (others.length > 0) {
    reading.lose(
      'sighting.where_sighted_refs',
      'approximated',
      `only the first of ${others.length + 1} is read`,
    );
  }
  const identity = reading.find(where, 'identity') ?? reading.find(main.created_by_ref, 'identity');
  if (identity === undefined) return { name: undefined, contact: undefined };
  reading.value(identity, 'identity_class');
  return {
    name: reading.text(identity, 'name') || undefined,
    contact: reading.text(identity, 'contact_information'),
  };
}

/** The number that the sender itself gave it, else one made of the identifier. */
function idOf(main: JsonRecord, sender: string | undefined, reading: StixReading): string {
  for (const [i, reference] of reading.objects(main, 'external_references').entries()) {
    const source = reading.text(reference, 'source_name');
    const id = messageIdOf(reading.text(reference, 'external_id') ?? '');
    if (source !== undefined && source === sender && !id.isMade) return id.id;
    reading.lose(
      `${String(main.type)}.external_references[${i}]`,
      'dropped',
      `not read: ${source?.slice(0, 60)}`,
    );
  }
  const { id } = messageIdOf(String(main.id));
  reading.lose(`${String(main.type)}.id`, 'approximated', 'not a number: the id is made from it');
  return id;
}

function eventOf(main: JsonRecord, reading: StixReading): Json {
  const time = (key: string) =>
    reading.field(main, key, (value) => (typeof value === 'string' ? timeOfText(value) : undefined));
  const sighted = reading.find(reading.value(main, 'sighting_of_ref'));
  const indicator = main.type === 'indicator' ? main : sighted?.type === 'indicator' ? sighted : undefined;
  const evidence = readEvidence(main, reading);
  const named = indicator === undefined ? [] : readIndicator(indicator, reading);
  const isNamed = evidence.sources.length + evidence.targets.length === 0 && named.length > 0;
  if (isNamed)
    reading.lose('indicator.pattern', 'approximated', 'the hosts that it names are sources and targets');
  const hosts = (side: 'source' | 'target') =>
    named.filter((value) => value.side === side).map(({ text }): JsonRecord => hostOfText(text));
  const count = reading.whole(main, 'count', Number.MAX_SAFE_INTEGER);
  return {
    ...present({
      startMs: time('first_seen') ?? (main.type === 'observed-data' ? time('first_observed') : undefined),
      endMs: time('last_seen') ?? (main.type === 'observed-data' ? time('last_observed') : undefined),
      classifications: presentList(reading.texts(main, 'labels').map(classificationOf)),
      confidence: reading.whole(main, 'confidence', 100),
      sources: presentList(isNamed ? hosts('source') : evidence.sources),
      targets: presentList(isNamed ? hosts('target') : evidence.targets),
      totals: present({ ...evidence.totals, flows: count ?? evidence.totals.flows }),
      tlp: tlpOf(main, reading),
      text: reading.text(main, 'description'),
      flows: evidence.flows,
    }),
    type: typeOf(main, sighted, reading),
  };
}

function hostOfText(text: string): JsonRecord {
  const network = addressOfText(text);
  return network.address === undefined ? { name: text } : { ...network };
}

function classificationOf(label: string): Json {
  const [, scheme, value] = /^([^:]*):([\s\S]*)$/.exec(label) ?? [undefined, 'stix', label];
  return { scheme, value };
}

/** What its pattern names. */
function readIndicator(indicator: JsonRecord, reading: StixReading): ReturnType<typeof valuesOfPattern> {
  const passed = ['pattern_type', 'pattern_version', 'indicator_types', 'valid_from', 'valid_until', 'name'];
  for (const key of [...passed, 'confidence', 'object_marking_refs']) reading.value(indicator, key);
  return valuesOfPattern(reading.text(indicator, 'pattern') ?? '');
}

function tlpOf(main: JsonRecord, reading: StixReading): Tlp | undefined {
  const ids = reading.texts(main, 'object_marking_refs');
  const label = ids.map(labelOfMarking).find((known) => known !== undefined);
  for (const id of ids) {
    if (labelOfMarking(id) === undefined) {
      reading.lose(
        `${String(main.type)}.object_marking_refs`,
        'dropped',
        `not a TLP label: ${id.slice(0, 60)}`,
      );
    }
  }
  return label;
}

/** By the attack pattern, ours by its identifier; else by the words of what was sighted. */
function typeOf(main: JsonRecord, sighted: JsonRecord | undefined, reading: StixReading): EventType {
  const subject = sighted ?? main;
  const meant = reading
    .ofType('relationship')
    .filter(({ source_ref, relationship_type }) => {
      return source_ref === subject.id && relationship_type === 'indicates';
    })
    .flatMap((relationship) => {
      reading.visit(relationship);
      const common = ['confidence', 'object_marking_refs', 'relationship_type', 'source_ref', 'target_ref'];
      for (const key of common) reading.value(relationship, key);
      return reading.findAll([String(relationship.target_ref)]);
    });
  const patterns = [subject, ...meant];
  for (const object of patterns) {
    for (const key of ['name', 'external_references']) reading.value(object, key);
    const exact = typeof object.id === 'string' ? typeOfAttackPattern(object.id) : undefined;
    if (exact !== undefined) return exact;
  }
  const words = [main, ...patterns].flatMap(({ name, description, labels, indicator_types, type }) =>
    [name, description, labels, indicator_types, type].flat().filter((word) => typeof word === 'string'),
  );
  const near = words.map(typeOfWords).find((type) => type !== undefined) ?? 'other';
  const subjectName = patterns.map(({ name }) => (typeof name === 'string' ? textOf(name) : undefined));
  reading.lose(
    String(subject.type),
    'approximated',
    `"${(subjectName.find((name) => name) ?? '').slice(0, 60)}" becomes the type ${near}`,
  );
  return near;
}
