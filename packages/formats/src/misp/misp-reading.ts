import type { JsonReading } from '../json/json-reading.ts';
import type { Json, JsonRecord } from '../model/message-json.ts';
import { timeOfText } from '../model/time-text.ts';
import { asText } from '../model/values.ts';

export interface ReadAttribute {
  readonly type: string;
  readonly value: string;
  readonly relation: string | undefined;
  readonly comment: string | undefined;
}

export interface ReadObject {
  readonly name: string;
  readonly comment: string | undefined;
  readonly firstSeenMs: number | undefined;
  readonly lastSeenMs: number | undefined;
  readonly attributes: readonly ReadAttribute[];
}

/** What an attribute says about itself and how far it may go. */
const housekeeping = [
  'id',
  'uuid',
  'event_id',
  'object_id',
  'category',
  'to_ids',
  'distribution',
  'sharing_group_id',
  'timestamp',
  'disable_correlation',
  'first_seen',
  'last_seen',
];

/** The attributes that are not revoked. */
export function attributesOf(
  holder: JsonRecord,
  path: string,
  reading: JsonReading,
): readonly ReadAttribute[] {
  const objects = reading.items(holder, 'Attribute', (value) => reading.object(value, path));
  return objects.flatMap((object): readonly ReadAttribute[] => {
    for (const key of housekeeping) reading.value(object, key);
    const isDeleted = reading.value(object, 'deleted') === true;
    const attribute = {
      type: textField(object, 'type', reading) ?? 'other',
      value: reading.field(object, 'value', textOfValue) ?? '',
      relation: textField(object, 'object_relation', reading),
      comment: textField(object, 'comment', reading),
    };
    return isDeleted || attribute.value === '' ? [] : [attribute];
  });
}

export function textField(object: JsonRecord, key: string, reading: JsonReading): string | undefined {
  return reading.field(object, key, (value) => (typeof value === 'string' ? asText(value) : undefined));
}

export function timeField(object: JsonRecord, key: string, reading: JsonReading): number | undefined {
  return reading.field(object, key, (value) => (typeof value === 'string' ? timeOfText(value) : undefined));
}

/** Values are texts; some tools write numbers as numbers. */
function textOfValue(value: Json): string | undefined {
  if (typeof value === 'string') return asText(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
