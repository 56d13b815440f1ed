import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { OutputAmount } from '../../plan/output-plan.ts';
import { addPeriod } from '../../plan/period.ts';
import { assignVariables } from '../assign-variables.ts';
import type { BuilderHost, ResultBuilder, RowSink } from '../results/result-builder.ts';
import type { RowBuffer } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { eventCount } from './event-count.ts';
import { FirstRows } from './first-rows.ts';
import { HeldChanges } from './held-changes.ts';
import { OutputNumbers } from './output-numbers.ts';
import {
  ConditionTrigger,
  EndTrigger,
  EventsTrigger,
  type OutputTrigger,
  ScheduleTrigger,
  TimeTrigger,
  type TriggerHost,
} from './output-trigger.ts';
import { EveryRow, GroupRows, LastRow, type RowPolicy } from './row-policy.ts';

/**
 * A builder with an output clause around it: the rows of the inner one are kept, chosen from and given when the
 * trigger says so. What comes before `after` is not told, where rows stand for events; aggregates and their rows are kept.
 */
export class LimitedBuilder implements ResultBuilder, RowSink {
  private readonly program: Program;
  private readonly host: BuilderHost & TriggerHost;
  private readonly create: (sink: RowSink) => ResultBuilder;
  private readonly currentRows: () => RowBuffer;
  private readonly sink: RowSink;
  private readonly trigger: OutputTrigger | undefined;
  private readonly policy: RowPolicy | undefined;
  private readonly first: FirstRows | undefined;
  private readonly snapshot: boolean;
  /** For the condition of an output at the end of the partition. */
  private readonly numbers: OutputNumbers | undefined;
  /** Of one running row: it is told again at the end of an interval without events. */
  private readonly repeats: boolean;
  private readonly wantsOld: boolean;
  private readonly aggregated: boolean;
  private inner: ResultBuilder;
  /** Changes that become rows at the end of the interval only, where all of its rows are given. */
  private readonly held: HeldChanges | undefined;
  /** `first` without a window and groups: what comes before `after` is not even counted. */
  private readonly skips: boolean;
  /** `all`: the first output also gives the rows from before `after`. */
  private readonly keeps: boolean;
  private after: OutputAmount | undefined;
  private afterMs: number;
  private entered = 0;
  private idle = true;

  /** @param currentRows the statement's current rows, for snapshots */
  constructor(
    program: Program,
    host: BuilderHost & TriggerHost,
    create: (sink: RowSink) => ResultBuilder,
    currentRows: () => RowBuffer,
    sink: RowSink,
  ) {
    const { plan } = program;
    const { display, after, termination } = plan.output!;
    this.program = program;
    this.host = host;
    this.create = create;
    this.currentRows = currentRows;
    this.sink = sink;
    this.after = after;
    this.afterMs = after?.kind === 'time' ? addPeriod(host.nowMs, after.period) : 0;
    this.trigger = triggerOf(program, host, () => this.release());
    this.policy = this.trigger === undefined ? undefined : policyOf(program, host);
    this.first = display === 'first' ? new FirstRows(program, host) : undefined;
    this.snapshot = display === 'snapshot';
    this.numbers = termination?.condition && new OutputNumbers(termination.condition.state, host);
    this.repeats = plan.result.kind === 'one-row' && display !== 'first';
    this.aggregated = plan.result.kind !== 'per-event';
    this.wantsOld = plan.selector !== 'istream';
    // Aggregates of a unidirectional join begin anew with each of its events.
    const renewed = plan.join?.driver !== undefined && plan.aggregates.length > 0;
    const gathers = display === 'every' || ((display === 'last' || display === 'all') && !this.aggregated);
    this.held = gathers && this.trigger !== undefined && !renewed ? new HeldChanges() : undefined;
    const [{ window }] = plan.inputs;
    const grouped = plan.groupBy.length > 0;
    this.skips = this.trigger !== undefined && window === undefined && !grouped && display === 'first';
    this.keeps = this.aggregated || display === 'all';
    this.inner = this.createInner();
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const open = this.isOpen(entering.length);
    if (!open && this.skips) return;
    if (open) this.first?.note(entering, leaving);
    if ((open || this.aggregated) && this.held !== undefined) this.held.add(entering, leaving);
    else this.inner.process(entering, leaving, forced && this.trigger === undefined);
    this.first?.forgetChange();
    if (!open || this.trigger === undefined) return;
    this.idle = false;
    // A group has its own interval, and a row that having keeps back opens none.
    if (this.first !== undefined && !this.first.counts) return;
    this.numbers?.add(entering.length, leaving.length);
    this.trigger.noted(entering.length, leaving.length);
  }

  current(contents: Iterable<Subject> | undefined): RowBuffer {
    return this.inner.current(contents);
  }

  /** The partition ends: gives the rest, if the output clause says so. */
  terminate(): void {
    const { termination } = this.program.plan.output!;
    if (termination === undefined || this.after !== undefined) return;
    const { terminationCondition, terminationAssignments } = this.program;
    if (terminationCondition !== undefined && !this.numbers!.fulfil(terminationCondition)) return;
    this.release();
    assignVariables(terminationAssignments, {}, this.host.variableStore, this.host);
  }

  /** Wakes no more. */
  stop(): void {
    this.trigger?.stop();
  }

  /** Forgets what the inner builder counted. */
  renew(): void {
    this.inner = this.createInner();
  }

  private createInner(): ResultBuilder {
    return this.create(this);
  }

  /** What the inner builder makes. */
  give(newRows: RowBuffer, oldRows: RowBuffer, forced: boolean): void {
    if (this.after !== undefined) {
      // Running values tell of everything: they are kept for the first output.
      if (this.keeps) this.policy?.take(newRows, oldRows);
    } else if (this.trigger === undefined) this.sink.give(newRows, oldRows, forced);
    else if (this.first !== undefined) this.first.take(newRows, oldRows, this.sink);
    else this.policy?.take(newRows, oldRows);
  }

  /** Whether what comes now is told. */
  private isOpen(entering: number): boolean {
    const { after } = this;
    if (after === undefined) return true;
    this.entered += entering;
    const open =
      after.kind === 'time'
        ? this.host.nowMs >= this.afterMs
        : this.entered > eventCount(after.count, this.host);
    if (open) this.after = undefined;
    return open;
  }

  /** The end of an interval. */
  private release(): void {
    const { idle } = this;
    this.idle = true;
    if (this.first !== undefined) this.first.reopen();
    else if (this.snapshot) this.sink.give(this.currentRows(), none, false);
    else if (idle && this.repeats) {
      const rows = this.currentRows();
      this.sink.give(rows, this.wantsOld ? rows : none, false);
    } else {
      this.held?.release((entering, leaving) => this.inner.process(entering, leaving, false));
      const { newRows, oldRows } = this.policy!.release();
      this.sink.give(newRows, oldRows, false);
    }
  }

  saveOrLoad(state: StateStream): void {
    this.trigger?.saveOrLoad(state);
    this.policy?.saveOrLoad(state);
    this.first?.saveOrLoad(state);
    this.numbers?.saveOrLoad(state);
    this.held?.saveOrLoad(state);
    this.inner.saveOrLoad(state);
    this.after = state.flag(this.after !== undefined) ? this.program.plan.output!.after : undefined;
    this.afterMs = state.number(this.afterMs);
    this.entered = state.number(this.entered);
    this.idle = state.flag(this.idle);
  }
}

const none: RowBuffer = { rows: [], sortKeys: undefined, trace: undefined };

function triggerOf(program: Program, host: TriggerHost, fire: () => void): OutputTrigger | undefined {
  const { trigger } = program.plan.output!;
  switch (trigger?.kind) {
    case undefined:
      return undefined;
    case 'time':
      return new TimeTrigger(trigger.period, program.outputPeriod, host, fire);
    case 'events':
      return new EventsTrigger(trigger.count, host, fire);
    case 'when':
      return new ConditionTrigger(program, trigger, host, fire);
    case 'at':
      return new ScheduleTrigger(trigger.schedule, host, fire);
    case 'at-end':
      return new EndTrigger();
    default:
      return trigger satisfies never;
  }
}

function policyOf({ plan }: Program, host: BuilderHost): RowPolicy | undefined {
  const { display } = plan.output!;
  const { kind } = plan.result;
  const grouped = kind === 'per-group' || kind === 'per-event-group-totals' || kind === 'rollup';
  switch (display) {
    case 'every':
      return new EveryRow();
    case 'last':
    case 'all':
      if (grouped) return new GroupRows(display, kind, plan.groupBy.length, (count) => host.retain(count));
      return display === 'last' ? new LastRow(kind) : new EveryRow();
    case 'first':
    case 'snapshot':
      return undefined;
    default:
      return display satisfies never;
  }
}
