import { castToText as text } from './cast.ts';
import type { LibraryFunction } from './library.ts';
import { regexpTest } from './regexp.ts';

/** Java's order of two strings: the difference of the first code units that differ, else of the lengths. */
function compareTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `31 * hash + unit` over the code units, in 32 bits. */
function hashCode(value: string): number {
  let hash = 0;
  for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0;
  return hash;
}

/** As in Java the empty texts at the end are dropped. */
function split(value: string, separator: string): readonly string[] {
  const parts = value.split(separator);
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** Longer texts than this are made by nobody but an attacker. */
const longestRepeat = 1_000_000;

/** Java throws where an index lies outside, which leaves the value missing. */
function substring(value: string, from: number, to: number): string | null {
  return from < 0 || to > value.length || from > to ? null : value.substring(from, to);
}

/** Methods of strings. */
export const stringLibrary: Readonly<Record<string, LibraryFunction>> = {
  'string.length': (s) => text(s).length,
  'string.isEmpty': (s) => text(s).length === 0,
  'string.isBlank': (s) => text(s).trim().length === 0,
  'string.toLowerCase': (s) => text(s).toLowerCase(),
  'string.toUpperCase': (s) => text(s).toUpperCase(),
  'string.trim': (s) => text(s).trim(),
  'string.strip': (s) => text(s).trim(),
  'string.concat': (s, other) => text(s) + text(other),
  'string.repeat': (s, count) => {
    const times = count as number;
    return times < 0 || times * text(s).length > longestRepeat ? null : text(s).repeat(times);
  },
  'string.replace': (s, from, to) => text(s).replaceAll(text(from), () => text(to)),
  'string.contains': (s, part) => text(s).includes(text(part)),
  'string.startsWith': (s, part, at) => text(s).startsWith(text(part), at as number | undefined),
  'string.endsWith': (s, part) => text(s).endsWith(text(part)),
  'string.equals': (s, other) => s === other,
  'string.equalsIgnoreCase': (s, other) => text(s).toLowerCase() === text(other).toLowerCase(),
  'string.matches': (s, pattern) => regexpTest(text(pattern))(text(s)),
  'string.compareTo': (s, other) => compareTexts(text(s), text(other)),
  'string.compareToIgnoreCase': (s, other) => compareTexts(text(s).toLowerCase(), text(other).toLowerCase()),
  'string.hashCode': (s) => hashCode(text(s)),
  'string.charAt': (s, at) => text(s)[at as number] ?? null,
  'string.indexOf': (s, part, from) => text(s).indexOf(text(part), from as number | undefined),
  'string.lastIndexOf': (s, part) => text(s).lastIndexOf(text(part)),
  'string.substring': (s, from, to) =>
    substring(text(s), from as number, (to as number | undefined) ?? text(s).length),
  'string.split': (s, separator) => split(text(s), text(separator)),
};
