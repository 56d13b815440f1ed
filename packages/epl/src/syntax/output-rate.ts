import type { CronField } from './cron.ts';
import type { Expression } from './expression.ts';
import type { Span } from './source.ts';
import type { Assignment } from './statement.ts';

/** `output [after …] [all|first|last|snapshot] …`. */
export interface OutputRate extends Span {
  readonly after?: OutputAfter;
  readonly display?: 'all' | 'first' | 'last' | 'snapshot';
  /** Undefined for `output after …` alone, and for `output last` without a rate. */
  readonly rate?: OutputTiming;
  /** `… and when terminated`. */
  readonly termination?: OutputTermination;
}

/** A time period, or a number of events. */
export interface OutputAfter extends Span {
  readonly amount: Expression;
  readonly events: boolean;
}

export type OutputTiming = OutputEvery | OutputAt | OutputWhen | OutputTermination;

/** `every 5 sec`, `every 3 events`. */
export interface OutputEvery extends Span {
  readonly kind: 'every';
  readonly amount: Expression;
  readonly events: boolean;
}

export interface OutputAt extends Span {
  readonly kind: 'at';
  readonly fields: readonly CronField[];
}

/** `when x > 3 then set x = 0`. */
export interface OutputWhen extends Span {
  readonly kind: 'when';
  readonly condition: Expression;
  readonly assignments: readonly Assignment[];
}

/** `when terminated [and x] [then set …]`. */
export interface OutputTermination extends Span {
  readonly kind: 'when-terminated';
  readonly condition?: Expression;
  readonly assignments: readonly Assignment[];
}
