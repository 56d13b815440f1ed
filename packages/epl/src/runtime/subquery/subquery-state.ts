import { comparisonTest, equal } from '../../compile/comparison.ts';
import type { Subject, SubqueryAnswers } from '../../compile/evaluator.ts';
import type { Group } from '../../compile/group-class.ts';
import type { SubqueryProgram } from '../../compile/subquery-program.ts';
import type { SubqueryQuestion } from '../../plan/subquery-plan.ts';
import { StatementHistory } from '../history.ts';
import { type EventIndex, isMany, type JoinHost, JoinIndex, type WindowIndex } from '../join/join-index.ts';
import { RangeIndex } from '../join/range-index.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { RowStore } from '../store/row-store.ts';
import { TableIndexes } from '../table/table-indexes.ts';
import { createWindow } from '../windows/create-window.ts';
import type { DataWindow, WindowHost } from '../windows/data-window.ts';

const noParameters: Subject = Object.freeze({});

/**
 * One subquery of one statement: what its window holds, in an index by the equalities with the outside. Aggregates
 * that depend on nothing outside run along; others are computed over the events that fit.
 */
export class SubqueryState implements SubqueryAnswers {
  private readonly program: SubqueryProgram;
  /** With the history of its own stream, where its columns look back. */
  private readonly host: WindowHost & JoinHost;
  private readonly history: StatementHistory | undefined;
  private readonly window: DataWindow;
  private readonly index: EventIndex;
  /** The same, where it follows the window. */
  private readonly own: WindowIndex | undefined;
  /** Of a subquery on a table. */
  private readonly table: RowStore | undefined;
  private readonly tableIndexes: TableIndexes | undefined;
  /** The running aggregates, where nothing outside matters. */
  private readonly total: Group | undefined;
  /** By the only column, for `in` where nothing outside matters; and how many events have null there. */
  private readonly byValue: JoinIndex | undefined;
  private nulls = 0;
  private held = 0;

  constructor(program: SubqueryProgram, host: WindowHost & JoinHost) {
    const { plan } = program;
    this.program = program;
    const { window, history } = plan.input;
    this.history =
      history &&
      new StatementHistory([{ plan: plan.input, window: program.window }], host, () =>
        this.window.contents(),
      );
    this.host = this.history === undefined ? host : withHistory(host, this.history);
    const table = window?.kind === 'table' ? host.stores.get(window.name) : undefined;
    const keys = plan.equalities.map(({ left }) => left.key);
    this.tableIndexes = table && new TableIndexes(table);
    this.table = table;
    const { range } = plan;
    this.own =
      table !== undefined ? undefined : range === undefined ? new JoinIndex(keys) : new RangeIndex(range);
    this.index = this.own ?? this.tableIndexes!.obtain(keys);
    const aggregated = plan.aggregates.length > 0;
    // What a table holds changes without a word.
    const followed = table === undefined;
    if (followed && aggregated && plan.parameters === 0 && plan.groupBy.length === 0)
      this.total = new program.Group([]);
    const [{ value }] = plan.columns;
    const simple = plan.shape === 'value' && value.kind === 'property' && plan.groupBy.length === 0;
    if (
      followed &&
      simple &&
      !aggregated &&
      plan.parameters === 0 &&
      plan.residual === undefined &&
      plan.having === undefined
    )
      this.byValue = new JoinIndex([value]);
    this.window = createWindow(
      program.window,
      (entering, leaving) => this.change(entering, leaving),
      host,
      undefined,
    );
  }

  /** An event of its stream. */
  insert(event: Subject): void {
    const { filter, contained } = this.program;
    if (filter !== undefined && filter(event, null, this.host) !== true) return;
    if (contained === undefined) this.enter(event);
    else for (const inner of contained(event, this.host) ?? []) this.enter(inner);
  }

  private enter(event: Subject): void {
    this.history?.arrive(0, event);
    this.window.insert(event);
  }

  stop(): void {
    this.tableIndexes?.stop();
    this.window.stop();
  }

  answer(question: SubqueryQuestion, parameters: Subject, compared: unknown): unknown {
    switch (question.kind) {
      case 'exists':
        for (const _ of this.rows(parameters)) return true;
        return false;
      case 'value':
        return this.single(parameters);
      case 'rows': {
        const rows = [...this.rows(parameters)];
        return rows.length === 0 ? null : rows;
      }
      case 'in': {
        const found =
          this.byValue === undefined ? this.contains(parameters, compared) : this.isIndexed(compared);
        return found === null ? null : found !== question.not;
      }
      case 'quantified':
        return this.quantified(question, parameters, compared);
      default:
        return question satisfies never;
    }
  }

  private change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    const { own: index, byValue, host, total } = this;
    this.history?.change(0, entering, leaving);
    this.history?.forget(0, leaving);
    if (index === undefined) return;
    for (const event of entering) {
      index.add(event, host);
      if (byValue !== undefined) this.count(event, 1, byValue);
      if (total !== undefined && this.fits(event, noParameters))
        total.enter(pairOf(event, noParameters), host);
    }
    for (const event of leaving) {
      index.remove(event, host);
      if (byValue !== undefined) this.count(event, -1, byValue);
      if (total !== undefined && this.fits(event, noParameters))
        total.leave(pairOf(event, noParameters), host);
    }
  }

  private count(event: Subject, by: 1 | -1, byValue: JoinIndex): void {
    this.held += by;
    if (this.program.value(pairOf(event, noParameters), null, this.host) === null) this.nulls += by;
    else if (by === 1) byValue.add(event, this.host);
    else byValue.remove(event, this.host);
  }

  private fits(event: Subject, parameters: Subject): boolean {
    const { residual } = this.program;
    return residual === undefined || residual(pairOf(event, parameters), null, this.host) === true;
  }

  /** The events that where lets through. */
  private *matches(parameters: Subject): Iterable<Subject> {
    const found = this.index.find(this.program.lookup, pairOf(noParameters, parameters), this.host);
    if (found === undefined) return;
    for (const event of isMany(found) ? found : [found]) if (this.fits(event, parameters)) yield event;
  }

  /** The rows: each the value, the object or the event that it stands for. */
  private rows(parameters: Subject): Iterable<unknown> {
    const rows = this.allRows(parameters);
    return this.program.plan.distinct ? distinctValues(rows) : rows;
  }

  private *allRows(parameters: Subject): Iterable<unknown> {
    const { plan, having } = this.program;
    const { host } = this;
    if (plan.aggregates.length === 0 && plan.groupBy.length === 0) {
      for (const event of this.matches(parameters)) {
        const pair = pairOf(event, parameters);
        if (having === undefined || having(pair, null, host) === true)
          yield plan.shape === 'event' ? this.whole(event) : this.shape(pair, null);
      }
      return;
    }
    const pair = pairOf(noParameters, parameters);
    for (const group of this.groups(parameters))
      if (having === undefined || having(pair, group, host) === true) yield this.shape(pair, group);
  }

  /** The row of a table as it is now. */
  private whole(event: Subject): unknown {
    return this.table === undefined ? event : this.table.snapshot(event);
  }

  private groups(parameters: Subject): Iterable<Group> {
    if (this.total !== undefined) return [this.total];
    const { program, host } = this;
    const { groupBy, Group } = program;
    if (groupBy.length === 0) {
      const group = new Group([]);
      for (const event of this.matches(parameters)) group.enter(pairOf(event, parameters), host);
      return [group];
    }
    const groups = new NestedMap<Group>(groupBy.length);
    for (const event of this.matches(parameters)) {
      const pair = pairOf(event, parameters);
      const keys = groupBy.map((key) => key(pair, null, host));
      let group = groups.get(keys);
      if (group === undefined) {
        group = new Group(keys);
        groups.set(keys, group);
      }
      group.enter(pair, host);
    }
    return groups.values();
  }

  private shape(pair: Subject, group: Group | null): unknown {
    const { plan, value, row } = this.program;
    return plan.shape === 'value' ? value(pair, group, this.host) : row(pair, group, this.host);
  }

  /** The only row; where there is none, or more than one: null, of several columns an object without entries. */
  private single(parameters: Subject): unknown {
    let count = 0;
    let only: unknown = null;
    for (const row of this.rows(parameters)) {
      only = row;
      if (++count > 1) break;
    }
    if (count === 1) return only;
    return this.program.plan.shape === 'row' ? {} : null;
  }

  private contains(parameters: Subject, compared: unknown): boolean | null {
    let unknown = false;
    for (const value of this.rows(parameters)) {
      if (value === null || compared === null) unknown = true;
      else if (equal(compared, value)) return true;
    }
    return unknown ? null : false;
  }

  private isIndexed(compared: unknown): boolean | null {
    if (this.held === 0) return false;
    if (compared === null) return null;
    // A double in an integer column, or a wide number, is equal without being identical.
    const found = this.byValue!.find([() => canonical(compared)], noParameters, this.host);
    return found !== undefined ? true : this.nulls > 0 ? null : false;
  }

  /** Of no rows `any` is false and `all` is true. Equality is unknown beside nulls; other comparisons pass over them. */
  private quantified(
    { quantifier, operator }: Extract<SubqueryQuestion, { kind: 'quantified' }>,
    parameters: Subject,
    compared: unknown,
  ): boolean | null {
    const test = comparisonTest(operator, 'object', 'object');
    const any = quantifier === 'any';
    const equality = operator === '=' || operator === '!=';
    let values = 0;
    let nulls = 0;
    for (const value of this.rows(parameters)) {
      if (value === null) nulls++;
      else {
        values++;
        if (compared !== null && test(compared, value) === any) return any;
      }
    }
    if (values + nulls === 0) return !any;
    if (compared === null || values === 0) return null;
    if (any) return equality && nulls > 0 ? null : false;
    return nulls > 0 ? null : true;
  }

  saveOrLoad(state: StateStream): void {
    this.window.saveOrLoad(state);
    this.history?.saveOrLoad(state);
    this.own?.saveOrLoad(state);
    this.total?.saveOrLoad(state);
    this.byValue?.saveOrLoad(state);
    this.nulls = state.number(this.nulls);
    this.held = state.number(this.held);
  }
}

/** The environment of a statement, with another history. */
const withHistory = (host: WindowHost & JoinHost, history: StatementHistory): WindowHost & JoinHost =>
  Object.create(host, { history: { value: history } }) as WindowHost & JoinHost;

/** Numbers as the engine holds integers: a bigint only beyond 2^53. */
const canonical = (value: unknown): unknown =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

const pairOf = (event: Subject, parameters: Subject): Subject => [event, parameters] as unknown as Subject;

/** Of values that are equal the first; rows are equal where their columns are. */
function* distinctValues(values: Iterable<unknown>): Iterable<unknown> {
  const seen = new Set<unknown>();
  const objects = new Map<object, number>();
  const textOf = (column: unknown): string => {
    if (typeof column !== 'object' || column === null) return `${typeof column} ${String(column)}`;
    const number = objects.get(column) ?? objects.size;
    objects.set(column, number);
    return `object ${number}`;
  };
  for (const value of values) {
    const isRow = typeof value === 'object' && value !== null;
    const key = isRow ? Object.values(value).map(textOf).join('\u0000') : value;
    if (seen.has(key)) continue;
    seen.add(key);
    yield value;
  }
}
