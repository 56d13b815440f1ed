import type { Annotation } from '../annotation.ts';
import type { Expression } from './expression.ts';
import type { MatchRecognize } from './match-recognize.ts';
import type { OutputRate } from './output-rate.ts';
import type { Span } from './source.ts';
import type { Name, StatementBase } from './statement.ts';
import type { StreamNode } from './stream.ts';

export type StreamSelector = 'istream' | 'rstream' | 'irstream';

/** The clauses that a select shares with subqueries and with triggers. */
export interface SelectClauses {
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly where?: Expression;
  readonly groupBy: readonly GroupItem[];
  readonly having?: Expression;
}

export interface Select extends StatementBase, SelectClauses {
  readonly kind: 'select';
  readonly intoTable?: Name;
  readonly insertInto?: InsertInto;
  /** Undefined where the statement does not say. */
  readonly selector: StreamSelector | undefined;
  readonly from: readonly StreamNode[];
  readonly matchRecognize?: MatchRecognize;
  readonly output?: OutputRate;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitNode;
  /** `for grouped_delivery(a)`, `for discrete_delivery`. */
  readonly delivery?: DeliveryNode;
}

export interface Subquery extends Span, SelectClauses {
  /** Which of the statement's subqueries it is, from 1: it stands in the name of its column where no name is given. */
  readonly number: number;
  readonly from: StreamNode;
}

export interface InsertInto extends Span {
  readonly selector: StreamSelector;
  readonly target: Name;
  readonly columns: readonly Name[] | undefined;
}

export type SelectItem = SelectWildcard | SelectStream | SelectExpression;

export interface SelectWildcard extends Span {
  readonly kind: 'wildcard';
}

/** `s.*`, spread, or with an alias as one column. */
export interface SelectStream extends Span {
  readonly kind: 'stream-wildcard';
  readonly stream: Name;
  readonly alias?: string;
}

export interface SelectExpression extends Span {
  readonly kind: 'expression';
  readonly expression: Expression;
  /** `@eventbean`. */
  readonly annotations: readonly Annotation[];
  readonly alias?: string;
}

/** An expression, or a combination of several. */
export type GroupItem = Expression | Rollup | GroupingSets;

export interface Rollup extends Span {
  readonly kind: 'rollup' | 'cube';
  readonly items: readonly GroupingSet[];
}

export interface GroupingSets extends Span {
  readonly kind: 'grouping-sets';
  readonly sets: readonly (GroupingSet | Rollup)[];
}

/** `(a, b)`, `a`, or `()`. */
export interface GroupingSet extends Span {
  readonly kind: 'grouping-set';
  readonly keys: readonly Expression[];
}

export interface OrderItem extends Span {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface LimitNode extends Span {
  readonly count: Expression;
  readonly offset?: Expression;
}

export interface DeliveryNode extends Span {
  readonly kind: 'grouped' | 'discrete';
  readonly keys: readonly Expression[];
}
