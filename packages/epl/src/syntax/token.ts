import type { Span } from './source.ts';

/** A numeric literal's value: `long` beyond 2^53 as bigint (see PropertyType). */
export interface NumberToken extends Span {
  readonly kind: 'number';
  readonly text: string;
  readonly type: 'int' | 'long' | 'float' | 'double';
  readonly value: number | bigint;
}

export interface StringToken extends Span {
  readonly kind: 'string';
  readonly text: string;
  readonly value: string;
}

export interface NameToken extends Span {
  readonly kind: 'name';
  /** As meant: without backticks, `\.` as a dot. */
  readonly text: string;
  /** Lower case where it may be a keyword; empty where it was quoted or escaped. */
  readonly keyword: string;
  readonly quoted: boolean;
}

export interface SymbolToken extends Span {
  readonly kind: 'symbol';
  readonly text: string;
}

export interface EndToken extends Span {
  readonly kind: 'end';
  readonly text: '';
}

export type Token = NumberToken | StringToken | NameToken | SymbolToken | EndToken;
