import type { Annotation } from '../annotation.ts';
import type { Expression, TypeName } from './expression.ts';
import type { Span } from './source.ts';

export type StatementNode = CreateSchema | Select;

export type StreamSelector = 'istream' | 'rstream' | 'irstream';

interface StatementBase extends Span {
  readonly annotations: readonly Annotation[];
}

export interface CreateSchema extends StatementBase {
  readonly kind: 'create-schema';
  readonly name: Name;
  readonly columns: readonly ColumnDefinition[];
  readonly copyFrom: readonly Name[];
}

export interface Name extends Span {
  readonly name: string;
}

export interface ColumnDefinition extends Span {
  readonly name: string;
  readonly type: TypeName;
}

export interface Select extends StatementBase {
  readonly kind: 'select';
  readonly insertInto?: InsertInto;
  /** Undefined where the statement does not say. */
  readonly selector: StreamSelector | undefined;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: readonly StreamNode[];
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly having?: Expression;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitNode;
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
  readonly alias?: string;
}

export interface StreamNode extends Span {
  readonly type: Name;
  readonly filters: readonly Expression[];
  readonly windows: readonly WindowNode[];
  readonly alias?: Name;
  /** How it joins what stands to its left; the first stream has none. */
  readonly join?: 'comma' | 'inner';
  readonly on?: Expression;
}

/** `.win:time(1 min)` or `#time(1 min)`. */
export interface WindowNode extends Span {
  readonly namespace?: string;
  readonly name: string;
  readonly arguments: readonly Expression[];
}

export interface OrderItem extends Span {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface LimitNode extends Span {
  readonly count: Expression;
  readonly offset?: Expression;
}
