import type { CronField } from './cron.ts';
import type { Expression } from './expression.ts';
import type { Span } from './source.ts';
import type { EventFilter } from './stream.ts';

/** What stands between the brackets of `pattern […]`. */
export type PatternNode =
  | PatternFollowedBy
  | PatternConnective
  | PatternUnary
  | PatternEveryDistinct
  | PatternRepeat
  | PatternGuard
  | PatternFilter
  | PatternObserver;

/** `a -> b -[3]> c`. */
export interface PatternFollowedBy extends Span {
  readonly kind: 'followed-by';
  readonly first: PatternNode;
  readonly steps: readonly { readonly max?: Expression; readonly node: PatternNode }[];
}

export interface PatternConnective extends Span {
  readonly kind: 'and' | 'or';
  readonly operands: readonly PatternNode[];
}

export interface PatternUnary extends Span {
  readonly kind: 'every' | 'not';
  readonly operand: PatternNode;
}

/** `every-distinct(a.src, 1 hour) a=Flow`. */
export interface PatternEveryDistinct extends Span {
  readonly kind: 'every-distinct';
  readonly keys: readonly Expression[];
  readonly operand: PatternNode;
}

/** `[2] a`, `[2:5] a until b`, `a until b`. */
export interface PatternRepeat extends Span {
  readonly kind: 'repeat';
  /** Both undefined where there is no range at all. */
  readonly low?: Expression;
  readonly high?: Expression;
  /** `[n]`: neither more nor less. */
  readonly exact: boolean;
  readonly operand: PatternNode;
  readonly until?: PatternNode;
}

/** `a where timer:within(5 sec)`, `a while (a.x > 1)`. */
export interface PatternGuard extends Span {
  readonly kind: 'guard';
  readonly operand: PatternNode;
  readonly guard:
    | { readonly kind: 'while'; readonly condition: Expression }
    | ({ readonly kind: 'named' } & NamedPlugin);
}

export interface NamedPlugin extends Span {
  readonly namespace: string;
  readonly name: string;
  readonly arguments: readonly CronField[];
}

/** `a=Flow(dport = 22) @consume(2)`. */
export interface PatternFilter extends Span {
  readonly kind: 'filter';
  readonly tag?: string;
  readonly filter: EventFilter;
  /** The level of `@consume`; 1 where it names none. */
  readonly consume?: number;
}

/** `timer:interval(10 sec)`. */
export interface PatternObserver extends NamedPlugin {
  readonly kind: 'observer';
}
