import {
  addLong,
  bigArithmetic,
  bitwiseLong,
  type Long,
  multiplyLong,
  remainderLong,
  subtractLong,
  toDouble,
  wrapInt,
} from '../long.ts';
import type { BoundArithmetic, BoundBitwise, BoundNegation } from '../plan/expression.ts';
import type { Evaluator } from './evaluator.ts';

type Operation = (a: Long, b: Long) => unknown;

/** int: 32 bits with silent wrapping. The fast path never leaves 31-bit integers. */
const intOperations: Readonly<Record<'+' | '-' | '*' | '%', Operation>> = {
  '+': (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') {
      const sum = (a + b) | 0;
      if (sum === a + b) return sum;
    }
    return wrapInt(a, b, addLong(a, b));
  },
  '-': (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') {
      const difference = (a - b) | 0;
      if (difference === a - b) return difference;
    }
    return wrapInt(a, b, subtractLong(a, b));
  },
  '*': (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') {
      const product = (a * b) | 0;
      if (product === a * b) return product;
    }
    return wrapInt(a, b, multiplyLong(a, b));
  },
  '%': remainderLong,
};

const longOperations: Readonly<Record<'+' | '-' | '*' | '%', Operation>> = {
  '+': addLong,
  '-': subtractLong,
  '*': multiplyLong,
  '%': remainderLong,
};

const doubleOperations: Readonly<Record<'+' | '-' | '*' | '/' | '%', Operation>> = {
  '+': (a, b) => toDouble(a) + toDouble(b),
  '-': (a, b) => toDouble(a) - toDouble(b),
  '*': (a, b) => toDouble(a) * toDouble(b),
  '/': (a, b) => toDouble(a) / toDouble(b),
  '%': (a, b) => toDouble(a) % toDouble(b),
};

/** Null if either side is null. Division is always of doubles. */
export function arithmetic(node: BoundArithmetic, left: Evaluator, right: Evaluator): Evaluator {
  const { operator } = node;
  let operation: Operation;
  if (operator === '/') operation = doubleOperations['/'];
  else if (node.type === 'int') operation = intOperations[operator];
  else if (node.type === 'long') operation = longOperations[operator];
  else if (node.type === 'bigint') operation = (a, b) => bigArithmetic(operator, a, b);
  else operation = doubleOperations[operator];
  if (node.type === 'float') {
    const exact = operation;
    operation = (a, b) => Math.fround(exact(a, b) as number);
  }
  return (subject, group, environment) => {
    const a = left(subject, group, environment) as Long | null;
    if (a === null) return null;
    const b = right(subject, group, environment) as Long | null;
    return b === null ? null : operation(a, b);
  };
}

export function negation(node: BoundNegation, operand: Evaluator): Evaluator {
  const integer = node.type === 'int' || node.type === 'long';
  const subtract = node.type === 'int' ? intOperations['-'] : subtractLong;
  return (subject, group, environment) => {
    const value = operand(subject, group, environment) as Long | null;
    if (value === null) return null;
    if (node.type === 'bigint') return bigArithmetic('-', 0, value);
    return integer ? subtract(0, value) : -toDouble(value);
  };
}

export function bitwise(node: BoundBitwise, left: Evaluator, right: Evaluator): Evaluator {
  const { operator } = node;
  const int = node.type === 'int';
  const operation = (a: unknown, b: unknown): unknown => {
    if (typeof a === 'boolean' && typeof b === 'boolean') {
      if (operator === '&') return a && b;
      return operator === '|' ? a || b : a !== b;
    }
    if (int && typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) {
      if (operator === '&') return a & b;
      return operator === '|' ? a | b : a ^ b;
    }
    return bitwiseLong(operator, a as Long, b as Long);
  };
  return (subject, group, environment) => {
    const a = left(subject, group, environment);
    if (a === null) return null;
    const b = right(subject, group, environment);
    return b === null ? null : operation(a, b);
  };
}
