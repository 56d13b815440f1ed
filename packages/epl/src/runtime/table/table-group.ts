import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { Group, GroupClass } from '../../compile/group-class.ts';
import type { Program } from '../../compile/program.ts';
import { compileTableFeeds, type TableFeed } from '../../compile/table-feed.ts';
import { arrayOfContent } from '../../content-text.ts';
import { isContent } from '../../plan/content-key.ts';
import type { GroupEvidence } from '../evidence.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Table } from './table.ts';
import { hold, isGone, release, statesOf, type TableRow } from './table-row.ts';

/** A feed with the numbers of the states that it goes into. */
interface Feed extends TableFeed {
  readonly states: readonly number[];
}

const noKeys: ReadonlySet<number> = new Set();

/** The program of an `into table` statement whose groups are rows of the table. */
export function intoTable(program: Program, table: Table): Program {
  const feeds = compileTableFeeds(program.plan).map(
    (feed): Feed => ({ ...feed, states: feed.columns.map((column) => table.aggregations.indexOf(column)) }),
  );
  const arrays = program.plan.groupBy.map((key) => isContent(key));
  return { ...program, Group: groupClass(table, feeds, arrays) };
}

/** A group as the statement's rows read it: its keys, and the values that the table's row has then. */
function groupClass(table: Table, feeds: readonly Feed[], arrays: readonly boolean[]): GroupClass {
  return class TableGroup implements Group {
    size = 0;
    touched = -1;
    next: Group | undefined;
    evidence: GroupEvidence | undefined;
    missingKeys = noKeys;
    readonly keys: readonly unknown[];
    private row: TableRow | undefined;

    constructor(keys: readonly unknown[]) {
      // Arrays are told apart by their content, and stand in the table as they are.
      this.keys = keys.map((key, i) => (arrays[i] && key !== null ? arrayOfContent(key as string) : key));
      // Generated code reads keys in place.
      keys.forEach((key, i) => {
        (this as unknown as Record<string, unknown>)[`k${i}`] = key;
      });
    }

    enter(subject: Subject, environment: Environment): void {
      this.size++;
      const row = this.obtain();
      hold(row);
      const states = statesOf(row);
      for (const { argument, filter, states: into } of feeds) {
        if (filter !== undefined && filter(subject, null, environment) !== true) continue;
        const value = argument === undefined ? subject : argument(subject, null, environment);
        for (const state of into) states[state].enter(value);
      }
      this.evidence?.enter(subject);
    }

    leave(subject: Subject, environment: Environment): void {
      this.size--;
      const row = this.obtain();
      this.evidence?.leave(subject);
      if (!release(row)) return;
      const states = statesOf(row);
      for (const { argument, filter, states: from } of feeds) {
        if (filter !== undefined && filter(subject, null, environment) !== true) continue;
        const value = argument === undefined ? subject : argument(subject, null, environment);
        for (const state of from) states[state].leave(value);
      }
    }

    key(index: number): unknown {
      return this.keys[index];
    }

    aggregate(index: number): unknown {
      const row = table.row(this.keys);
      return row === undefined ? null : statesOf(row)[feeds[index].states[0]].value();
    }

    saveOrLoad(state: StateStream): void {
      this.size = state.number(this.size);
      this.row = state.refer(this.row === undefined || isGone(this.row) ? undefined : this.row);
      this.evidence?.saveOrLoad(state);
    }

    /** Another statement may have deleted the row. */
    private obtain(): TableRow {
      if (this.row === undefined || isGone(this.row)) this.row = table.obtain(this.keys);
      return this.row;
    }
  };
}
