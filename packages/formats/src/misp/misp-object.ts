import type { Json, JsonRecord } from '../model/message-json.ts';
import { attributeJson, type MispAttribute, partUuid } from './misp-attribute.ts';

/** The templates of MISP's objects that are written (misp-objects, by their published identifiers). */
const templates = {
  ddos: { uuid: 'e2f124d6-f57c-4f93-99e6-8450545fa05d', version: '5' },
  'ip-port': { uuid: '9f8cea74-16fe-4968-a2b4-026676949ac6', version: '10' },
  netflow: { uuid: 'bf148c58-3e7e-414e-8de8-5d96379ca77e', version: '2' },
} as const;

export interface MispObject {
  readonly name: keyof typeof templates;
  readonly attributes: readonly MispAttribute[];
  readonly comment?: string;
  /** When it was seen first and last, as RFC 3339 text. */
  readonly firstSeen?: string | undefined;
  readonly lastSeen?: string | undefined;
}

/** `place` is its place in the event. */
export function objectJson(
  object: MispObject,
  eventUuid: string,
  place: number,
  timestamp: string,
): JsonRecord {
  const { name, attributes, comment = '', firstSeen, lastSeen } = object;
  const uuid = partUuid(eventUuid, 'object', place);
  return {
    uuid,
    name,
    'meta-category': 'network',
    template_uuid: templates[name].uuid,
    template_version: templates[name].version,
    distribution: '5',
    timestamp,
    comment,
    deleted: false,
    ...(firstSeen === undefined ? {} : { first_seen: firstSeen }),
    ...(lastSeen === undefined ? {} : { last_seen: lastSeen }),
    Attribute: attributes.map((attribute, i): Json => attributeJson(attribute, uuid, i, timestamp)),
  };
}
