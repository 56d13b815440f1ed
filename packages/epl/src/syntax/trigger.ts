import type { Expression } from './expression.ts';
import type { InsertInto, LimitNode, OrderItem, SelectClauses, SelectItem } from './select.ts';
import type { Span } from './source.ts';
import type { Assignment, Name, StatementBase } from './statement.ts';
import type { ContainedSelect, EventFilter, PatternSource } from './stream.ts';

/** `on Event …`: what is done to a named window, a table or variables when an event arrives or a pattern matches. */
export interface Trigger extends StatementBase {
  readonly kind: 'on';
  readonly event: EventFilter | PatternSource;
  readonly alias?: Name;
  readonly action: TriggerAction;
}

export type TriggerAction = OnSelect | OnDelete | OnUpdate | OnMerge | OnSet | OnSplit;

interface OnTarget extends Span {
  readonly target: Name;
  readonly targetAlias?: Name;
}

/** `[insert into …] select [and delete] … from W`. */
export interface OnSelect extends OnTarget, SelectClauses {
  readonly kind: 'select';
  readonly insertInto?: InsertInto;
  readonly andDelete: boolean;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitNode;
}

export interface OnDelete extends OnTarget {
  readonly kind: 'delete';
  readonly where?: Expression;
}

export interface OnUpdate extends OnTarget {
  readonly kind: 'update';
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}

/** `merge W as w where … when matched then … when not matched then …`. */
export interface OnMerge extends OnTarget {
  readonly kind: 'merge';
  readonly where?: Expression;
  readonly branches: readonly MergeBranch[];
  /** `merge W insert select …`: a row for each event, whatever is there. There are no branches then. */
  readonly insert?: MergeInsert;
}

export interface MergeBranch extends Span {
  readonly matched: boolean;
  readonly condition?: Expression;
  readonly actions: readonly MergeAction[];
}

export type MergeAction = MergeInsert | MergeUpdate | MergeDelete;

export interface MergeInsert extends Span {
  readonly kind: 'insert';
  /** Undefined for the window of the merge. */
  readonly target?: Name;
  readonly columns: readonly Name[] | undefined;
  readonly items: readonly SelectItem[];
  readonly where?: Expression;
}

export interface MergeUpdate extends Span {
  readonly kind: 'update';
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}

export interface MergeDelete extends Span {
  readonly kind: 'delete';
  readonly where?: Expression;
}

/** `on Event set a = 1, b = 2`. */
export interface OnSet extends Span {
  readonly kind: 'set';
  readonly assignments: readonly Assignment[];
}

/** `insert into A select … where … insert into B select … output all`. */
export interface OnSplit extends Span {
  readonly kind: 'split';
  readonly branches: readonly SplitBranch[];
  readonly output?: 'first' | 'all';
}

export interface SplitBranch extends Span {
  readonly insertInto: InsertInto;
  readonly items: readonly SelectItem[];
  /** `from [items]`: the events inside of a property of the trigger. */
  readonly contained: readonly ContainedSelect[];
  readonly containedAlias?: Name;
  readonly where?: Expression;
}
