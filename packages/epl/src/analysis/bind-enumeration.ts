import type { EnumerationMethod } from '../plan/enumeration-method.ts';
import type { Bound, BoundLambda } from '../plan/expression.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression, expectBoolean } from './bind-expression.ts';
import { bindLambda, isLambda } from './bind-lambda.ts';
import { bindSubquery } from './bind-subquery.ts';
import type { Binder } from './binder.ts';
import {
  arithmeticType,
  isAssignable,
  isInteger,
  isNumeric,
  isOpen,
  isText,
  typed,
  typeFault,
} from './types.ts';

/** What a method takes and gives. */
type Result = Pick<Extract<Bound, { kind: 'enumeration' }>, 'type' | 'lambdas' | 'arguments'>;

/** Binds an enumeration method. `text` is what it is called on, for messages. @throws Fault */
export function bindEnumeration(
  base: Bound,
  method: EnumerationMethod,
  part: PathPart,
  text: string,
  binder: Binder,
): Bound {
  const { type } = base;
  if (typeof type === 'string' || type.kind !== 'array') {
    throw typeFault(
      `${method} is for arrays, windows and subqueries, but ${typed(text, type)} is none of them`,
      part,
    );
  }
  const call = new EnumerationCall(method, type.element, part, binder);
  return { kind: 'enumeration', method, base, ...resultOf(call, type) };
}

function resultOf(call: EnumerationCall, type: PropertyType): Result {
  const { method, element } = call;
  const none: Pick<Result, 'lambdas' | 'arguments'> = { lambdas: [], arguments: [] };
  switch (method) {
    case 'where':
    case 'takeWhile':
    case 'takeWhileLast':
      call.expect(1, 1, 'a lambda');
      return { ...none, type, lambdas: [call.predicate(0)] };
    case 'allOf':
    case 'anyOf':
      call.expect(1, 1, 'a lambda');
      return { ...none, type: 'boolean', lambdas: [call.predicate(0)] };
    case 'countOf':
      call.expect(0, 1, 'nothing or a lambda');
      return { ...none, type: 'int', lambdas: call.optional(() => call.predicate(0)) };
    case 'firstOf':
    case 'lastOf':
      call.expect(0, 1, 'nothing or a lambda');
      return { ...none, type: element, lambdas: call.optional(() => call.predicate(0)) };
    case 'take':
    case 'takeLast':
      call.expect(1, 1, 'a number');
      return { ...none, type, arguments: [call.integer(0)] };
    case 'reverse':
      call.expect(0, 0, 'nothing');
      return { ...none, type };
    case 'selectFrom': {
      call.expect(1, 1, 'a lambda');
      const lambda = call.lambda(0);
      return { ...none, type: arrayOf(lambda.body.type), lambdas: [lambda] };
    }
    case 'arrayOf': {
      call.expect(0, 1, 'nothing or a lambda');
      const lambdas = call.optional(() => call.lambda(0));
      return { ...none, type: arrayOf(lambdas[0]?.body.type ?? element), lambdas };
    }
    case 'sumOf':
    case 'average': {
      const lambdas = call.values(isNumeric, 'numbers');
      const number = lambdas[0]?.body.type ?? element;
      return { ...none, type: method === 'average' ? 'double' : arithmeticType(number, 'int'), lambdas };
    }
    case 'min':
    case 'max': {
      const lambdas = call.values(isOrdered, 'numbers or strings');
      return { ...none, type: lambdas[0]?.body.type ?? element, lambdas };
    }
    case 'minBy':
    case 'maxBy':
      call.expect(1, 1, 'a lambda');
      return { ...none, type: element, lambdas: [call.ordering(0)] };
    case 'orderBy':
    case 'orderByDesc':
      return { ...none, type, lambdas: call.values(isOrdered, 'numbers or strings') };
    case 'distinctOf':
      return { ...none, type, lambdas: call.values(isSimple, 'simple values') };
    case 'mostFrequent':
    case 'leastFrequent': {
      const lambdas = call.values(isSimple, 'simple values');
      return { ...none, type: lambdas[0]?.body.type ?? element, lambdas };
    }
    case 'groupBy':
      call.expect(1, 2, 'one or two lambdas');
      return {
        ...none,
        type: 'map',
        lambdas: call.list.map((_, at) => (at === 0 ? call.key() : call.lambda(at))),
      };
    case 'toMap':
      call.expect(2, 2, 'two lambdas');
      return { ...none, type: 'map', lambdas: [call.key(), call.lambda(1)] };
    case 'union':
    case 'except':
    case 'intersect':
      call.expect(1, 1, 'another array');
      return { ...none, type, arguments: [call.array(0)] };
    case 'sequenceEqual':
      call.expect(1, 1, 'another array');
      return { ...none, type: 'boolean', arguments: [call.array(0)] };
    case 'aggregate': {
      call.expect(2, 2, 'a first value and a lambda');
      return { ...none, ...call.accumulation() };
    }
    default:
      return method satisfies never;
  }
}

const arrayOf = (element: PropertyType): PropertyType => ({
  kind: 'array',
  element: element === 'null' ? 'object' : element,
});

const isSimple = (type: PropertyType): boolean => typeof type === 'string';
const isOrdered = (type: PropertyType): boolean =>
  isNumeric(type) || isText(type) || type === 'boolean' || isOpen(type);

/** One call of a method, while its arguments are bound. */
class EnumerationCall {
  readonly method: EnumerationMethod;
  readonly element: PropertyType;
  readonly list: readonly Expression[];
  private readonly part: PathPart;
  private readonly binder: Binder;

  constructor(method: EnumerationMethod, element: PropertyType, part: PathPart, binder: Binder) {
    this.method = method;
    this.element = element;
    this.list = part.arguments!.list;
    this.part = part;
    this.binder = binder;
  }

  /** @throws Fault where there are fewer or more arguments */
  expect(least: number, most: number, what: string): void {
    const { length } = this.list;
    if (length >= least && length <= most) return;
    throw new Fault('EPL_VALUE', `${this.method} takes ${what}, not ${length} arguments`, this.part);
  }

  /** What a lambda gives where there is one argument; nothing where there is none. */
  optional(bind: () => BoundLambda): readonly BoundLambda[] {
    return this.list.length === 0 ? [] : [bind()];
  }

  /** A lambda of the element, its index and the number of elements. */
  lambda(at: number): BoundLambda {
    const node = this.list[at];
    if (isLambda(node)) return bindLambda(node, this.method, [this.element, 'int', 'int'], 1, this.binder);
    throw new Fault('EPL_VALUE', `${this.method} takes a lambda here, such as x => …`, node);
  }

  /** The first lambda, whose text is the key of a map. */
  key(): BoundLambda {
    const lambda = this.lambda(0);
    const { body } = lambda;
    return typeof body.type === 'string'
      ? { ...lambda, body: { kind: 'cast', type: 'string', operand: body } }
      : lambda;
  }

  predicate(at: number): BoundLambda {
    const lambda = this.lambda(at);
    expectBoolean(lambda.body, bodyOf(this.list[at]), `the lambda of ${this.method}`);
    return lambda;
  }

  ordering(at: number): BoundLambda {
    const lambda = this.lambda(at);
    this.check(lambda.body.type, isOrdered, 'numbers or strings', bodyOf(this.list[at]));
    return lambda;
  }

  /** No lambda, where the elements themselves will do, or one that makes what will do of each. */
  values(fits: (type: PropertyType) => boolean, what: string): readonly BoundLambda[] {
    this.expect(0, 1, 'nothing or a lambda');
    if (this.list.length === 0) {
      this.check(this.element, fits, what, this.part);
      return [];
    }
    const lambda = this.lambda(0);
    this.check(lambda.body.type, fits, what, bodyOf(this.list[0]));
    return [lambda];
  }

  integer(at: number): Bound {
    const bound = this.value(at);
    if (isInteger(bound.type)) return bound;
    throw typeFault(`${this.method} takes a whole number, not ${printType(bound.type)}`, this.list[at]);
  }

  array(at: number): Bound {
    const node = this.list[at];
    const bound = node.kind === 'subquery' ? bindSubquery(node, this.binder, true) : this.value(at);
    const { type } = bound;
    const element = typeof type !== 'string' && type.kind === 'array' ? type.element : undefined;
    if (
      type === 'null' ||
      (element !== undefined && (isAssignable(element, this.element) || isAssignable(this.element, element)))
    )
      return bound;
    const wanted = printType({ kind: 'array', element: this.element });
    throw typeFault(`${this.method} takes an array such as ${wanted}, not ${printType(type)}`, node);
  }

  /** The first value and the lambda of `aggregate`: of the result so far, the element, its index, the number. */
  accumulation(): Result {
    const start = this.value(0);
    const [, node] = this.list;
    if (!isLambda(node)) {
      throw new Fault('EPL_VALUE', `${this.method} takes a lambda here, such as (result, x) => …`, node);
    }
    const bind = (type: PropertyType) =>
      bindLambda(node, this.method, [type, this.element, 'int', 'int'], 2, this.binder);
    const narrow = bind(start.type);
    // A sum of longs that starts with an int is a long.
    const widened = isNumeric(start.type) && isNumeric(narrow.body.type);
    const type = widened ? arithmeticType(start.type, narrow.body.type) : start.type;
    const lambda = type === start.type ? narrow : bind(type);
    if (!isAssignable(lambda.body.type, type)) {
      const given = printType(lambda.body.type);
      throw typeFault(
        `the lambda of aggregate gives ${given} where the first value is ${printType(type)}`,
        node,
      );
    }
    return { type, lambdas: [lambda], arguments: [start] };
  }

  private value(at: number): Bound {
    const node = this.list[at];
    if (isLambda(node)) throw new Fault('EPL_VALUE', `${this.method} takes no lambda here`, node);
    return bindExpression(node, this.binder);
  }

  private check(
    type: PropertyType,
    fits: (type: PropertyType) => boolean,
    what: string,
    at: Expression | PathPart,
  ): void {
    if (fits(type)) return;
    throw typeFault(`${this.method} needs ${what}, but finds ${printType(type)}`, at);
  }
}

const bodyOf = (node: Expression): Expression => (node.kind === 'lambda' ? node.body : node);
