import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { ActionProgram, BranchProgram, StoreTriggerProgram } from '../../compile/trigger-program.ts';
import { attachEvidence, evidenceOfTuple } from '../evidence.ts';
import type { Row } from '../statement.ts';
import type { Draft, RowChange } from '../store/row-store.ts';
import { StoreLookup, type StoreTuple } from '../store/store-lookup.ts';
import { assign } from './assign.ts';
import type { StoreActionHost } from './store-action.ts';
import type { TriggerAction } from './trigger-instance.ts';

/**
 * `on Event merge W …`: each row found goes through the first matching branch whose condition holds; where none is
 * found, the event goes through the first of the others. What is done to the store is done at once, at the end; rows
 * for streams are queued one by one.
 */
export class OnMerge implements TriggerAction {
  private readonly host: StoreActionHost;
  private readonly lookup: StoreLookup | undefined;
  private readonly matched: readonly BranchProgram[];
  private readonly unmatched: readonly BranchProgram[];
  private readonly evidence: number;

  constructor(
    { lookup, matched, unmatched, evidence }: Extract<StoreTriggerProgram, { kind: 'on-merge' }>,
    host: StoreActionHost,
  ) {
    this.host = host;
    this.lookup = lookup && new StoreLookup(lookup, host.store, host.environment);
    this.matched = matched;
    this.unmatched = unmatched;
    this.evidence = evidence;
  }

  run(event: Subject): void {
    const { store, statement } = this.host;
    const found = this.lookup?.find(event) ?? [];
    const merged: Merged = { changes: [], newRows: [], oldRows: [] };
    if (found.length === 0) this.merge(undefined, [null, event, null], this.unmatched, merged);
    else for (const row of found) this.merge(row, [row, event, row], this.matched, merged);
    const { changes, newRows, oldRows } = merged;
    if (changes.length === 0) return;
    store.commit(changes);
    statement.counters.rowsOut += newRows.length + oldRows.length;
    statement.report(newRows, oldRows);
  }

  rows(): Iterable<Row> {
    return [];
  }

  stop(): void {
    this.lookup?.stop();
  }

  private merge(
    row: Subject | undefined,
    tuple: StoreTuple,
    branches: readonly BranchProgram[],
    merged: Merged,
  ): void {
    const { environment } = this.host;
    const branch = branches.find(({ condition }) => holds(condition, tuple, environment));
    if (branch === undefined) return;
    const fate: Fate = { draft: undefined, deleted: false };
    const inserted: Draft[] = [];
    for (const action of branch.actions)
      if (holds(action.where, tuple, environment)) this.act(action, row, tuple, fate, inserted);
    this.close(row, fate, inserted, merged);
  }

  private act(
    action: ActionProgram,
    row: Subject | undefined,
    tuple: StoreTuple,
    fate: Fate,
    inserted: Draft[],
  ): void {
    const { store, environment, statement } = this.host;
    switch (action.kind) {
      case 'insert': {
        const made = action.makeRow(tuple as unknown as Subject, null, environment);
        this.attach(made, row, tuple);
        if (action.own) inserted.push(made as Draft);
        else statement.insert(action.target, made);
        return;
      }
      case 'update': {
        if (row === undefined) return;
        fate.draft ??= store.draft(row);
        // What comes behind sees the row as it has become.
        tuple[0] = fate.draft;
        tuple[2] = store.snapshot(row);
        assign(action.assignments, fate.draft, tuple, environment);
        this.attach(fate.draft, row, tuple);
        return;
      }
      case 'delete':
        fate.deleted = true;
        return;
      default:
        action satisfies never;
    }
  }

  /** What the row was made of: the one that was found, and the event. */
  private attach(made: Row, row: Subject | undefined, tuple: StoreTuple): void {
    if (this.evidence === 0) return;
    const sources = row === undefined ? [tuple[1]!] : [row, tuple[1]!];
    attachEvidence(made, evidenceOfTuple(sources, this.evidence));
  }

  private close(
    row: Subject | undefined,
    { draft, deleted }: Fate,
    inserted: readonly Draft[],
    merged: Merged,
  ): void {
    const { changes, newRows, oldRows } = merged;
    if (row !== undefined && (deleted || draft !== undefined)) {
      const kept = deleted ? undefined : draft;
      oldRows.push(this.host.store.snapshot(row));
      if (kept !== undefined) newRows.push(kept);
      changes.push({ row, draft: kept });
    }
    for (const made of inserted) {
      newRows.push(made);
      changes.push({ row: undefined, draft: made });
    }
  }
}

interface Merged {
  readonly changes: RowChange[];
  readonly newRows: Row[];
  readonly oldRows: Row[];
}

/** What becomes of the row that is being merged. */
interface Fate {
  draft: Draft | undefined;
  deleted: boolean;
}

const holds = (condition: BranchProgram['condition'], tuple: StoreTuple, environment: Environment): boolean =>
  condition === undefined || condition(tuple as unknown as Subject, null, environment) === true;
