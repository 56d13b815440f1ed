import { castToText } from './cast.ts';
import { dateReader } from './date-format.ts';

type LibraryFunction = (...values: readonly unknown[]) => unknown;

const smaller = (a: unknown, b: unknown): unknown => ((b as number) < (a as number) ? b : a);
const larger = (a: unknown, b: unknown): unknown => ((b as number) > (a as number) ? b : a);
const text = castToText;

/** The functions that take no null: any null argument makes their result null. */
const strict: Readonly<Record<string, LibraryFunction>> = {
  min: (...values) => values.reduce(smaller),
  max: (...values) => values.reduce(larger),
  'string.length': (s) => text(s).length,
  'string.isEmpty': (s) => text(s).length === 0,
  'string.toLowerCase': (s) => text(s).toLowerCase(),
  'string.toUpperCase': (s) => text(s).toUpperCase(),
  'string.trim': (s) => text(s).trim(),
  'string.concat': (s, other) => text(s) + text(other),
  'string.contains': (s, part) => text(s).includes(text(part)),
  'string.startsWith': (s, part) => text(s).startsWith(text(part)),
  'string.endsWith': (s, part) => text(s).endsWith(text(part)),
  'string.equals': (s, other) => text(s) === text(other),
  'string.equalsIgnoreCase': (s, other) => text(s).toLowerCase() === text(other).toLowerCase(),
  'string.indexOf': (s, part) => text(s).indexOf(text(part)),
  'string.lastIndexOf': (s, part) => text(s).lastIndexOf(text(part)),
  'string.substring': (s, from, to) => text(s).substring(from as number, to as number | undefined),
  'date.parse': (s, pattern) => dateReader(text(pattern))!(text(s)),
  'array.size': (array) => (array as readonly unknown[]).length,
};

/** The function of that name, nulls handled. */
export function libraryFunction(name: string): LibraryFunction {
  if (name === 'coalesce') return (...values) => values.find((value) => value !== null) ?? null;
  if (!Object.hasOwn(strict, name)) throw new Error(`no function ${name} in the library`);
  const call = strict[name];
  return (...values) => (values.includes(null) ? null : call(...values));
}
