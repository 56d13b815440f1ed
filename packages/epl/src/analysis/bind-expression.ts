import { castStrictly } from '../compile/cast.ts';
import { dateReader } from '../compile/date-format.ts';
import { regexpTest } from '../compile/regexp.ts';
import { RegexpError } from '../compile/regexp-syntax.ts';
import { enumerationMethod } from '../plan/enumeration-method.ts';
import type { Bound } from '../plan/expression.ts';
import { createEventType } from '../runtime/event-type.ts';
import { type PropertyType, printType, type SimpleType } from '../runtime/property-type.ts';
import type { Binary, Case, Cast, Expression, Method } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { Span } from '../syntax/source.ts';
import { bindExists } from './bind-dynamic.ts';
import { bindNewArray, bindTypedArray } from './bind-new-array.ts';
import { bindParameter, isParameter } from './bind-parameter.ts';
import { bindMethod, bindPath } from './bind-path.ts';
import { bindSubquery } from './bind-subquery.ts';
import type { Binder } from './binder.ts';
import {
  arithmeticType,
  commonType,
  isComparable,
  isInteger,
  isNumeric,
  isOpen,
  isText,
  resolveType,
  structName,
  typed,
  typeFault,
} from './types.ts';

/** Binds names and checks types. @throws Fault */
export function bindExpression(node: Expression, binder: Binder): Bound {
  const bind = (child: Expression) => bindExpression(child, binder);
  switch (node.kind) {
    case 'literal':
      return { kind: 'constant', type: node.type, value: node.value };
    case 'path':
      return bindPath(node, binder);
    case 'method':
      return bindMethod(bindBase(node, binder), node.parts, 0, reprint(node.base), binder);
    case 'unary': {
      const operand = bind(node.operand);
      if (node.operator === 'not') {
        expectBoolean(operand, node.operand, "'not'");
        return { kind: 'not', type: 'boolean', operand };
      }
      if (!isNumeric(operand.type)) {
        throw typeFault(`'-' needs a number, but ${describe(node.operand, operand)} is none`, node.operand);
      }
      return { kind: 'negation', type: arithmeticType(operand.type, 'int'), operand };
    }
    case 'binary':
      return bindBinary(node, bind(node.left), bind(node.right));
    case 'quantified': {
      const left = bind(node.left);
      const list = node.list.map(bind);
      list.forEach((element, i) => {
        const type = isArray(element) && !isArray(left) ? elementType(element.type) : element.type;
        expectComparable(node.operator, node.left, left, node.list[i], { ...element, type } as Bound);
      });
      return {
        kind: 'quantified',
        type: 'boolean',
        operator: node.operator,
        quantifier: node.quantifier,
        left,
        list,
      };
    }
    case 'and':
    case 'or': {
      const operands = node.operands.map((child) => {
        const operand = bind(child);
        expectBoolean(operand, child, `'${node.kind}'`);
        return operand;
      });
      return { kind: node.kind, type: 'boolean', operands };
    }
    case 'between':
    case 'in-range': {
      const [value, low, high] = [bind(node.value), bind(node.low), bind(node.high)];
      // A bound may be null: then nothing lies in the range.
      if (low.type !== 'null') expectComparable('<=', node.value, value, node.low, low);
      if (high.type !== 'null') expectComparable('<=', node.value, value, node.high, high);
      if (value.type === 'null') throw typeFault('between: null lies in no range', node.value);
      const lowIncluded = node.kind === 'between' || node.lowIncluded;
      const highIncluded = node.kind === 'between' || node.highIncluded;
      return { kind: 'range', type: 'boolean', not: node.not, value, low, high, lowIncluded, highIncluded };
    }
    case 'in-list': {
      const value = bind(node.value);
      if (value.type === 'null') throw typeFault('in: null is in no list', node.value);
      const list = node.list.map(bind);
      list.forEach((element, i) => {
        const type = isArray(element) && !isArray(value) ? elementType(element.type) : element.type;
        expectComparable('=', node.value, value, node.list[i], { ...element, type } as Bound);
        expectSettled(node.value, value, type);
      });
      return { kind: 'in-list', type: 'boolean', not: node.not, value, list };
    }
    case 'like': {
      const [value, pattern] = [bind(node.value), bind(node.pattern)];
      expectText(value, node.value, pattern, node.pattern, 'like');
      return { kind: 'like', type: 'boolean', not: node.not, value, pattern, escape: escapeOf(node.escape) };
    }
    case 'case':
      return bindCase(node, bind);
    case 'array': {
      const elements = node.elements.map(bind);
      if (node.element !== undefined) return bindTypedArray(node, node.element, elements, binder);
      const element = commonType(elements.map(({ type }) => type)) ?? 'object';
      return {
        kind: 'array',
        type: { kind: 'array', element: element === 'null' ? 'object' : element },
        elements,
      };
    }
    case 'cast': {
      const type = resolveType(node.type, binder.eventTypes);
      const operand = bind(node.operand);
      if (node.options.length > 0) return bindDateCast(node, operand, type, binder.library?.timeZone);
      if (typeof type !== 'string' || type === 'map') {
        throw notSupported(`cast to ${printType(type)}`, node.type);
      }
      if (/^(date|calendar)$/i.test(node.type.name))
        throw new Fault(
          'EPL_UNKNOWN_TYPE',
          `'${node.type.name}' is no type to cast to: write long`,
          node.type,
        );
      if (!isOpen(operand.type) && typeof operand.type !== 'string') {
        throw typeFault(`cannot cast ${describe(node.operand, operand)} to ${printType(type)}`, node);
      }
      checkCast(operand, type, node);
      return { kind: 'cast', type, operand };
    }
    case 'regexp': {
      const [value, pattern] = [bind(node.value), bind(node.pattern)];
      expectText(value, node.value, pattern, node.pattern, 'regexp');
      if (pattern.kind === 'constant' && typeof pattern.value === 'string')
        checkPattern(pattern.value, node.pattern);
      return { kind: 'regexp', type: 'boolean', not: node.not, value, pattern };
    }
    case 'exists-subquery':
    case 'in-subquery':
    case 'quantified-subquery':
    case 'subquery':
      return bindSubquery(node, binder);
    case 'new-struct': {
      const columns = node.columns.map(({ name, value, start, end }) => {
        const part = (word: string) => ({ name: word, quoted: true, dynamic: false, start, end });
        const parts = name.split('.').map(part);
        return { name, value: bind(value ?? { kind: 'path', parts, start, end }) };
      });
      const twice = node.columns.find(
        ({ name }, i) => columns.findIndex((other) => other.name === name) !== i,
      );
      if (twice) throw new Fault('EPL_DUPLICATE_NAME', `the column '${twice.name}' occurs twice`, twice);
      const properties = columns.map(({ name, value }) => ({ name, type: value.type }));
      return {
        kind: 'struct',
        type: { kind: 'event', type: createEventType(structName, properties) },
        columns,
      };
    }
    case 'new-array':
      return bindNewArray(node, binder);
    case 'instanceof': {
      const types = node.types.map((type) => resolveType(type, binder.eventTypes));
      return { kind: 'instanceof', type: 'boolean', operand: bind(node.operand), types };
    }
    case 'exists':
      return bindExists(node.path, binder);
    case 'lambda':
      throw typeFault('a lambda can only stand as an argument of an enumeration method', node);
    case 'sort-key':
    case 'tuple':
      throw typeFault('this cannot stand here', node);
    case 'parameter':
      return bindParameter(node, binder);
    case 'current-timestamp':
      return { kind: 'now', type: 'long' };
    case 'time-period':
      throw typeFault('a time period cannot stand here', node);
    case 'wildcard':
      throw typeFault("'*' cannot stand here", node);
    case 'named-argument':
      throw typeFault(`the argument '${node.name}:' cannot stand here`, node);
    default:
      return node satisfies never;
  }
}

/** What the methods are called on: of a subquery all rows, where the first one is an enumeration method. */
function bindBase({ base, parts: [{ name, arguments: args }] }: Method, binder: Binder): Bound {
  const enumerated = args !== undefined && enumerationMethod(name) !== undefined;
  return base.kind === 'subquery' && enumerated
    ? bindSubquery(base, binder, true)
    : bindExpression(base, binder);
}

/** Binds what must be true or false. */
export function bindCondition(node: Expression, binder: Binder): Bound {
  const bound = bindExpression(node, binder);
  expectBoolean(bound, node, binder.place);
  return bound;
}

const isArray = (bound: Bound): boolean => typeof bound.type !== 'string' && bound.type.kind === 'array';

const elementType = (type: PropertyType): PropertyType =>
  typeof type !== 'string' && type.kind === 'array' ? type.element : type;

export const describe = (node: Expression, bound: Bound): string => typed(reprint(node), bound.type);

export function expectBoolean(bound: Bound, node: Expression, where: string): void {
  if (bound.type === 'boolean' || isParameter(bound)) return;
  const hint = bound.type === 'object' ? ': write cast(…, boolean)' : '';
  throw typeFault(`${where} needs a boolean, but ${describe(node, bound)} is none${hint}`, node);
}

function expectComparable(
  operator: string,
  leftNode: Expression,
  left: Bound,
  rightNode: Expression,
  right: Bound,
): void {
  const ordered = operator !== '=' && operator !== '!=' && !operator.startsWith('is');
  if (ordered) {
    for (const [side, child] of [
      [left, leftNode],
      [right, rightNode],
    ] as const) {
      if (side.type !== 'object' || isParameter(side)) continue;
      throw typeFault(
        `'${operator}' needs numbers or strings, and ${describe(child, side)} may be anything: write cast(…, double)`,
        child,
      );
    }
  }
  const refused = (side: Bound) =>
    ordered && !isNumeric(side.type) && !isText(side.type) && !isParameter(side);
  if (isComparable(left.type, right.type) && !refused(left) && !refused(right)) return;
  throw typeFault(`cannot compare ${describe(leftNode, left)} with ${describe(rightNode, right)}`, {
    start: leftNode.start,
    end: rightNode.end,
  });
}

/** A list to compare with has one type: what may be anything fits no other. */
function expectSettled(node: Expression, value: Bound, type: PropertyType): void {
  if (value.type !== 'object' || isOpen(type) || isParameter(value)) return;
  throw typeFault(
    `${describe(node, value)} may be anything, and is compared with ${printType(type)}: write cast(…)`,
    node,
  );
}

function bindBinary(node: Binary, left: Bound, right: Bound): Bound {
  const { operator } = node;
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      for (const [operand, child] of [
        [left, node.left],
        [right, node.right],
      ] as const) {
        if (isNumeric(operand.type) || isOpen(operand.type)) continue;
        const hint = operator === '+' && isText(operand.type) ? "; strings are joined with '||'" : '';
        throw typeFault(`'${operator}' needs numbers, but ${describe(child, operand)} is none${hint}`, child);
      }
      for (const [operand, child] of [
        [left, node.left],
        [right, node.right],
      ] as const) {
        if (!isOpen(operand.type)) continue;
        throw typeFault(
          `'${operator}' needs numbers, and ${describe(child, operand)} may be anything: write cast(…, double)`,
          child,
        );
      }
      const type = operator === '/' ? 'double' : arithmeticType(left.type, right.type);
      return { kind: 'arithmetic', type, operator, left, right };
    }
    case '||': {
      for (const [operand, child] of [
        [left, node.left],
        [right, node.right],
      ] as const) {
        if (isText(operand.type) || isParameter(operand)) continue;
        throw typeFault(
          `'||' needs strings, but ${describe(child, operand)} is none: write cast(…, string)`,
          child,
        );
      }
      const parts = (side: Bound) => (side.kind === 'concatenation' ? side.operands : [side]);
      return { kind: 'concatenation', type: 'string', operands: [...parts(left), ...parts(right)] };
    }
    case '&':
    case '|':
    case '^': {
      const integers = isInteger(left.type) && left.type === right.type;
      if (!integers && !(left.type === 'boolean' && right.type === 'boolean')) {
        throw typeFault(
          `the bitwise operator '${operator}' needs two integers of the same type or two booleans, but finds ` +
            `${describe(node.left, left)} and ${describe(node.right, right)}; it binds looser than '=', so write (a ${operator} b) = c`,
          node,
        );
      }
      const type = integers ? arithmeticType(left.type, right.type) : 'boolean';
      return { kind: 'bitwise', type, operator, left, right };
    }
    case 'is':
    case 'is not':
      expectComparable('=', node.left, left, node.right, right);
      return { kind: 'is', type: 'boolean', not: operator === 'is not', left, right };
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      expectComparable(operator, node.left, left, node.right, right);
      return { kind: 'comparison', type: 'boolean', operator, left, right };
    default:
      return operator satisfies never;
  }
}

function expectText(
  value: Bound,
  valueNode: Expression,
  pattern: Bound,
  patternNode: Expression,
  word: 'like' | 'regexp',
): void {
  if (!isText(value.type) && !isNumeric(value.type) && !isParameter(value)) {
    throw typeFault(
      `'${word}' needs a string or a number on its left, but ${describe(valueNode, value)} is neither`,
      valueNode,
    );
  }
  if (!isText(pattern.type) && !isParameter(pattern)) {
    throw typeFault(
      `'${word}' needs a string as its pattern, but ${describe(patternNode, pattern)} is none`,
      patternNode,
    );
  }
}

export function checkPattern(pattern: string, node: Span): void {
  try {
    regexpTest(pattern);
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    throw new Fault('EPL_VALUE', `the pattern of 'regexp' is wrong: ${error.message}`, node);
  }
}

/** What a constant text is cast to must fit it: it would fail with every event. */
function checkCast(operand: Bound, type: SimpleType, node: Cast): void {
  if (operand.kind !== 'constant' || typeof operand.value !== 'string') return;
  try {
    castStrictly(operand.value, operand.type, type);
  } catch {
    throw new Fault('EPL_VALUE', `cannot cast ${reprint(node.operand)}: it is no ${type}`, node);
  }
}

/** `cast(text, long, dateformat: 'yyyy-MM-dd')`. */
function bindDateCast(node: Cast, operand: Bound, type: PropertyType, timeZone: string | undefined): Bound {
  const [option] = node.options;
  const { value } = option;
  if (option.name.toLowerCase() !== 'dateformat')
    throw new Fault('EPL_VALUE', `cast has no option '${option.name}'`, option, 'dateformat');
  if (type !== 'long' || !isText(operand.type))
    throw notSupported("'dateformat:' for anything but a string that becomes a long", node);
  if (value.kind !== 'literal' || typeof value.value !== 'string' || dateReader(value.value) === undefined)
    throw new Fault('EPL_VALUE', "a date format is 'iso' or a string of y, M, d, H, m, s and S", value);
  const pattern: Bound = { kind: 'constant', type: 'string', value: value.value };
  const parsed: Bound = { kind: 'call', type: 'long', function: 'date.parse', arguments: [operand, pattern] };
  return timeZone === undefined ? parsed : { ...parsed, timeZone };
}

function escapeOf(node: Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'literal' && typeof node.value === 'string' && node.value.length === 1) return node.value;
  throw typeFault("'escape' needs a string of one character", node);
}

function bindCase(node: Case, bind: (child: Expression) => Bound): Bound {
  const operand = node.operand && bind(node.operand);
  const branches = node.branches.map((branch) => {
    const when = bind(branch.when);
    if (operand === undefined) expectBoolean(when, branch.when, "'when'");
    else {
      expectComparable('=', node.operand!, operand, branch.when, when);
      expectSettled(node.operand!, operand, when.type);
    }
    return { when, result: bind(branch.result) };
  });
  const otherwise = node.otherwise && bind(node.otherwise);
  const results = [...branches.map(({ result }) => result), ...(otherwise ? [otherwise] : [])];
  const type = commonType(results.map((result) => result.type));
  if (type === undefined) {
    const types = [...new Set(results.map((result) => printType(result.type)))].join(', ');
    throw typeFault(`the branches of 'case' give values that do not go together (${types})`, node);
  }
  if (type === 'null') throw typeFault("'case' needs a branch that is not null", node);
  return { kind: 'case', type, operand, branches, otherwise };
}
