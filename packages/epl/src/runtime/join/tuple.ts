import type { Subject } from '../../compile/evaluator.ts';
import type { Stateful } from '../snapshot/state-stream.ts';
import type { TupleList } from './tuple-list.ts';

/** Events, one of each stream, in the order of the streams. */
export type Tuple = Subject[];

/** Of each stream the events whose tuples are not wanted, if any. */
export type Excluded = readonly (ReadonlySet<Subject> | undefined)[] | undefined;

/** Finds the tuples that an event takes part in, with what the indexes hold. */
export interface TupleFinder {
  /** Adds them to `found`, but for those of excluded events. */
  find(stream: number, event: Subject, excluded: Excluded, found: TupleList): void;
  /** All tuples that stand now. */
  contents(): Iterable<Tuple>;
}

/** What a join keeps of its streams. */
export interface JoinState extends Stateful {
  update(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void;
  stop(): void;
}
