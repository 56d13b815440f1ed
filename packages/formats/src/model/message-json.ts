import { EventError, type Message, messageFromJson, stringifyEvent } from '@flowpact/event';
import { FormatsError } from '../formats-error.ts';

/** JSON as it is in memory. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
export type JsonRecord = { readonly [name: string]: Json };

/** The message's JSON form (octets as `{"$octets":…}`, great integers as `{"$integer":…}`), as a tree. */
export function messageToTree(message: Message): Json {
  return JSON.parse(stringifyEvent(message)) as Json;
}

/** @throws FormatsError `FORMATS_BAD_VALUE`, naming the field of the model that is wrong. */
export function messageFromTree(tree: Json): Message {
  try {
    return messageFromJson(JSON.stringify(tree));
  } catch (cause) {
    if (!(cause instanceof EventError)) throw cause;
    const options = cause.path === undefined ? { cause } : { cause, place: cause.path };
    throw new FormatsError('FORMATS_BAD_VALUE', cause.message, options);
  }
}

/** An object with fields: neither a list nor one of the one-key objects that stand for a value that JSON lacks. */
export function isRecord(value: Json | undefined): value is JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length !== 1 || !keys[0].startsWith('$');
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || isList(b)) return false;
  const keys = Object.keys(a);
  const other = b as JsonRecord;
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson((a as JsonRecord)[key], other[key]))
  );
}

/** An object of those fields that are there; undefined where none is. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonRecord | undefined {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Undefined for an empty list. */
export function presentList<T extends Json>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const kept = items.filter((item) => item !== undefined);
  return kept.length === 0 ? undefined : kept;
}
