import {
  type Classification,
  type EventType,
  eventTypeOfClass,
  type Tlp,
  taxonomyClasses,
} from '@flowpact/event';

const tlpTags: Readonly<Record<Tlp, string>> = {
  clear: 'tlp:clear',
  green: 'tlp:green',
  amber: 'tlp:amber',
  amberStrict: 'tlp:amber+strict',
  red: 'tlp:red',
};

export function tlpTag(label: Tlp): string {
  return tlpTags[label];
}

/** Of both versions of the protocol. */
export function labelOfTag(tag: string): Tlp | undefined {
  const word = tag.toLowerCase();
  if (word === 'tlp:white') return 'clear';
  return (Object.keys(tlpTags) as Tlp[]).find((label) => tlpTags[label] === word);
}

/** The class of the Reference Security Incident Taxonomy as machine tag: `rsit:availability="ddos"`. */
export function typeTag(type: EventType): string {
  return classificationTag({ scheme: 'rsit', value: taxonomyClasses[type].rsit });
}

/** A machine tag of three parts where the class has two, else one of two. */
export function classificationTag({ scheme, value }: Classification): string {
  const [, predicate, word] = /^([^:="]+):([^"]+)$/.exec(value) ?? [];
  return predicate === undefined ? `${scheme}:${value}` : `${scheme}:${predicate}="${word}"`;
}

/** The scheme `misp` where a tag has none of its own. */
export function classificationOfTag(tag: string): Classification {
  const [, namespace, predicate, word] = /^([^:="]+):([^="]+)="([^"]*)"$/.exec(tag) ?? [];
  if (namespace !== undefined) return { scheme: namespace, value: `${predicate}:${word}` };
  const colon = tag.indexOf(':');
  return colon < 0
    ? { scheme: 'misp', value: tag }
    : { scheme: tag.slice(0, colon), value: tag.slice(colon + 1) };
}

export function typeOfTag(tag: string): EventType | undefined {
  const { scheme, value } = classificationOfTag(tag);
  return eventTypeOfClass(scheme, value);
}
