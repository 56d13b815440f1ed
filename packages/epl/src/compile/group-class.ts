import { addLong, subtractLong, toDouble, wrapInt } from '../long.ts';
import type { AggregatePlan, SelectPlan } from '../plan/plan.ts';
import type { Aggregator } from '../runtime/aggregates/aggregator.ts';
import { createAggregator } from '../runtime/aggregates/create-aggregator.ts';
import { Extreme, ExtremeEver } from '../runtime/aggregates/extreme.ts';
import { ExtremeInOrder } from '../runtime/aggregates/extreme-in-order.ts';
import type { GroupEvidence } from '../runtime/evidence.ts';
import type { Stateful } from '../runtime/snapshot/state-stream.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Environment, Evaluator, GroupValues, Subject } from './evaluator.ts';
import { generate } from './generated-code.ts';
import { readInPlace } from './read-in-place.ts';

/** One group: its keys, its running aggregates, and how many events it holds, in the fields of one object. */
export interface Group extends GroupValues, Stateful {
  /** Events that entered and have not left. */
  size: number;
  /** The change in which the group was last touched: the mark of the builder, instead of a set a change. */
  touched: number;
  evidence: GroupEvidence | undefined;
  missingKeys: ReadonlySet<number>;
  enter(subject: Subject, environment: Environment): void;
  leave(subject: Subject, environment: Environment): void;
}

export type GroupClass = new (keys: readonly unknown[]) => Group;

const noKeys: ReadonlySet<number> = new Set();

/** The pieces of the class's text that one aggregate gives. */
interface Member {
  readonly fields: string;
  /** What an argument `x` does; only counts ignore it. */
  readonly enter: string;
  readonly leave: string;
  readonly value: string;
  /** What a snapshot keeps of it: `state` is what it is written to and read from. */
  readonly state: string;
}

/** A count of all events is the size of the group itself. */
const countAll: Member = { fields: '', enter: '', leave: '', value: 'this.size', state: '' };

/**
 * The class of a statement's groups, generated: counts, sums and averages are plain numbers in its fields,
 * other aggregates objects of their own, and one loop-free `enter` serves them all. The text is made of fixed words,
 * integers and JSON.stringify'd names only; expressions that are no plain property stay closures.
 * @param leaves whether events leave, `inOrder` in the order in which they came
 */
export function compileGroupClass(
  plan: Pick<SelectPlan, 'aggregates' | 'groupBy' | 'evidence'>,
  leaves: boolean,
  joined: boolean,
  inOrder = false,
): GroupClass {
  const evaluators: Evaluator[] = [];
  const closure = (evaluate: Evaluator): string => `e${evaluators.push(evaluate) - 1}(s, null, v)`;
  const creators: (() => Aggregator)[] = [];
  const extreme = leaves ? (inOrder ? 'ExtremeInOrder' : 'Extreme') : 'ExtremeEver';
  const members = plan.aggregates.map((aggregate, i) =>
    memberOf(aggregate, i, extreme, () => {
      creators.push(() => createAggregator(aggregate, leaves));
      return creators.length - 1;
    }),
  );
  const body = (step: 'enter' | 'leave') =>
    plan.aggregates
      .map(({ argument, filter, groupBy }, i) => {
        if (groupBy !== undefined) return `v.locals[${i}].${step}(s, v);`;
        const value =
          argument === undefined
            ? ''
            : `const x = ${readInPlace(argument, joined) ?? closure(compileExpression(argument, joined))}; `;
        const test =
          filter === undefined ? '' : `if (${closure(compileCondition(filter, joined))} === true) `;
        return `${test}{ ${value}${members[i][step]} }`;
      })
      .join('\n');
  const keys = plan.groupBy.map((_, i) => `this.k${i} = keys[${i}];`).join(' ');
  const evidence = (step: 'enter' | 'leave') =>
    plan.evidence > 0 ? `if (this.evidence !== undefined) this.evidence.${step}(s);` : '';
  // Before the text: the bodies name the closures that it begins with.
  const [enter, leave] = [body('enter'), body('leave')];
  const text = `"use strict";
${evaluators.map((_, i) => `const e${i} = e[${i}];`).join(' ')}
class Group {
  constructor(keys) {
    this.size = 0; this.touched = -1; ${keys} ${members.map(({ fields }) => fields).join(' ')}
  }
  enter(s, v) { this.size++;
    ${enter}
    ${evidence('enter')}
  }
  leave(s, v) { this.size--;
    ${leave}
    ${evidence('leave')}
  }
  key(i) { switch (i) { ${plan.groupBy.map((_, i) => `case ${i}: return this.k${i};`).join(' ')} } }
  saveOrLoad(state) {
    this.size = state.number(this.size);
    ${members.map(({ state }) => state).join(' ')}
    ${plan.evidence > 0 ? 'if (this.evidence !== undefined) this.evidence.saveOrLoad(state);' : ''}
  }
  aggregate(i) { switch (i) { ${members.map(({ value }, i) => `case ${i}: return ${value};`).join(' ')} } }
}
// What few groups have of their own stands in the prototype: there may be a great many groups.
Object.assign(Group.prototype, { evidence: undefined, missingKeys: noKeys });
return Group;`;
  return generate(
    text,
    { addLong, subtractLong, toDouble, wrapInt, Extreme, ExtremeEver, ExtremeInOrder, noKeys },
    { e: evaluators, create: creators },
  );
}

function memberOf(plan: AggregatePlan, i: number, extreme: string, creator: () => number): Member {
  // An aggregate with groups of its own lives beside the statement's groups.
  if (plan.groupBy !== undefined) return { fields: '', enter: '', leave: '', value: 'null', state: '' };
  const [sum, count] = [`this.a${i}`, `this.n${i}`];
  const name = plan.distinct ? 'distinct' : plan.function;
  if (name === 'count') {
    if (plan.argument === undefined && plan.filter === undefined) return countAll;
    const test = plan.argument === undefined ? '' : 'if (x !== null) ';
    return {
      fields: `${sum} = 0;`,
      enter: `${test}${sum}++;`,
      leave: `${test}${sum}--;`,
      value: sum,
      state: kept(sum),
    };
  }
  if (name === 'sum' && plan.type === 'int') {
    // Wraps, unless a value wider than its declared int is among them: such values are data and their sum is exact.
    const wide = `this.w${i}`;
    const test = "typeof x !== 'number' || x !== (x | 0)";
    return {
      fields: `${sum} = 0; ${count} = 0; ${wide} = 0;`,
      enter: `if (x !== null) { if (${test}) ${wide}++; ${sum} = addLong(${sum}, x); ${count}++; }`,
      leave: `if (x !== null) { if (${test}) ${wide}--; if (--${count} > 0) ${sum} = subtractLong(${sum}, x); else ${sum} = ${count} = ${wide} = 0; }`,
      value: `${count} === 0 ? null : ${wide} > 0 ? ${sum} : wrapInt(0, 0, ${sum})`,
      state: kept(sum, count, wide),
    };
  }
  if (name === 'sum' && plan.type === 'long') {
    return {
      fields: `${sum} = 0; ${count} = 0;`,
      enter: `if (x !== null) { ${sum} = addLong(${sum}, x); ${count}++; }`,
      leave: `if (x !== null) { if (--${count} > 0) ${sum} = subtractLong(${sum}, x); else ${sum} = ${count} = 0; }`,
      value: `${count} === 0 ? null : ${sum}`,
      state: kept(sum, count),
    };
  }
  if (name === 'avg' && plan.argument!.type === 'int') {
    // The sum wraps at 32 bits as that of `sum` does; up to 2^53 a double holds it exactly.
    const wide = `this.w${i}`;
    const test = "typeof x !== 'number' || x !== (x | 0)";
    const number = "typeof x === 'number' ? x : toDouble(x)";
    return {
      fields: `${sum} = 0; ${count} = 0; ${wide} = 0;`,
      enter: `if (x !== null) { if (${test}) ${wide}++; ${sum} += ${number}; ${count}++; }`,
      leave: `if (x !== null) { if (${test}) ${wide}--; if (--${count} > 0) ${sum} -= ${number}; else ${sum} = ${count} = ${wide} = 0; }`,
      value: `${count} === 0 ? null : (${wide} > 0 ? ${sum} : ${sum} | 0) / ${count}`,
      state: kept(sum, count, wide),
    };
  }
  if (name === 'avg' || (name === 'sum' && (plan.type === 'double' || plan.type === 'float'))) {
    return {
      fields: `${sum} = 0; ${count} = 0;`,
      enter: `if (x !== null) { ${sum} += typeof x === 'number' ? x : toDouble(x); ${count}++; }`,
      // Starting afresh with the first value also takes away what rounding has left.
      leave: `if (x !== null) { if (--${count} > 0) ${sum} -= typeof x === 'number' ? x : toDouble(x); else ${sum} = ${count} = 0; }`,
      value: `${count} === 0 ? null : ${sum}${name === 'avg' ? ` / ${count}` : ''}`,
      state: kept(sum, count),
    };
  }
  if (name === 'min' || name === 'max') {
    return {
      fields: `${sum} = new ${extreme}(${name === 'max'});`,
      enter: `${sum}.enter(x);`,
      leave: `${sum}.leave(x);`,
      value: `${sum}.value()`,
      state: `${sum}.saveOrLoad(state);`,
    };
  }
  const argument = plan.argument === undefined ? 's' : 'x';
  return {
    fields: `${sum} = create[${creator()}]();`,
    enter: `${sum}.enter(${argument});`,
    leave: `${sum}.leave(${argument});`,
    value: `${sum}.value()`,
    state: `${sum}.saveOrLoad(state);`,
  };
}

/** The statements that write fields into a snapshot, or read them from it. */
const kept = (...fields: readonly string[]): string =>
  fields.map((field) => `${field} = state.value(${field});`).join(' ');
