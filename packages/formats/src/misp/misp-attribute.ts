import type { FlowValue } from '@flowpact/event';
import type { Json, JsonRecord } from '../model/message-json.ts';
import { typedTextOf, valueOfTypedText } from '../model/typed-text.ts';
import { flowpactNamespace, uuidV5 } from '../model/uuid-v5.ts';

/** What an attribute says; everything else of it is the same in all of ours. */
export interface MispAttribute {
  readonly type: string;
  readonly value: string;
  /** Which part of its object it is; undefined where it is in none. */
  readonly relation?: string;
  readonly comment?: string;
  /** Whether systems that raise alarms may use it. */
  readonly toIds?: boolean;
}

/** Types that stand for a value, not for something to be looked for: these go into the category `Other`. */
const plainTypes = new Set([
  'text',
  'other',
  'counter',
  'float',
  'hex',
  'boolean',
  'datetime',
  'size-in-bytes',
]);

/** The identifier of a part of an event: made of the event's and of what it is, so that a repeat updates the first. */
export function partUuid(holder: string, ...about: readonly (string | number)[]): string {
  return uuidV5(flowpactNamespace, JSON.stringify([holder, ...about]));
}

/** `holder` is the UUID of the event or the object that it is in, `place` its place there. */
export function attributeJson(
  { type, value, relation, comment = '', toIds = false }: MispAttribute,
  holder: string,
  place: number,
  timestamp: string,
): JsonRecord {
  const isPlain = plainTypes.has(type);
  return {
    uuid: partUuid(holder, 'attribute', place),
    type,
    category: isPlain ? 'Other' : 'Network activity',
    value,
    ...(relation === undefined ? {} : { object_relation: relation }),
    to_ids: toIds,
    disable_correlation: isPlain || type === 'port',
    distribution: '5',
    timestamp,
    comment,
    deleted: false,
  };
}

const typesOfText = {
  integer: 'counter',
  real: 'float',
  boolean: 'boolean',
  string: 'text',
  octets: 'hex',
} as const;

/** A value as type and text; undefined for what MISP has no type for, and for the empty text, which it refuses. */
export function typedAttribute(value: FlowValue | undefined): { type: string; value: string } | undefined {
  const typed = typedTextOf(value);
  if (typed === undefined || typed.text === '') return undefined;
  if (typed.type === 'boolean') return { type: 'boolean', value: typed.text === 'true' ? '1' : '0' };
  return { type: typesOfText[typed.type], value: typed.text };
}

/** The value in the message's JSON form; a text that is not what its type says is a string. */
export function valueOfAttribute(type: string, text: string): Json {
  switch (type) {
    case 'counter':
    case 'size-in-bytes':
    case 'port':
      return valueOfTypedText('integer', text);
    case 'float':
      return valueOfTypedText('real', text);
    case 'hex':
      return valueOfTypedText('octets', text);
    case 'boolean':
      return text === '1' || (text === '0' ? false : valueOfTypedText('boolean', text));
    default:
      return text;
  }
}
