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
  | Case
  | ArrayLiteral
  | Cast
  | CurrentTimestamp
  | TimePeriod
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
  readonly index?: Expression;
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

export interface Case extends Span {
  readonly kind: 'case';
  /** Of the simple form `case x when 1 then …`. */
  readonly operand?: Expression;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise?: Expression;
}

export interface ArrayLiteral extends Span {
  readonly kind: 'array';
  readonly elements: readonly Expression[];
}

export interface Cast extends Span {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: TypeName;
}

export interface TypeName extends Span {
  readonly name: string;
  readonly dimensions: number;
}

/** With `()` or without: the reprint does not tell, the value neither. */
export interface CurrentTimestamp extends Span {
  readonly kind: 'current-timestamp';
}

export interface TimePeriod extends Span {
  readonly kind: 'time-period';
  readonly parts: readonly { readonly unit: TimeUnit; readonly value: Expression }[];
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
