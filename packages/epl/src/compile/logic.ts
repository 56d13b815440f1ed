import type { Condition, Evaluator } from './evaluator.ts';

/** False decides, then null. Operands are evaluated in order up to the first false. */
export function and(operands: readonly Evaluator[]): Condition {
  const [first, second] = operands;
  if (operands.length === 2) {
    return (subject, group, environment) => {
      const a = first(subject, group, environment);
      if (a === false) return false;
      const b = second(subject, group, environment);
      if (b === false) return false;
      return a === null || b === null ? null : true;
    };
  }
  return (subject, group, environment) => {
    let result: boolean | null = true;
    for (const operand of operands) {
      const value = operand(subject, group, environment);
      if (value === false) return false;
      if (value === null) result = null;
    }
    return result;
  };
}

/** True decides, then null. */
export function or(operands: readonly Evaluator[]): Condition {
  return (subject, group, environment) => {
    let result: boolean | null = false;
    for (const operand of operands) {
      const value = operand(subject, group, environment);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  };
}

export function not(operand: Evaluator): Condition {
  return (subject, group, environment) => {
    const value = operand(subject, group, environment);
    return value === null ? null : !value;
  };
}
