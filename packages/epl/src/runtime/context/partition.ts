import type { PartitionValues, Subject } from '../../compile/evaluator.ts';
import type { PartitionStores } from '../store/partition-stores.ts';
import type { Ending } from './ending.ts';
import type { Level } from './level.ts';
import type { Member } from './member.ts';
import type { PartitionVariables } from './partition-variables.ts';

/** One partition of one level of a context: what it is told apart by, and what lives in it. */
export class Partition implements PartitionValues {
  /** The innermost partitions are numbered over the whole context, in the order in which they open. */
  readonly id: number;
  /** Those of all levels down to this one. */
  readonly values: readonly unknown[];
  readonly level: Level;
  /** Of an innermost partition the state of each statement, by the statement's place in the context. */
  readonly members: (Member | undefined)[];
  /** An event that its statements do not see: the one that opened it, where the opening says so. */
  readonly unseen: Subject | undefined;
  isOpen = true;
  /** Those of the runtime behind its own, if it has any. */
  variables: PartitionVariables | undefined = undefined;
  /** Named windows and tables of its own. */
  stores: PartitionStores | undefined = undefined;
  /** The partitions inside of it. */
  inner: Level | undefined = undefined;
  /** What waits for its end. */
  ending: Ending | undefined = undefined;

  /** @param statements how many the context has now */
  constructor(
    id: number,
    values: readonly unknown[],
    level: Level,
    unseen: Subject | undefined,
    statements: number,
  ) {
    this.id = id;
    this.values = values;
    this.level = level;
    this.unseen = unseen;
    this.members = new Array(statements).fill(undefined);
  }
}
