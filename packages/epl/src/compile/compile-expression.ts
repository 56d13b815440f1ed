import { numberText } from '../number-text.ts';
import type { Bound } from '../plan/expression.ts';
import { isAbsent } from '../runtime/absent-event.ts';
import { type EventType, typeOfEvent } from '../runtime/event-type.ts';
import type { PropertyType, SimpleType } from '../runtime/property-type.ts';
import type { Table } from '../runtime/table/table.ts';
import { arithmetic, bitwise, negation } from './arithmetic.ts';
import { castStrictly, castToText } from './cast.ts';
import { comparison, equal, inList, is, quantified, range } from './comparison.ts';
import { enumeration } from './enumeration.ts';
import type { Condition, Evaluator, Subject } from './evaluator.ts';
import { previous, prior } from './history.ts';
import { isInstance, valueType } from './instance-of.ts';
import type { LambdaFrame } from './lambda-frame.ts';
import { libraryFunction } from './library.ts';
import { likeTest } from './like.ts';
import { and, not, or } from './logic.ts';
import { regexpTest } from './regexp.ts';
import { subqueryExpression } from './subquery-program.ts';
import { tableAccess, tableRowCopy } from './table-access.ts';
import { typeName } from './type-name.ts';

/**
 * The function of a bound expression, put together from factories. `joined` tells whether the subject is a tuple of
 * events instead of one event.
 */
export function compileExpression(node: Bound, joined: boolean): Evaluator {
  const compile = (child: Bound) => compileExpression(child, joined);
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'property': {
      const { name, stream } = node;
      if (!joined) return (subject) => subject[name];
      return (subject) => (subject as unknown as readonly Subject[])[stream][name];
    }
    case 'event': {
      const { stream } = node;
      if (node.live) return tableRowCopy(node.type, stream, joined);
      if (!joined) return (subject) => subject;
      return (subject) => {
        const event = (subject as unknown as readonly Subject[])[stream];
        return isAbsent(event) ? null : event;
      };
    }
    case 'member': {
      const { name } = node;
      const base = compile(node.base);
      return (subject, group, environment) => {
        const owner = base(subject, group, environment);
        if (owner === null || typeof owner !== 'object' || !Object.hasOwn(owner, name)) return null;
        return (owner as Subject)[name] ?? null;
      };
    }
    case 'element': {
      const base = compile(node.base);
      const index = compile(node.index);
      return (subject, group, environment) => {
        const array = base(subject, group, environment);
        const at = index(subject, group, environment);
        return Array.isArray(array) && typeof at === 'number' ? (array[at] ?? null) : null;
      };
    }
    case 'arithmetic':
      return arithmetic(node, compile(node.left), compile(node.right));
    case 'bitwise':
      return bitwise(node, compile(node.left), compile(node.right));
    case 'negation':
      return negation(node, compile(node.operand));
    case 'concatenation':
      return concatenation(node.operands.map(compile));
    case 'not':
      return not(compile(node.operand));
    case 'and':
      return and(node.operands.map(compile));
    case 'or':
      return or(node.operands.map(compile));
    case 'comparison':
      return comparison(
        node.operator,
        node.left,
        node.right,
        compile(node.left),
        compile(node.right),
        joined,
      );
    case 'is':
      return is(node, compile(node.left), compile(node.right));
    case 'quantified':
      return quantified(node, compile(node.left), node.list.map(compile));
    case 'range':
      return range(node, compile(node.value), compile(node.low), compile(node.high));
    case 'in-list':
      return inList(node, compile(node.value), node.list.map(compile));
    case 'like':
      return like(compile(node.value), compile(node.pattern), node.pattern, node.escape, node.not);
    case 'regexp':
      return regexp(compile(node.value), compile(node.pattern), node.pattern, node.not);
    case 'instanceof': {
      const operand = compile(node.operand);
      const { types } = node;
      const { type } = node.operand;
      return (subject, group, environment) => isInstance(operand(subject, group, environment), type, types);
    }
    case 'has-property': {
      const base = compile(node.base);
      const { name } = node;
      return (subject, group, environment) => {
        const owner = base(subject, group, environment);
        return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, name);
      };
    }
    case 'struct': {
      const columns = node.columns.map(({ name, value }) => ({ name, evaluate: compile(value) }));
      return (subject, group, environment) =>
        Object.fromEntries(
          columns.map(({ name, evaluate }) => [name, evaluate(subject, group, environment)]),
        );
    }
    case 'user-call': {
      const { call } = node.definition;
      const args = node.arguments.map(compile);
      return (subject, group, environment) =>
        call(...(args.map((argument) => argument(subject, group, environment)) as never[])) ?? null;
    }
    case 'previous':
      return previous(node, compile(node.index), compileExpression(node.value, false), joined);
    case 'prior':
      return prior(node, compileExpression(node.value, false), joined);
    case 'local-aggregate': {
      const { index } = node;
      const keys = node.keys.map(compile);
      return (subject, group, environment) =>
        environment.locals![index].value(keys.map((key) => key(subject, group, environment)));
    }
    case 'grouping': {
      const { keys } = node;
      return (_subject, group) =>
        keys.reduce((bits, key) => bits * 2 + (group!.missingKeys.has(key) ? 1 : 0), 0);
    }
    case 'case': {
      const branches = node.branches.map(({ when, result }) => ({
        when: compile(when),
        result: compile(result),
      }));
      const operand = node.operand && compile(node.operand);
      return caseOf(operand, branches, node.otherwise && compile(node.otherwise));
    }
    case 'array': {
      const elements = node.elements.map(compile);
      return (subject, group, environment) => elements.map((element) => element(subject, group, environment));
    }
    case 'cast': {
      const operand = compile(node.operand);
      const type = node.type as SimpleType;
      const { type: from } = node.operand;
      if (type === 'string' && (from === 'double' || from === 'float')) return textOfNumber(operand, from);
      return (subject, group, environment) => {
        const value = operand(subject, group, environment);
        return value === null ? null : castStrictly(value, from, type);
      };
    }
    case 'typeof':
      return typeOf(compile(node.operand), node.operand.type);
    case 'call': {
      const call = libraryFunction(node.function, node.timeZone);
      const args = node.arguments.map(compile);
      return (subject, group, environment) =>
        call(...args.map((argument) => argument(subject, group, environment)));
    }
    case 'enumeration':
      return enumeration(
        node,
        compile(node.base),
        node.arguments.map(compile),
        node.lambdas.map(({ body }) => compile(body)),
      );
    case 'parameter': {
      const { level, index } = node;
      return (_subject, _group, environment) => (environment as LambdaFrame).parameter(level, index);
    }
    case 'now':
      return (_subject, _group, environment) => environment.nowMs;
    case 'variable': {
      const { name } = node;
      return (_subject, _group, environment) => environment.variables!.get(name) ?? null;
    }
    case 'context': {
      const { slot } = node;
      if (slot === 'id') return (_subject, _group, environment) => environment.partition!.id;
      return (_subject, _group, environment) => environment.partition!.values[slot] ?? null;
    }
    case 'is-new':
      return (_subject, _group, environment) => environment.isNew;
    case 'table-access':
      return tableAccess(node, node.keys.map(compile));
    case 'table-keys': {
      const { table } = node;
      return (_subject, _group, environment) => (environment.stores!.get(table) as Table).keyList();
    }
    case 'subquery':
      return subqueryExpression(node, node.outer.map(compile), node.left && compile(node.left));
    case 'aggregate': {
      const { index } = node;
      return (_subject, group) => group!.aggregate(index);
    }
    case 'group-key': {
      const { index } = node;
      return (_subject, group) => group!.key(index);
    }
    default:
      return node satisfies never;
  }
}

/** A bound expression that is true, false or null. */
export const compileCondition = (node: Bound, joined: boolean): Condition =>
  compileExpression(node, joined) as Condition;

function concatenation(operands: readonly Evaluator[]): Evaluator {
  return (subject, group, environment) => {
    let text = '';
    for (const operand of operands) {
      const value = operand(subject, group, environment);
      if (value === null) return null;
      text += castToText(value);
    }
    return text;
  };
}

function like(
  value: Evaluator,
  pattern: Evaluator,
  node: Bound,
  escapeChar: string | undefined,
  negated: boolean,
): Condition {
  const fixed =
    node.kind === 'constant' && typeof node.value === 'string' ? likeTest(node.value, escapeChar) : undefined;
  return (subject, group, environment) => {
    const text = value(subject, group, environment);
    if (text === null) return null;
    if (fixed !== undefined) return fixed(castToText(text)) !== negated;
    const written = pattern(subject, group, environment);
    return written === null ? null : likeTest(castToText(written), escapeChar)(castToText(text)) !== negated;
  };
}

function regexp(value: Evaluator, pattern: Evaluator, node: Bound, negated: boolean): Condition {
  const constant = node.kind === 'constant' && typeof node.value === 'string';
  let known = constant ? String(node.value) : undefined;
  let test = known === undefined ? undefined : regexpTest(known);
  return (subject, group, environment) => {
    const text = value(subject, group, environment);
    if (text === null) return null;
    if (!constant) {
      const written = pattern(subject, group, environment);
      if (written === null) return null;
      // The last pattern is remembered: patterns from events mostly repeat.
      if (written !== known || test === undefined) {
        known = castToText(written);
        test = regexpTest(known);
      }
    }
    return test!(castToText(text)) !== negated;
  };
}

function caseOf(
  operand: Evaluator | undefined,
  branches: readonly { readonly when: Evaluator; readonly result: Evaluator }[],
  otherwise: Evaluator | undefined,
): Evaluator {
  return (subject, group, environment) => {
    const wanted = operand === undefined ? true : operand(subject, group, environment);
    for (const { when, result } of branches) {
      const found = when(subject, group, environment);
      // The simple form matches null against null.
      const matches =
        operand === undefined
          ? found === true
          : found === null || wanted === null
            ? found === wanted
            : equal(found, wanted);
      if (matches) return result(subject, group, environment);
    }
    return otherwise === undefined ? null : otherwise(subject, group, environment);
  };
}

function typeOf(operand: Evaluator, type: PropertyType): Evaluator {
  const name = typeName(type);
  if (typeof type !== 'string' && type.kind === 'event') return typeOfEvents(operand, type.type);
  if (type === 'object')
    return (subject, group, environment) => {
      const value = operand(subject, group, environment);
      return value === null ? null : typeName(valueType(value));
    };
  return (subject, group, environment) => (operand(subject, group, environment) === null ? null : name);
}

function textOfNumber(operand: Evaluator, type: 'double' | 'float'): Evaluator {
  return (subject, group, environment) => {
    const value = operand(subject, group, environment);
    return value === null ? null : numberText(Number(value), type === 'float');
  };
}

/** An event of a variant stream, or of a subtype, is of its own type. */
function typeOfEvents(operand: Evaluator, declared: EventType): Evaluator {
  return (subject, group, environment) => {
    const event = operand(subject, group, environment);
    if (typeof event !== 'object' || event === null) return null;
    const actual = typeOfEvent(event);
    const own = declared.variants !== undefined || actual?.supertypes.includes(declared) === true;
    return own && actual !== undefined ? actual.name : declared.name;
  };
}
