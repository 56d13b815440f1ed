import type { Bound } from '../plan/expression.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, Subject } from './evaluator.ts';
import { generate } from './generated-code.ts';
import { readInPlace } from './read-in-place.ts';

/** Takes the parts of a key, one after the other. */
export interface KeyTaker {
  part(i: number, value: unknown): void;
}

/** Hands the keys of a single event to the taker. False where one of them is null: then it has taken only some. */
export type KeyReader = (event: Subject, environment: Environment, taker: KeyTaker) => boolean;

/**
 * Generated: plain properties are read in place, everything else through its closure.
 * @param takesNull null is a part like any other
 */
export function compileKeyReader(keys: readonly Bound[], takesNull = false): KeyReader {
  const evaluators: Evaluator[] = [];
  const lines = keys.map((key, i) => {
    const value =
      readInPlace(key, false) ?? `e[${evaluators.push(compileExpression(key, false)) - 1}](s, null, v)`;
    const test = takesNull ? '' : `if (a${i} === null) return false; `;
    return `const a${i} = ${value}; ${test}t.part(${i}, a${i});`;
  });
  return generate(
    `"use strict"; return (s, v, t) => { ${lines.join(' ')} return true; };`,
    {},
    { e: evaluators },
  );
}
