import type { Bound, BoundInList, BoundIs, BoundQuantified, BoundRange } from '../plan/expression.ts';
import type { Comparison } from '../plan/plan.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Condition, Evaluator } from './evaluator.ts';

export type Test = (a: unknown, b: unknown) => boolean;

/**
 * Equality of two values that are not null. Numbers compare by value whatever their type, NaN equals NaN as boxed
 * doubles do, arrays compare element by element.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  // Only here a bigint can equal a number: beyond 2^53, against a double.
  if (typeof a === 'number')
    return typeof b === 'bigint' ? Number(b) === a : Number.isNaN(a) && Number.isNaN(b);
  if (typeof a === 'bigint') return typeof b === 'number' && Number(a) === b;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, i) => element === b[i] || equal(element, b[i]));
  }
  return false;
}

const identical: Test = (a, b) => a === b;

/** Types whose equal values are identical in JavaScript. */
const isIdentityType = (type: PropertyType): boolean =>
  type === 'string' ||
  type === 'boolean' ||
  type === 'int' ||
  type === 'short' ||
  type === 'byte' ||
  type === 'char';

const orders: Readonly<Record<'<' | '<=' | '>' | '>=', Test>> = {
  '<': (a, b) => (a as number) < (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
};

function equality(left: PropertyType, right: PropertyType): Test {
  return isIdentityType(left) && isIdentityType(right) ? identical : equal;
}

/** The test behind a comparison of two values that are not null. */
export function comparisonTest(operator: Comparison, left: PropertyType, right: PropertyType): Test {
  if (operator === '=') return equality(left, right);
  if (operator === '!=') {
    const same = equality(left, right);
    return (a, b) => !same(a, b);
  }
  return orders[operator];
}

/** Null if either side is null. The common form, a property against a constant, is one function. */
export function comparison(
  operator: Comparison,
  leftNode: Bound,
  rightNode: Bound,
  left: Evaluator,
  right: Evaluator,
  joined: boolean,
): Condition {
  const test = comparisonTest(operator, leftNode.type, rightNode.type);
  if (rightNode.kind === 'constant') {
    const { value } = rightNode;
    if (value === null) return () => null;
    if (leftNode.kind === 'property' && !joined)
      return propertyAgainstConstant(operator, test, leftNode.name, value);
    return (subject, group, environment) => {
      const a = left(subject, group, environment);
      return a === null ? null : test(a, value);
    };
  }
  return (subject, group, environment) => {
    const a = left(subject, group, environment);
    if (a === null) return null;
    const b = right(subject, group, environment);
    return b === null ? null : test(a, b);
  };
}

function propertyAgainstConstant(
  operator: Comparison,
  test: Test,
  name: string,
  constant: unknown,
): Condition {
  const bound = constant as number;
  switch (test === identical ? '===' : operator) {
    case '===':
      return (subject) => (subject[name] === null ? null : subject[name] === constant);
    case '<':
      return (subject) => (subject[name] === null ? null : (subject[name] as number) < bound);
    case '>':
      return (subject) => (subject[name] === null ? null : (subject[name] as number) > bound);
    default:
      return (subject) => (subject[name] === null ? null : test(subject[name], constant));
  }
}

/** Null-safe equality: never null. */
export function is(node: BoundIs, left: Evaluator, right: Evaluator): Condition {
  const same = equality(node.left.type, node.right.type);
  return (subject, group, environment) => {
    const a = left(subject, group, environment);
    const b = right(subject, group, environment);
    const equals = a === null || b === null ? a === b : same(a, b);
    return equals !== node.not;
  };
}

/**
 * `between` and ranges: swapped bounds are put right. Null lies in no range and outside of none; nothing lies in a range
 * with a bound that is null.
 */
export function range(node: BoundRange, value: Evaluator, low: Evaluator, high: Evaluator): Condition {
  const { not, lowIncluded, highIncluded } = node;
  return (subject, group, environment) => {
    const x = value(subject, group, environment) as number | null;
    let a = low(subject, group, environment) as number | null;
    let b = high(subject, group, environment) as number | null;
    if (x === null) return false;
    if (a === null || b === null) return not;
    if (a > b) [a, b] = [b, a];
    const inside = (lowIncluded ? x >= a : x > a) && (highIncluded ? x <= b : x < b);
    return inside !== not;
  };
}

/** True on a match; without one, null where a null was in the way. Elements of arrays count one by one. */
export function inList(node: BoundInList, value: Evaluator, list: readonly Evaluator[]): Condition {
  const { not } = node;
  const scalar = typeof node.value.type === 'string';
  const isOne = (element: Bound) =>
    element.kind === 'constant' && element.value !== null && typeof element.type === 'string';
  if (node.list.every(isOne)) {
    return inConstants(node, value);
  }
  return (subject, group, environment) => {
    const x = value(subject, group, environment);
    // A missing array has no elements, so it does not hide anything; a missing value does.
    const arrays = node.list.every((element) => typeof element.type !== 'string');
    if (x === null) return scalar && arrays ? emptyOrNull(list, subject, group, environment, not) : null;
    let unknown = false;
    for (let i = 0; i < list.length; i++) {
      const element = list[i](subject, group, environment);
      const isArray = typeof node.list[i].type !== 'string' && scalar;
      if (element === null) unknown ||= !isArray;
      else if (isArray && Array.isArray(element)) {
        if (element.some((one) => one !== null && equal(x, one))) return !not;
      } else if (equal(x, element)) return !not;
    }
    return unknown ? null : not;
  };
}

function emptyOrNull(
  list: readonly Evaluator[],
  ...[subject, group, environment, not]: [...Parameters<Evaluator>, boolean]
): boolean | null {
  const empty = list.every((element) => {
    const array = element(subject, group, environment);
    return array === null || (Array.isArray(array) && array.length === 0);
  });
  return empty ? not : null;
}

function inConstants(node: BoundInList, value: Evaluator): Condition {
  const constants = node.list.map((element) => (element as { value: unknown }).value);
  const { not } = node;
  // A Set finds what is identical or NaN: all but long against double.
  const exact = node.list.every((element) => isIdentityType(element.type)) && isIdentityType(node.value.type);
  const set = new Set(constants);
  return (subject, group, environment) => {
    const x = value(subject, group, environment);
    if (x === null) return null;
    const found = exact ? set.has(x) : constants.some((constant) => equal(x, constant));
    return found !== not;
  };
}

/**
 * `any`: true on a match, `all`: false on a failure; otherwise null where a null was in the way. But comparisons of order
 * with `any` pass over nulls beside other values.
 */
export function quantified(node: BoundQuantified, left: Evaluator, list: readonly Evaluator[]): Condition {
  const scalar = typeof node.left.type === 'string';
  const tests = node.list.map(({ type }) => {
    const element = typeof type !== 'string' && type.kind === 'array' && scalar ? type.element : type;
    return comparisonTest(node.operator, node.left.type, element);
  });
  const decisive = node.quantifier === 'any';
  const passesNull = decisive && node.operator !== '=' && node.operator !== '!=';
  return (subject, group, environment) => {
    const a = left(subject, group, environment);
    if (a === null) return null;
    let unknown = false;
    let compared = false;
    let values = 0;
    for (let i = 0; i < list.length; i++) {
      const b = list[i](subject, group, environment);
      // The elements of an array count one by one.
      for (const element of scalar && Array.isArray(b) ? b : [b]) {
        compared = true;
        if (element === null) unknown = true;
        else if (tests[i](a, element) === decisive) return decisive;
        else values++;
      }
    }
    if (passesNull && values > 0) return false;
    // An empty array gives no answer; an empty list does.
    return unknown || (!compared && list.length > 0) ? null : !decisive;
  };
}
