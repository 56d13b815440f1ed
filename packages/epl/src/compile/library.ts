import { arrayOfContent, contentText } from '../content-text.ts';
import { compareValues } from '../runtime/row-order.ts';
import { createTimeZone, utc } from '../time-zone.ts';
import { castToText, castValue } from './cast.ts';
import { equal } from './comparison.ts';
import { dateLibrary, lenientDateLibrary } from './date-library.ts';
import { javaLibrary } from './java-library.ts';
import { stringLibrary } from './string-library.ts';

export type LibraryFunction = (...values: readonly unknown[]) => unknown;

type Entries = Readonly<Record<string, unknown>>;

const ownValue = (map: unknown, key: unknown): unknown => {
  const name = castToText(key);
  return Object.hasOwn(map as Entries, name) ? ((map as Entries)[name] ?? null) : null;
};

/** The functions that take no null: any null argument makes their result null. */
const strict: Readonly<Record<string, LibraryFunction>> = {
  ...stringLibrary,
  ...javaLibrary,
  ...dateLibrary(utc),
  min: (...values) => values.reduce(javaLibrary['Math.min']),
  max: (...values) => values.reduce(javaLibrary['Math.max']),
  'number.intValue': (x) => castValue(x, 'int'),
  'number.longValue': (x) => castValue(x, 'long'),
  'number.floatValue': (x) => castValue(x, 'float'),
  'number.doubleValue': (x) => castValue(x, 'double'),
  'number.compareTo': compareValues,
  'number.equals': equal,
  'value.equals': equal,
  'array.size': (array) => (array as readonly unknown[]).length,
  'array.length': (array) => (array as readonly unknown[]).length,
  'array.isEmpty': (array) => (array as readonly unknown[]).length === 0,
  'array.get': (array, at) => (array as readonly unknown[])[at as number] ?? null,
  'array.contains': (array, value) =>
    (array as readonly unknown[]).some((element) => element !== null && equal(element, value)),
  'key.content': contentText,
  'key.array': (text) => arrayOfContent(text as string),
  event_identity_equals: (a, b) => a === b,
  'map.get': ownValue,
  'map.containsKey': (map, key) => Object.hasOwn(map as Entries, castToText(key)),
  'map.size': (map) => Object.keys(map as Entries).length,
  'map.isEmpty': (map) => Object.keys(map as Entries).length === 0,
  'map.keySet': (map) => Object.keys(map as Entries),
  'map.values': (map) => Object.values(map as Entries),
};

/** More elements than this are made by nobody but an attacker. */
const largestArray = 1_000_000;

/** An array of arrays of the sizes, full of a value; null where a size is missing or too large. */
function createArray(fill: unknown, ...sizes: readonly unknown[]): unknown {
  const total = sizes.reduce<number>((product, size) => product * Number(size ?? -1), 1);
  if (sizes.some((size) => size === null || (size as number) < 0) || total > largestArray) return null;
  const [size, ...inner] = sizes as readonly number[];
  return Array.from({ length: size }, () => (inner.length === 0 ? fill : createArray(fill, ...inner)));
}

const lenientDates = lenientDateLibrary(utc);

/** The function of that name, nulls handled. `timeZone`: of one that reads the calendar, other than UTC. */
export function libraryFunction(name: string, timeZone?: string): LibraryFunction {
  const zone = timeZone === undefined ? undefined : createTimeZone(timeZone);
  const lenient = zone === undefined ? lenientDates : lenientDateLibrary(zone);
  if (name === 'coalesce') return (...values) => values.find((value) => value !== null) ?? null;
  if (name === 'array.create') return createArray;
  if (Object.hasOwn(lenient, name)) return lenient[name];
  if (!Object.hasOwn(strict, name)) throw new Error(`no function ${name} in the library`);
  const call = zone === undefined ? strict[name] : dateLibrary(zone)[name];
  return (...values) => (values.includes(null) ? null : call(...values));
}
