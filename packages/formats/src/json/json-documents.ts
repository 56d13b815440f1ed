import type { ReadDocument } from '../document-format.ts';
import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { isList, type Json } from '../model/message-json.ts';
import { parseJson, parseJsonText } from './parse-json.ts';

/** One of the documents in a JSON text. */
export interface JsonDocument {
  /** `[2]` in a list, `line 3` of lines; empty for one alone. */
  readonly place: string;
  /** @throws FormatsError where it is broken, and others are not */
  readonly value: () => Json;
}

/**
 * The documents in a JSON text, at least one: the items of a list, the lines of NDJSON (told by a first line that is an
 * object), else the text itself.
 * @throws FormatsError `FORMATS_BAD_ENCODING`, `FORMATS_BAD_SYNTAX` or `FORMATS_LIMIT`
 */
export function jsonDocumentsOf(bytes: Uint8Array, limits: FormatsLimits): readonly JsonDocument[] {
  let whole: Json;
  try {
    whole = parseJson(bytes, limits);
  } catch (error) {
    const lines = isSyntaxError(error) ? linesOf(bytes) : [];
    if (lines.length < 2 || !isObjectText(lines[0].text, limits)) throw error;
    return lines.map(({ number, text }) => ({
      place: `line ${number}`,
      value: () => parseJsonText(text, limits),
    }));
  }
  if (!isList(whole) || whole.length === 0) return [{ place: '', value: () => whole }];
  return whole.map((item, i) => ({ place: `[${i}]`, value: () => item }));
}

/** The first of the documents read; the others are lost, and named. */
export function readFirst(
  [first, ...others]: readonly JsonDocument[],
  read: (document: Json) => ReadDocument,
): ReadDocument {
  const document = read(first.value());
  return { ...document, losses: [...document.losses, ...others.map(furtherEvent)] };
}

export function furtherEvent({ place }: Pick<JsonDocument, 'place'>): Loss {
  return { path: place, effect: 'dropped', note: 'a further event' };
}

/** The outermost object of a JSON text, of several the first, for telling formats apart; undefined for anything else. */
export function jsonObjectOf(
  bytes: Uint8Array,
  limits: FormatsLimits,
): Readonly<Record<string, Json>> | undefined {
  try {
    const value = jsonDocumentsOf(bytes, limits)[0].value();
    return typeof value === 'object' && value !== null && !isList(value)
      ? (value as Readonly<Record<string, Json>>)
      : undefined;
  } catch (error) {
    if (error instanceof FormatsError) return undefined;
    throw error;
  }
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof FormatsError && error.code === 'FORMATS_BAD_SYNTAX';
}

/** Those with anything on them. */
function linesOf(bytes: Uint8Array): readonly { readonly number: number; readonly text: string }[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((text, i) => ({ number: i + 1, text }))
    .filter(({ text }) => text.trim() !== '');
}

function isObjectText(text: string, limits: FormatsLimits): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    parseJsonText(text, limits);
    return true;
  } catch (error) {
    if (error instanceof FormatsError) return false;
    throw error;
  }
}
