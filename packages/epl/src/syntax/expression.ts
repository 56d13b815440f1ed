import type { Subquery } from './select.ts';
import type { Span } from './source.ts';
import type { TimeUnit } from './time-unit.ts';

/** Expressions as written. Every node knows its place. */
export type Expression =
  | Literal
  | Path
  | Method
  | Unary
  | Binary
  | Quantified
  | Connective
  | Between
  | InRange
  | InList
  | Like
  | Regexp
  | ExistsSubquery
  | InSubquery
  | QuantifiedSubquery
  | ScalarSubquery
  | Case
  | ArrayLiteral
  | NewStruct
  | NewArray
  | Cast
  | InstanceOf
  | PropertyExists
  | CurrentTimestamp
  | Parameter
  | TimePeriod
  | Lambda
  | SortKey
  | KeyTuple
  | WildcardArgument
  | NamedArgument;

export interface Literal extends Span {
  readonly kind: 'literal';
  readonly type: 'int' | 'long' | 'float' | 'double' | 'string' | 'boolean' | 'null';
  readonly value: number | bigint | string | boolean | null;
}

/** One link of `a.b('k').c[0]`: a name with arguments or an index, if any. */
export interface PathPart extends Span {
  readonly name: string;
  readonly quoted: boolean;
  readonly arguments?: Arguments;
  /** One for an array; one for each key column of a table. */
  readonly indexes?: readonly Expression[];
  /** `a?`: the property need not be declared. */
  readonly dynamic: boolean;
}

export interface Arguments {
  readonly distinct: boolean;
  readonly list: readonly Expression[];
}

/** Everything that starts with a name: properties, functions, aggregates, and chains of these. */
export interface Path extends Span {
  readonly kind: 'path';
  readonly parts: readonly PathPart[];
}

/** `(a || b).length()`: a chain on an expression that is not a path. */
export interface Method extends Span {
  readonly kind: 'method';
  readonly base: Expression;
  readonly parts: readonly PathPart[];
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | 'not';
  readonly operand: Expression;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '&'
  | '|'
  | '^'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'is'
  | 'is not'; // prettier-ignore

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `a > all (1, b)`. */
export interface Quantified extends Span {
  readonly kind: 'quantified';
  readonly operator: Comparison;
  readonly quantifier: 'any' | 'all';
  readonly left: Expression;
  readonly list: readonly Expression[];
}

/** `and` and `or` take any number of operands, so long chains stay flat. */
export interface Connective extends Span {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface Between extends Span {
  readonly kind: 'between';
  readonly not: boolean;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

/** `x in [1:5)`. */
export interface InRange extends Span {
  readonly kind: 'in-range';
  readonly not: boolean;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly lowIncluded: boolean;
  readonly highIncluded: boolean;
}

export interface InList extends Span {
  readonly kind: 'in-list';
  readonly not: boolean;
  readonly value: Expression;
  readonly list: readonly Expression[];
}

export interface Like extends Span {
  readonly kind: 'like';
  readonly not: boolean;
  readonly value: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
}

/** The whole of the value must fit the pattern. */
export interface Regexp extends Span {
  readonly kind: 'regexp';
  readonly not: boolean;
  readonly value: Expression;
  readonly pattern: Expression;
}

/** `exists (select …)`. */
export interface ExistsSubquery extends Span {
  readonly kind: 'exists-subquery';
  readonly query: Subquery;
}

/** `x in (select …)`. */
export interface InSubquery extends Span {
  readonly kind: 'in-subquery';
  readonly not: boolean;
  readonly value: Expression;
  readonly query: Subquery;
}

/** `x > all (select …)`. */
export interface QuantifiedSubquery extends Span {
  readonly kind: 'quantified-subquery';
  readonly operator: Comparison;
  readonly quantifier: 'any' | 'all';
  readonly left: Expression;
  readonly query: Subquery;
}

/** `(select …)`: a value, a row, or the set that an enumeration method is called on. */
export interface ScalarSubquery extends Span {
  readonly kind: 'subquery';
  readonly query: Subquery;
}

export interface Case extends Span {
  readonly kind: 'case';
  /** Of the simple form `case x when 1 then …`. */
  readonly operand?: Expression;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise?: Expression;
}

export interface ArrayLiteral extends Span {
  readonly kind: 'array';
  /** Of `new int[] {1, 2}`. */
  readonly element?: TypeName;
  readonly elements: readonly Expression[];
}

/** `new { a = 1, b }`. */
export interface NewStruct extends Span {
  readonly kind: 'new-struct';
  readonly columns: readonly NewColumn[];
}

export interface NewColumn extends Span {
  readonly name: string;
  /** Undefined where the column takes the property of its own name. */
  readonly value?: Expression;
}

/** `new int[3]`. */
export interface NewArray extends Span {
  readonly kind: 'new-array';
  readonly type: TypeName;
  readonly sizes: readonly Expression[];
}

export interface Cast extends Span {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: TypeName;
  /** `dateformat: …`. */
  readonly options: readonly NamedArgument[];
}

export interface InstanceOf extends Span {
  readonly kind: 'instanceof';
  readonly operand: Expression;
  readonly types: readonly TypeName[];
}

/** `exists(a.b?)`: whether the event has such a property. */
export interface PropertyExists extends Span {
  readonly kind: 'exists';
  readonly path: Path;
}

export interface TypeName extends Span {
  readonly name: string;
  readonly dimensions: number;
}

/** With `()` or without: the reprint does not tell, the value neither. */
/** `?` in a prepared query: `?::int` with a type, `?:name` or `?:name:int` with a name. */
export interface Parameter extends Span {
  readonly kind: 'parameter';
  readonly name?: string;
  readonly type?: TypeName;
}

export interface CurrentTimestamp extends Span {
  readonly kind: 'current-timestamp';
}

export interface TimePeriod extends Span {
  readonly kind: 'time-period';
  readonly parts: readonly { readonly unit: TimeUnit; readonly value: Expression }[];
}

/** `x => …`, `(x, i) => …`. */
export interface Lambda extends Span {
  readonly kind: 'lambda';
  readonly parameters: readonly string[];
  readonly body: Expression;
}

/** `x desc` as an argument of a window or an aggregate. */
export interface SortKey extends Span {
  readonly kind: 'sort-key';
  readonly expression: Expression;
  readonly descending: boolean;
}

/** `(a, b)` or `()` behind `group_by:`. */
export interface KeyTuple extends Span {
  readonly kind: 'tuple';
  readonly elements: readonly Expression[];
}

/** `*` or `s.*` as an argument. */
export interface WildcardArgument extends Span {
  readonly kind: 'wildcard';
  readonly stream?: string;
}

/** `filter: x > 1` as an argument. */
export interface NamedArgument extends Span {
  readonly kind: 'named-argument';
  readonly name: string;
  readonly value: Expression;
}
