import { EplError } from '../errors.ts';
import type { Bound } from '../plan/expression.ts';
import type { ColumnPlan, SelectPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { Row } from '../runtime/statement.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, GroupValues, Subject } from './evaluator.ts';
import { generate } from './generated-code.ts';
import { readInPlace } from './read-in-place.ts';

export type RowMaker = (subject: Subject, group: GroupValues | null, environment: Environment) => Row;

/** Of a select. Evidence is attached to the row, so with evidence even a whole event becomes a row of its own. */
export function compileSelectRows({ result, evidence, rowType, join }: SelectPlan): RowMaker {
  const joined = join !== undefined;
  if (result.from !== undefined) return compileTransposed(result.from, rowType, joined);
  if (result.wholeEvent && evidence === 0) return (subject) => subject;
  return compileRowMaker(result.columns, rowType, joined);
}

/** The value as an event of the type: of what it has, the properties that the type has, null for what is missing. */
function compileTransposed(from: Bound, type: EventType, joined: boolean): RowMaker {
  const value = compileExpression(from, joined);
  const names = type.properties.map(({ name }) => name);
  return (subject, group, environment) => {
    const given = value(subject, group, environment);
    if (typeof given !== 'object' || given === null)
      throw new EplError(
        'EPL_EVALUATION',
        `transpose was given ${given === null ? 'nothing' : `a ${typeof given}`} for an event of '${type.name}'`,
      );
    const row = new type.Instance() as Record<string, unknown>;
    for (const name of names)
      row[name] = Object.hasOwn(given, name) ? ((given as Subject)[name] ?? null) : null;
    return row;
  };
}

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
