import { addLong, type Long, toDouble, wrapInt } from '../long.ts';
import type { EnumerationMethod } from '../plan/enumeration-method.ts';
import type { Bound, BoundEnumeration } from '../plan/expression.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import { compareValues } from '../runtime/row-order.ts';
import { castToText } from './cast.ts';
import { equal } from './comparison.ts';
import type { Evaluator } from './evaluator.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-frame.ts';
import { sortedMethodTable } from './sorted-methods.ts';

type Elements = readonly unknown[];

/** What a method is called with beside the array. */
export interface EnumerationCall {
  readonly lambdas: readonly LambdaFunction[];
  readonly values: readonly unknown[];
  readonly type: PropertyType;
}

/** Every method of null is null. */
export function enumeration(
  node: BoundEnumeration,
  base: Evaluator,
  args: readonly Evaluator[],
  bodies: readonly Evaluator[],
): Evaluator {
  const method = table[node.method];
  const { lambdas, type } = node;
  // A written array leaves out what is null, as in Esper, where it stands for a collection.
  const collect = (value: unknown, bound: Bound): unknown =>
    bound.kind === 'array' && Array.isArray(value) ? notNull(value) : value;
  return (subject, group, environment) => {
    const elements = collect(base(subject, group, environment), node.base);
    if (!Array.isArray(elements)) return null;
    return method(elements, {
      lambdas: lambdas.map((lambda, i) => lambdaFunction(lambda, bodies[i], subject, group, environment)),
      values: args.map((argument, i) => collect(argument(subject, group, environment), node.arguments[i])),
      type,
    });
  };
}

/** What a lambda gives for each element; without a lambda the elements themselves. */
const mapped = (elements: Elements, lambda: LambdaFunction | undefined): Elements =>
  lambda === undefined ? elements : elements.map((element, i) => lambda(element, i, elements.length));

/** The elements for which the lambda is not false; without a lambda all. One that gives null passes, as in Esper. */
const chosen = (elements: Elements, lambda: LambdaFunction | undefined): Elements =>
  lambda === undefined
    ? elements
    : elements.filter((element, i) => lambda(element, i, elements.length) !== false);

const notNull = (values: Elements): Elements => values.filter((value) => value !== null);

const methods: Readonly<Record<EnumerationMethod, (elements: Elements, call: EnumerationCall) => unknown>> = {
  aggregate: (elements, { lambdas: [lambda], values: [start] }) =>
    elements.reduce((result, element, i) => lambda(result, element, i, elements.length), start),
  allOf: (elements, { lambdas: [lambda] }) =>
    elements.every((element, i) => lambda(element, i, elements.length) === true),
  anyOf: (elements, { lambdas: [lambda] }) =>
    elements.some((element, i) => lambda(element, i, elements.length) === true),
  arrayOf: (elements, { lambdas: [lambda] }) => mapped(elements, lambda),
  average: (elements, { lambdas: [lambda] }) => {
    const values = notNull(mapped(elements, lambda)) as readonly Long[];
    if (values.length === 0) return null;
    return values.reduce<number>((total, value) => total + toDouble(value), 0) / values.length;
  },
  countOf: (elements, { lambdas: [lambda] }) => chosen(elements, lambda).length,
  distinctOf: (elements, { lambdas: [lambda] }) => {
    const keys = mapped(elements, lambda);
    const seen = new Set<unknown>();
    return elements.filter((_, i) => !seen.has(keys[i]) && seen.add(keys[i]));
  },
  except: (elements, { values: [other] }) => {
    if (!Array.isArray(other)) return elements;
    const has = membership(other);
    return elements.filter((element) => !has(element));
  },
  firstOf: (elements, { lambdas: [lambda] }) => chosen(elements, lambda)[0] ?? null,
  groupBy: (elements, { lambdas: [key, value] }) => {
    const groups = new Map<string, unknown[]>();
    const keys = mapped(elements, key);
    mapped(elements, value).forEach((element, i) => {
      const name = castToText(keys[i]);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [element]);
      else group.push(element);
    });
    return Object.fromEntries(groups);
  },
  intersect: (elements, { values: [other] }) => {
    if (!Array.isArray(other)) return null;
    const has = membership(other);
    return elements.filter(has);
  },
  lastOf: (elements, { lambdas: [lambda] }) => chosen(elements, lambda).at(-1) ?? null,
  leastFrequent: (elements, { lambdas: [lambda] }) => byFrequency(mapped(elements, lambda), -1),
  max: (elements, { lambdas: [lambda] }) => extreme(mapped(elements, lambda), 1)?.value ?? null,
  maxBy: (elements, { lambdas: [lambda] }) =>
    elements[extreme(mapped(elements, lambda), 1)?.at ?? -1] ?? null,
  min: (elements, { lambdas: [lambda] }) => extreme(mapped(elements, lambda), -1)?.value ?? null,
  minBy: (elements, { lambdas: [lambda] }) =>
    elements[extreme(mapped(elements, lambda), -1)?.at ?? -1] ?? null,
  mostFrequent: (elements, { lambdas: [lambda] }) => byFrequency(mapped(elements, lambda), 1),
  orderBy: (elements, { lambdas: [lambda] }) => ordered(elements, lambda, 1),
  orderByDesc: (elements, { lambdas: [lambda] }) => ordered(elements, lambda, -1),
  reverse: (elements) => elements.toReversed(),
  selectFrom: (elements, { lambdas: [lambda] }) => notNull(mapped(elements, lambda)),
  sequenceEqual: (elements, { values: [other] }) =>
    Array.isArray(other) &&
    other.length === elements.length &&
    elements.every((element, i) => same(element, other[i])),
  sumOf: (elements, { lambdas: [lambda], type }) => sum(mapped(elements, lambda), type),
  take: (elements, { values: [count] }) => elements.slice(0, Math.max(0, Number(count ?? 0))),
  takeLast: (elements, { values: [count] }) => {
    const taken = Math.max(0, Number(count ?? 0));
    return taken === 0 ? [] : elements.slice(-taken);
  },
  takeWhile: (elements, { lambdas: [lambda] }) => {
    const end = elements.findIndex((element, i) => lambda(element, i, elements.length) === false);
    return end < 0 ? elements : elements.slice(0, end);
  },
  takeWhileLast: (elements, { lambdas: [lambda] }) => {
    // The index counts from the last element.
    let taken = 0;
    const from = (count: number) => elements[elements.length - 1 - count];
    while (taken < elements.length && lambda(from(taken), taken, elements.length) !== false) taken++;
    return elements.slice(elements.length - taken);
  },
  toMap: (elements, { lambdas: [key, value] }) => {
    const values = mapped(elements, value);
    return Object.fromEntries(mapped(elements, key).map((name, i) => [castToText(name), values[i]]));
  },
  union: (elements, { values: [other] }) => (Array.isArray(other) ? elements.concat(other) : elements),
  where: (elements, { lambdas: [lambda] }) => chosen(elements, lambda),
};

const table = { ...methods, ...sortedMethodTable };

const same = (a: unknown, b: unknown): boolean => (a === null || b === null ? a === b : equal(a, b));

/** Events are the same where they are one object, values where they are equal. */
function membership(elements: Elements): (value: unknown) => boolean {
  const set = new Set(elements);
  const compared = elements.filter((element) => typeof element === 'bigint' || Array.isArray(element));
  return (value) => set.has(value) || compared.some((element) => same(element, value));
}

/** The greatest value, or with -1 the smallest, and its place; of equal ones the first. Nulls are passed over. */
function extreme(values: Elements, direction: 1 | -1): { value: unknown; at: number } | undefined {
  let found: { value: unknown; at: number } | undefined;
  values.forEach((value, at) => {
    if (value === null) return;
    if (found === undefined || compareValues(value, found.value) * direction > 0) found = { value, at };
  });
  return found;
}

/** The value that occurs most often, or with -1 most rarely; of equal ones the first. */
function byFrequency(values: Elements, direction: 1 | -1): unknown {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let found: unknown = null;
  let best: number | undefined;
  for (const [value, count] of counts) {
    if (best !== undefined && (count - best) * direction <= 0) continue;
    best = count;
    found = value;
  }
  return found;
}

/** Stable in both directions; null first, or descending last. */
function ordered(elements: Elements, lambda: LambdaFunction | undefined, direction: 1 | -1): Elements {
  const keys = mapped(elements, lambda);
  return elements
    .map((element, i) => ({ element, key: keys[i] }))
    .sort((a, b) => compareValues(a.key, b.key) * direction)
    .map(({ element }) => element);
}

function sum(values: Elements, type: PropertyType): unknown {
  const numbers = notNull(values) as readonly Long[];
  if (numbers.length === 0) return null;
  if (type === 'int') return numbers.reduce((total, value) => wrapInt(total, value, addLong(total, value)));
  if (type === 'long') return numbers.reduce(addLong);
  return numbers.reduce<number>((total, value) => total + toDouble(value), 0);
}
