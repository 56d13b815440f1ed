import type { EventType, Severity } from '@flowpact/event';
import { additionPrefix, type EventReader, type ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { JsonReading } from '../json/json-reading.ts';
import { parseJsonText } from '../json/parse-json.ts';
import type { Addition } from '../model/addition.ts';
import { typeOfWords } from '../model/event-type-words.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { isList, isRecord, type Json, type JsonRecord, present, presentList } from '../model/message-json.ts';
import { timeOfText } from '../model/time-text.ts';
import { valueOfAttribute } from './misp-attribute.ts';
import { FlowGroups } from './misp-flow-groups.ts';
import { MispHosts } from './misp-hosts.ts';
import { attributesOf, type ReadAttribute, type ReadObject, textField, timeField } from './misp-reading.ts';
import { classificationOfTag, labelOfTag, typeOfTag, typeTag } from './misp-tags.ts';
import { groupComment } from './write-misp.ts';

/** A reader for each event of an answer to a search. */
export function mispReaders(document: Json, limits: FormatsLimits): readonly EventReader[] {
  const answers = isRecord(document) && !Object.hasOwn(document, 'Event') ? document.response : undefined;
  if (!isRecord(document) || !isList(answers) || answers.length < 2)
    return [() => readMisp(document, limits)];
  const [first, ...others] = answers;
  return [
    () => readMisp({ ...document, response: [first] }, limits),
    ...others.map((answer) => () => readMisp(answer, limits)),
  ];
}

/** The first event of a document. */
export function readMisp(document: Json, limits: FormatsLimits): ReadDocument {
  const reading = new JsonReading();
  const event = eventObject(document, reading);
  const housekeeping = [
    'id',
    'uuid',
    'date',
    'timestamp',
    'published',
    'analysis',
    'distribution',
    'publish_timestamp',
  ];
  for (const key of [...housekeeping, 'org_id', 'orgc_id', 'attribute_count', 'sharing_group_id', 'locked']) {
    reading.value(event, key);
  }
  const { id } = messageIdOf(typeof event.uuid === 'string' ? event.uuid : JSON.stringify(event.id ?? null));
  const organisation = reading.field(event, 'Orgc', (value) => reading.object(value, 'Event.Orgc'));
  if (organisation !== undefined) for (const key of ['id', 'uuid', 'local']) reading.value(organisation, key);
  const sender = organisation && textField(organisation, 'name', reading);
  const { additions, ...said } = contentOf(event, reading, limits);
  const tree: Json = {
    kind: 'alert',
    id,
    sender: { name: sender || 'unknown' },
    createdMs: createdOf(event),
    event: { ...said.event, ...typeAndTags(event, reading) },
  };
  return { tree, additions, losses: reading.losses() };
}

/** As exported, as answered by a search, or bare. */
function eventObject(document: Json, reading: JsonReading): JsonRecord {
  const root = reading.object(document, '');
  const response = root && reading.value(root, 'response');
  const answers = isList(response ?? null) ? (response as readonly Json[]) : [response ?? null];
  const holders = root !== undefined && Object.hasOwn(root, 'Event') ? [root] : answers;
  for (const [i] of holders.entries()) {
    if (i > 0) reading.lose(`response[${i}]`, 'dropped', 'a further event');
  }
  const holder = reading.object(holders[0], holders[0] === root ? '' : 'response[0]');
  const found = holder && reading.object(reading.value(holder, 'Event'), 'Event');
  if (found !== undefined) return found;
  const isBare = root !== undefined && (isList(root.Attribute ?? null) || isList(root.Object ?? null));
  if (isBare && Object.hasOwn(root, 'info')) return root;
  throw new FormatsError('FORMATS_OTHER_FORMAT', 'a MISP event is a JSON object with the key Event');
}

function createdOf(event: JsonRecord): number {
  for (const key of ['timestamp', 'publish_timestamp']) {
    const seconds = Number(
      typeof event[key] === 'string' ? event[key].slice(0, 20) || Number.NaN : (event[key] ?? Number.NaN),
    );
    if (Number.isInteger(seconds) && seconds > 0 && seconds <= 0xffffffff) return seconds * 1000;
  }
  const day = typeof event.date === 'string' ? timeOfText(`${event.date.slice(0, 10)}T00:00:00Z`) : undefined;
  if (day !== undefined) return day;
  throw new FormatsError('FORMATS_MISSING', 'the event says neither timestamp nor date');
}

const severities: Readonly<Record<string, Severity>> = { '1': 'high', '2': 'medium', '3': 'low' };

function contentOf(
  event: JsonRecord,
  reading: JsonReading,
  limits: FormatsLimits,
): { readonly event: JsonRecord; readonly additions: readonly Addition[] } {
  const hosts = new MispHosts(reading);
  const groups = new FlowGroups(reading);
  const additions: Addition[] = [];
  const properties: Json[] = [];
  for (const attribute of attributesOf(event, 'Event.Attribute', reading)) {
    const { comment = '', type, value } = attribute;
    if (comment.startsWith(additionPrefix)) {
      additions.push({ path: comment.slice(additionPrefix.length), value: parseJsonText(value, limits) });
    } else if (comment === groupComment) {
      groups.begin(parseJsonText(value, limits));
    } else if (!hosts.takeAttribute(attribute)) {
      properties.push({ name: comment || type, value: valueOfAttribute(type, value) });
    }
  }
  for (const object of objectsOf(event, reading)) {
    if (object.name === 'netflow') groups.add(object);
    else if (!hosts.takeObject(object)) {
      reading.lose('Event.Object', 'dropped', `not read: an object ${object.name.slice(0, 60)}`);
    }
  }
  const level = reading.field(event, 'threat_level_id', (value) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : undefined,
  );
  const info = textField(event, 'info', reading);
  return {
    additions,
    event: {
      ...present({
        startMs: hosts.startMs,
        endMs: hosts.endMs,
        severity: level !== undefined && Object.hasOwn(severities, level) ? severities[level] : undefined,
        sources: presentList(hosts.sources),
        targets: presentList(hosts.targets),
        totals: present(hosts.totals),
        text: info || undefined,
        flows: groups.table(),
        additional: presentList(properties),
      }),
    },
  };
}

function objectsOf(event: JsonRecord, reading: JsonReading): readonly ReadObject[] {
  const objects = reading.items(event, 'Object', (value) => reading.object(value, 'Event.Object'));
  return objects.flatMap((object): readonly ReadObject[] => {
    const passed = [
      'id',
      'uuid',
      'event_id',
      'meta-category',
      'template_uuid',
      'template_version',
      'description',
    ];
    for (const key of [...passed, 'distribution', 'sharing_group_id', 'timestamp'])
      reading.value(object, key);
    const isDeleted = reading.value(object, 'deleted') === true;
    const attributes: readonly ReadAttribute[] = attributesOf(object, 'Event.Object.Attribute', reading);
    if (isDeleted) return [];
    return [
      {
        name: textField(object, 'name', reading) ?? '',
        comment: textField(object, 'comment', reading),
        firstSeenMs: timeField(object, 'first_seen', reading),
        lastSeenMs: timeField(object, 'last_seen', reading),
        attributes,
      },
    ];
  });
}

/** The first tag that is a class of a type says it; all others but TLP are classifications. */
function typeAndTags(event: JsonRecord, reading: JsonReading): JsonRecord {
  const tags = reading
    .items(event, 'Tag', (value) => reading.object(value, 'Event.Tag'))
    .map((tag) => {
      for (const key of ['id', 'colour', 'exportable', 'local', 'user_id', 'hide_tag', 'numerical_value']) {
        reading.value(tag, key);
      }
      return textField(tag, 'name', reading) ?? '';
    })
    .filter((name) => name !== '');
  const typed = tags.find((tag) => typeOfTag(tag) !== undefined);
  const labels = tags.map(labelOfTag).filter((label) => label !== undefined);
  const type = (typed === undefined ? undefined : typeOfTag(typed)) ?? nearType(event, tags, reading);
  const said = typed === typeTag(type) ? typed : undefined;
  const classes = tags.filter((tag) => labelOfTag(tag) === undefined && tag !== said);
  return {
    type,
    ...present({
      tlp: labels[0],
      classifications: presentList(classes.map((tag): Json => ({ ...classificationOfTag(tag) }))),
    }),
  };
}

function nearType(event: JsonRecord, tags: readonly string[], reading: JsonReading): EventType {
  const info = typeof event.info === 'string' ? event.info : '';
  const type = [...tags, info].map(typeOfWords).find((near) => near !== undefined) ?? 'other';
  reading.lose('Event.info', 'approximated', `"${info.slice(0, 60)}" becomes the type ${type}`);
  return type;
}
