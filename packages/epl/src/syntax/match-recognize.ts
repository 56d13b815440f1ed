import type { Expression } from './expression.ts';
import type { Span } from './source.ts';

export interface MatchRecognize extends Span {
  readonly partitionBy: readonly Expression[];
  readonly measures: readonly { readonly expression: Expression; readonly alias: string }[];
  readonly allMatches: boolean;
  readonly skip?: 'next row' | 'past last row' | 'current row';
  readonly pattern: RowPattern;
  readonly interval?: { readonly duration: Expression; readonly orTerminated: boolean };
  readonly define: readonly { readonly variable: string; readonly condition: Expression }[];
}

/** A regular expression over rows. */
export type RowPattern = RowVariable | RowSequence | RowRepeat;

export interface RowVariable extends Span {
  readonly kind: 'variable';
  readonly name: string;
}

/** `A B`, `A | B`, `match_recognize_permute(A, B)`. */
export interface RowSequence extends Span {
  readonly kind: 'sequence' | 'alternatives' | 'permutation';
  readonly parts: readonly RowPattern[];
}

/** `A+`, `(A B)*?`, `A{2,5}`. */
export interface RowRepeat extends Span {
  readonly kind: 'repeat';
  readonly operand: RowPattern;
  readonly quantifier: '*' | '+' | '?' | 'range';
  readonly greedy: boolean;
  /** Of `{low,high}` only. */
  readonly low?: Expression;
  readonly high?: Expression;
}
