import type { PropertyType } from '../runtime/property-type.ts';
import type { FunctionDefinition } from '../user-definitions.ts';
import type { EnumerationMethod } from './enumeration-method.ts';
import type { Comparison, StreamReference } from './plan.ts';
import type { SortedMethod } from './sorted-method.ts';
import type { SubqueryQuestion } from './subquery-plan.ts';

/** Expressions with every name bound and every type known: plain data. */
export type Bound =
  | BoundConstant
  | BoundProperty
  | BoundMember
  | BoundElement
  | BoundEvent
  | BoundArithmetic
  | BoundBitwise
  | BoundConcatenation
  | BoundNegation
  | BoundNot
  | BoundConnective
  | BoundComparison
  | BoundIs
  | BoundQuantified
  | BoundRange
  | BoundInList
  | BoundLike
  | BoundRegexp
  | BoundInstanceOf
  | BoundHasProperty
  | BoundStruct
  | BoundUserCall
  | BoundPrevious
  | BoundPrior
  | BoundCase
  | BoundArray
  | BoundCast
  | BoundTypeOf
  | BoundCall
  | BoundNow
  | BoundVariable
  | BoundContext
  | BoundIsNew
  | BoundAggregate
  | BoundLocalAggregate
  | BoundGroupKey
  | BoundGrouping
  | BoundSubquery
  | BoundTableAccess
  | BoundTableKeys
  | BoundParameter
  | BoundEnumeration;

/** Asks a subquery of the statement. */
export interface BoundSubquery {
  readonly kind: 'subquery';
  readonly type: PropertyType;
  /** In the statement's list of subqueries. */
  readonly index: number;
  readonly question: SubqueryQuestion;
  /** What is compared with its rows, if anything. */
  readonly left: Bound | undefined;
  /** The values of its parameters. */
  readonly outer: readonly Bound[];
}

/** A column of the row of a table that has those keys, or the row itself. */
export interface BoundTableAccess {
  readonly kind: 'table-access';
  readonly type: PropertyType;
  readonly table: string;
  readonly keys: readonly Bound[];
  readonly column: string | undefined;
}

/** `T.keys()`. */
export interface BoundTableKeys {
  readonly kind: 'table-keys';
  readonly type: PropertyType;
  readonly table: string;
}

export interface BoundConstant {
  readonly kind: 'constant';
  readonly type: PropertyType;
  readonly value: unknown;
}

/** A field of an event of a stream. */
export interface BoundProperty {
  readonly kind: 'property';
  readonly type: PropertyType;
  readonly stream: StreamReference;
  readonly name: string;
  /** Of an aggregation column of a table: the value changes while the row stands. */
  readonly live?: true;
}

/** A field of a nested event or the value of a map's key. */
export interface BoundMember {
  readonly kind: 'member';
  readonly type: PropertyType;
  readonly base: Bound;
  readonly name: string;
}

export interface BoundElement {
  readonly kind: 'element';
  readonly type: PropertyType;
  readonly base: Bound;
  readonly index: Bound;
}

/** The whole event of a stream. */
export interface BoundEvent {
  readonly kind: 'event';
  readonly type: PropertyType;
  readonly stream: StreamReference;
  /** Of a row of a table, which changes while it stands: the value is a copy. */
  readonly live?: true;
}

export interface BoundArithmetic {
  readonly kind: 'arithmetic';
  readonly type: PropertyType;
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: Bound;
  readonly right: Bound;
}

export interface BoundBitwise {
  readonly kind: 'bitwise';
  readonly type: PropertyType;
  readonly operator: '&' | '|' | '^';
  readonly left: Bound;
  readonly right: Bound;
}

export interface BoundConcatenation {
  readonly kind: 'concatenation';
  readonly type: 'string';
  readonly operands: readonly Bound[];
}

export interface BoundNegation {
  readonly kind: 'negation';
  readonly type: PropertyType;
  readonly operand: Bound;
}

export interface BoundNot {
  readonly kind: 'not';
  readonly type: 'boolean';
  readonly operand: Bound;
}

export interface BoundConnective {
  readonly kind: 'and' | 'or';
  readonly type: 'boolean';
  readonly operands: readonly Bound[];
}

export interface BoundComparison {
  readonly kind: 'comparison';
  readonly type: 'boolean';
  readonly operator: Comparison;
  readonly left: Bound;
  readonly right: Bound;
}

/** Null-safe equality. */
export interface BoundIs {
  readonly kind: 'is';
  readonly type: 'boolean';
  readonly not: boolean;
  readonly left: Bound;
  readonly right: Bound;
}

export interface BoundQuantified {
  readonly kind: 'quantified';
  readonly type: 'boolean';
  readonly operator: Comparison;
  readonly quantifier: 'any' | 'all';
  readonly left: Bound;
  readonly list: readonly Bound[];
}

/** `between` and `in [low:high]`: bounds may be swapped, null gives false, also negated. */
export interface BoundRange {
  readonly kind: 'range';
  readonly type: 'boolean';
  readonly not: boolean;
  readonly value: Bound;
  readonly low: Bound;
  readonly high: Bound;
  readonly lowIncluded: boolean;
  readonly highIncluded: boolean;
}

export interface BoundInList {
  readonly kind: 'in-list';
  readonly type: 'boolean';
  readonly not: boolean;
  readonly value: Bound;
  readonly list: readonly Bound[];
}

export interface BoundLike {
  readonly kind: 'like';
  readonly type: 'boolean';
  readonly not: boolean;
  readonly value: Bound;
  readonly pattern: Bound;
  readonly escape: string | undefined;
}

/** The whole text must fit. */
export interface BoundRegexp {
  readonly kind: 'regexp';
  readonly type: 'boolean';
  readonly not: boolean;
  readonly value: Bound;
  readonly pattern: Bound;
}

/** By what the value is when it runs; null is of no type. */
export interface BoundInstanceOf {
  readonly kind: 'instanceof';
  readonly type: 'boolean';
  readonly operand: Bound;
  readonly types: readonly PropertyType[];
}

/** Whether the event or map has a property of that name, null or not. */
export interface BoundHasProperty {
  readonly kind: 'has-property';
  readonly type: 'boolean';
  readonly base: Bound;
  readonly name: string;
}

/** `new { … }`. */
export interface BoundStruct {
  readonly kind: 'struct';
  readonly type: PropertyType;
  readonly columns: readonly { readonly name: string; readonly value: Bound }[];
}

/** A function that the program registered. */
export interface BoundUserCall {
  readonly kind: 'user-call';
  readonly type: PropertyType;
  readonly definition: FunctionDefinition;
  readonly arguments: readonly Bound[];
}

/** `prev` and its family: other events of the data window. The value is that of the other event. */
export interface BoundPrevious {
  readonly kind: 'previous';
  readonly type: PropertyType;
  readonly function: 'prev' | 'prevtail' | 'prevcount' | 'prevwindow';
  readonly stream: StreamReference;
  /** Of `prev` and `prevtail`: 0 is the event itself, or the oldest. */
  readonly index: Bound;
  readonly value: Bound;
}

/** `prior`: an event that came before, whatever the window. The value is that of the other event. */
export interface BoundPrior {
  readonly kind: 'prior';
  readonly type: PropertyType;
  readonly stream: StreamReference;
  readonly offset: number;
  readonly value: Bound;
}

export interface BoundCase {
  readonly kind: 'case';
  readonly type: PropertyType;
  readonly operand: Bound | undefined;
  readonly branches: readonly { readonly when: Bound; readonly result: Bound }[];
  readonly otherwise: Bound | undefined;
}

export interface BoundArray {
  readonly kind: 'array';
  readonly type: PropertyType;
  readonly elements: readonly Bound[];
}

export interface BoundCast {
  readonly kind: 'cast';
  readonly type: PropertyType;
  readonly operand: Bound;
}

export interface BoundTypeOf {
  readonly kind: 'typeof';
  readonly type: 'string';
  readonly operand: Bound;
}

/** A function of the library, on values. */
export interface BoundCall {
  readonly kind: 'call';
  readonly type: PropertyType;
  readonly function: string;
  readonly arguments: readonly Bound[];
  /** Of what reads the calendar: its time zone, where that is not UTC. */
  readonly timeZone?: string;
}

/** `current_timestamp`. */
export interface BoundNow {
  readonly kind: 'now';
  readonly type: 'long';
}

/** The value that a variable has when the expression is evaluated. */
export interface BoundVariable {
  readonly kind: 'variable';
  readonly type: PropertyType;
  readonly name: string;
  /** What it starts with: sizes and times that are fixed at deployment take this. */
  readonly initial: unknown;
}

/** A property of the context partition that the statement runs in: `context.key1`. */
export interface BoundContext {
  readonly kind: 'context';
  readonly type: PropertyType;
  /** The number of the partition, or a place in its values. */
  readonly slot: 'id' | number;
  readonly text: string;
}

/** `istream()`. */
export interface BoundIsNew {
  readonly kind: 'is-new';
  readonly type: 'boolean';
}

/** The value of an aggregate of the statement, by its place in the plan's list. */
export interface BoundAggregate {
  readonly kind: 'aggregate';
  readonly type: PropertyType;
  readonly index: number;
}

/** The value of an aggregate with groups of its own (`group_by:`), by its place in the plan's list. */
export interface BoundLocalAggregate {
  readonly kind: 'local-aggregate';
  readonly type: PropertyType;
  readonly index: number;
  readonly keys: readonly Bound[];
}

/** `grouping(k)` and `grouping_id(k, …)`: 1, or a bit of 1, for each key that the row's rollup level leaves out. */
export interface BoundGrouping {
  readonly kind: 'grouping';
  readonly type: 'int';
  readonly keys: readonly number[];
}

/** The value of the row's group key, by its place in group by. */
export interface BoundGroupKey {
  readonly kind: 'group-key';
  readonly type: PropertyType;
  readonly index: number;
}

/** A parameter of a lambda around this place. */
export interface BoundParameter {
  readonly kind: 'parameter';
  readonly type: PropertyType;
  /** How many lambdas stand around the one that it belongs to. */
  readonly level: number;
  /** Its place among that lambda's parameters. */
  readonly index: number;
  readonly name: string;
}

/** `x => …`, `(x, i) => …`. */
export interface BoundLambda {
  readonly level: number;
  readonly parameters: readonly string[];
  readonly body: Bound;
}

/** A method of `sorted(…)`, or an enumeration method on an array: `ports.where(p => p.hits > 0)`. */
export interface BoundEnumeration {
  readonly kind: 'enumeration';
  readonly type: PropertyType;
  readonly method: EnumerationMethod | SortedMethod;
  readonly base: Bound;
  readonly lambdas: readonly BoundLambda[];
  /** Those that are no lambdas. */
  readonly arguments: readonly Bound[];
}
