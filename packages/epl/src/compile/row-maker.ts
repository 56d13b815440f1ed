import type { ColumnPlan, SelectPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { Row } from '../runtime/statement.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, GroupValues, Subject } from './evaluator.ts';
import { generate } from './generated-code.ts';
import { readInPlace } from './read-in-place.ts';

export type RowMaker = (subject: Subject, group: GroupValues | null, environment: Environment) => Row;

/** Of a select. Evidence is attached to the row, so with evidence even a whole event becomes a row of its own. */
export const compileSelectRows = ({ result, evidence, rowType, join }: SelectPlan): RowMaker =>
  result.wholeEvent && evidence === 0
    ? (subject) => subject
    : compileRowMaker(result.columns, rowType, join !== undefined);

/**
 * One generated function that makes a row: a new instance of the row type, filled column by column. Plain properties,
 * keys and aggregates are read in place, everything else through its closure. The text is made of fixed words,
 * integers and JSON.stringify'd names only.
 */
export function compileRowMaker(columns: readonly ColumnPlan[], type: EventType, joined: boolean): RowMaker {
  const evaluators: Evaluator[] = [];
  const lines = columns.map(({ name, value }) => {
    let source = readInPlace(value, joined);
    if (source === undefined) source = `e${evaluators.push(compileExpression(value, joined)) - 1}(s, g, v)`;
    return `r[${JSON.stringify(name)}] = ${source};`;
  });
  const locals = evaluators.map((_, i) => `const e${i} = e[${i}];`).join(' ');
  const body = `"use strict"; ${locals} return (s, g, v) => { const r = new T(); ${lines.join(' ')} return r; };`;
  return generate(body, { T: type.Instance }, { e: evaluators });
}
