import type { CronField } from './cron.ts';
import type { Expression, Path } from './expression.ts';
import type { PatternNode } from './pattern.ts';
import type { Span } from './source.ts';
import type { Name, StatementBase } from './statement.ts';
import type { EventFilter } from './stream.ts';

export interface CreateContext extends StatementBase {
  readonly kind: 'create-context';
  readonly name: Name;
  readonly context: undefined;
  readonly body: ContextNode;
}

export type ContextNode =
  | KeyedContext
  | HashContext
  | CategoryContext
  | RangeContext
  | OverlappingContext
  | NestedContext;

/** `partition by a, b from E [terminated by …]`. */
export interface KeyedContext extends Span {
  readonly kind: 'keyed';
  readonly items: readonly {
    readonly keys: readonly Path[];
    readonly filter: EventFilter;
    readonly alias?: Name;
  }[];
  readonly initiated: readonly { readonly filter: EventFilter; readonly alias?: Name }[];
  readonly terminated?: ContextPoint;
}

/** `coalesce by hash_code(a) from E granularity 16 preallocate`. */
export interface HashContext extends Span {
  readonly kind: 'hash';
  readonly items: readonly { readonly hash: Expression; readonly filter: EventFilter }[];
  readonly granularity: Expression;
  readonly preallocate: boolean;
}

/** `group by x < 5 as low, group by x >= 5 as high from E`. */
export interface CategoryContext extends Span {
  readonly kind: 'category';
  readonly categories: readonly { readonly condition: Expression; readonly label: Name }[];
  readonly filter: EventFilter;
}

/** `start … end …`: one partition at a time. */
export interface RangeContext extends Span {
  readonly kind: 'range';
  readonly opened: ContextPoint;
  readonly terminated?: ContextPoint;
}

/** `initiated by … terminated by …`: any number of partitions at a time. */
export interface OverlappingContext extends Span {
  readonly kind: 'overlapping';
  readonly distinct: readonly Expression[];
  /** `@now and …`: one partition at once, besides those that the point opens. */
  readonly now: boolean;
  readonly opened: ContextPoint;
  readonly terminated?: ContextPoint;
}

export interface NestedContext extends Span {
  readonly kind: 'nested';
  readonly contexts: readonly { readonly name: Name; readonly body: ContextNode }[];
}

/** What opens or ends a partition. */
export type ContextPoint =
  | ({ readonly kind: 'now' } & Span)
  | ({ readonly kind: 'filter'; readonly filter: EventFilter; readonly alias?: Name } & Span)
  | ({
      readonly kind: 'pattern';
      readonly root: PatternNode;
      readonly inclusive: boolean;
      readonly alias?: Name;
    } & Span)
  | ({ readonly kind: 'cron'; readonly schedules: readonly (readonly CronField[])[] } & Span)
  | ({ readonly kind: 'after'; readonly duration: Expression } & Span);
