import type { Annotation } from '../annotation.ts';
import type { Expression } from './expression.ts';
import type { PatternNode } from './pattern.ts';
import type { SelectItem } from './select.ts';
import type { Span } from './source.ts';
import type { Name } from './statement.ts';

/** One item of the from clause. */
export interface StreamNode extends Span {
  readonly source: EventFilter | PatternSource;
  readonly windows: readonly WindowNode[];
  /** How several windows go together; without a word the last one decides what it takes. */
  readonly retain?: 'union' | 'intersection';
  readonly alias?: Name;
  readonly unidirectional: boolean;
  /** How it joins what stands to its left; the first stream has none. */
  readonly join?: JoinKind;
  readonly on?: Expression;
}

export type JoinKind = 'comma' | 'inner' | 'left' | 'right' | 'full';

/** `Flow(dport = 22)[packets]`. */
export interface EventFilter extends Span {
  readonly kind: 'event-filter';
  readonly type: Name;
  readonly filters: readonly Expression[];
  readonly contained: readonly ContainedSelect[];
}

/** `[select a, b from items @type(Item) as i where i.x > 1]`: the events inside of a property. */
export interface ContainedSelect extends Span {
  readonly items: readonly SelectItem[] | undefined;
  readonly property: Expression;
  readonly type?: Name;
  readonly alias?: Name;
  readonly where?: Expression;
}

/** `pattern @SuppressOverlappingMatches [ … ]`. */
export interface PatternSource extends Span {
  readonly kind: 'pattern';
  readonly annotations: readonly Annotation[];
  readonly root: PatternNode;
}

/** `.win:time(1 min)` or `#time(1 min)`. */
export interface WindowNode extends Span {
  readonly namespace?: string;
  readonly name: string;
  readonly arguments: readonly Expression[];
}
