import type { Environment, Subject } from '../../compile/evaluator.ts';
import { compilePattern, type PatternProgram } from '../../compile/pattern-program.ts';
import type { Program } from '../../compile/program.ts';
import type { StatementPlan } from '../../plan/plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Budget, StateBudget } from '../state-budget.ts';
import { inputsOf } from '../statement-inputs.ts';
import type { LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type PatternHost, RunningPattern } from './running-pattern.ts';

/** What the patterns need from the statement, or from its part in one partition of a context. */
export interface PatternOwner {
  readonly budget: Budget;
  /** Of the partial matches that are open. */
  readonly partials: StateBudget;
  createLane(): TimerLane;
  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  cancel(timer: Timer): void;
  /** There is something to {@link StatementPatterns.flush} when the current event or timers are done. */
  markDirty(): void;
  failed(error: unknown): void;
}

/** Takes the matches of one input that came together. */
export type MatchSink = (input: number, matches: readonly Subject[]) => void;

/** Opens the patterns that the plan reads; undefined where there are none. `environment`: what their expressions see. */
export function startPatterns(
  plan: StatementPlan,
  program: Program | undefined,
  environment: Environment,
  owner: PatternOwner,
  sink: MatchSink,
): StatementPatterns | undefined {
  const inputs = inputsOf(plan);
  if (inputs.every(({ pattern }) => pattern === undefined)) return undefined;
  const programs = inputs.map(
    ({ pattern }, i) => program?.inputs[i].pattern ?? (pattern && compilePattern(pattern, 0)),
  );
  const patterns = new StatementPatterns(programs, environment, owner, sink);
  patterns.start();
  return patterns;
}

/** All patterns of one statement: their filters are numbered behind the statement's inputs. */
export class StatementPatterns implements PatternHost {
  private readonly owner: PatternOwner;
  private readonly inputs: number;
  private readonly running: RunningPattern[] = [];
  /** Of each number behind the inputs the pattern, and the number of the filter in it. */
  private readonly filters: { readonly pattern: RunningPattern; readonly filter: number }[] = [];

  constructor(
    programs: readonly (PatternProgram | undefined)[],
    environment: Environment,
    owner: PatternOwner,
    sink: MatchSink,
  ) {
    this.owner = owner;
    this.inputs = programs.length;
    programs.forEach((program, input) => {
      if (program === undefined) return;
      const pattern = new RunningPattern(program, environment, this, (matches) => sink(input, matches));
      this.running.push(pattern);
      owner.partials.mayDrop(pattern);
      owner.budget.mayDrop(pattern);
      program.filters.forEach((_, filter) => {
        this.filters.push({ pattern, filter });
      });
    });
  }

  /** Whether that number stands for a filter of a pattern. */
  reads(input: number): boolean {
    return input >= this.inputs;
  }

  collect(input: number, event: Subject): void {
    const { pattern, filter } = this.filters[input - this.inputs];
    pattern.collect(filter, event);
  }

  /** `given`: the values that tags have from the start. */
  start(given?: Readonly<Record<string, unknown>>): void {
    for (const pattern of this.running) {
      try {
        pattern.start(given);
      } catch (error) {
        this.failed(error);
      }
    }
  }

  flush(): void {
    for (const pattern of this.running) pattern.flush();
  }

  stop(): void {
    for (const pattern of this.running) {
      pattern.stop();
      this.owner.partials.forget(pattern);
      this.owner.budget.forget(pattern);
    }
  }

  createLane(): TimerLane {
    return this.owner.createLane();
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.owner.scheduleIn(lane, dueMs, entry);
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.owner.schedule(dueMs, owner);
  }

  cancel(timer: Timer): void {
    this.owner.cancel(timer);
  }

  retain(count: number): void {
    this.owner.budget.take(count);
  }

  openPartial(): boolean {
    const { owner } = this;
    const { partials } = owner;
    try {
      partials.take(1);
    } catch (error) {
      owner.failed(error);
      return false;
    }
    try {
      owner.budget.take(1);
    } catch (error) {
      partials.take(-1);
      owner.failed(error);
      return false;
    }
    return true;
  }

  closePartial(): void {
    this.owner.partials.take(-1);
    this.owner.budget.take(-1);
  }

  markDirty(): void {
    this.owner.markDirty();
  }

  failed(error: unknown): void {
    this.owner.failed(error);
  }

  saveOrLoad(state: StateStream): void {
    for (const pattern of this.running) pattern.saveOrLoad(state);
  }
}
