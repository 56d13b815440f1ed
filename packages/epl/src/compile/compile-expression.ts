import type { Bound } from '../plan/expression.ts';
import { isAbsent } from '../runtime/absent-event.ts';
import type { PropertyType, SimpleType } from '../runtime/property-type.ts';
import { arithmetic, bitwise, negation } from './arithmetic.ts';
import { castToText, castValue } from './cast.ts';
import { comparison, equal, inList, is, quantified, range } from './comparison.ts';
import type { Condition, Evaluator, Subject } from './evaluator.ts';
import { libraryFunction } from './library.ts';
import { likeTest } from './like.ts';
import { and, not, or } from './logic.ts';
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
      return (subject, group, environment) => {
        const value = operand(subject, group, environment);
        return value === null ? null : castValue(value, type);
      };
    }
    case 'typeof':
      return typeOf(compile(node.operand), node.operand.type);
    case 'call': {
      const call = libraryFunction(node.function);
      const args = node.arguments.map(compile);
      return (subject, group, environment) =>
        call(...args.map((argument) => argument(subject, group, environment)));
    }
    case 'now':
      return (_subject, _group, environment) => environment.nowMs;
    case 'is-new':
      return (_subject, _group, environment) => environment.isNew;
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
  return (subject, group, environment) => (operand(subject, group, environment) === null ? null : name);
}
