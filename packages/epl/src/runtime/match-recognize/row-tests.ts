import type { Condition, Environment, PartitionValues, Subject } from '../../compile/evaluator.ts';
import type { RecognizeProgram } from '../../compile/recognize-program.ts';
import type { RowAutomaton } from '../../plan/recognize-plan.ts';
import { RowHistory, type RowMemory } from './row-memory.ts';
import { matchOf, type Run } from './run.ts';

/** Whether rows fit the definitions: one that reads nothing but the row is tested once for all runs. */
export class RowTests {
  readonly automaton: RowAutomaton;
  private readonly program: RecognizeProgram;
  private readonly environment: DefineEnvironment;
  private readonly failed: (error: unknown) => void;
  private row: Subject | undefined;
  /** The number of the row that is tested, and of each variable that of the row for which the answer holds. */
  private current = 0;
  private readonly testedAt: number[];
  private readonly answers: boolean[];

  /** @param failed hears of an exception inside a definition: the row does not fit */
  constructor(program: RecognizeProgram, outer: Environment, failed: (error: unknown) => void) {
    this.program = program;
    this.automaton = program.plan.automaton;
    this.environment = new DefineEnvironment(outer);
    this.failed = failed;
    this.testedAt = program.defines.map(() => 0);
    this.answers = program.defines.map(() => false);
  }

  /** The next row, and those of its partition up to it. */
  begin(row: Subject, memory: RowMemory | undefined): void {
    this.row = row;
    this.current++;
    this.environment.history.memory = memory;
  }

  fits(variable: number, before: Run | undefined): boolean {
    const define = this.program.defines[variable];
    if (define === undefined) return true;
    const { plan } = this.program;
    if (plan.variables[variable].readsMatch)
      return this.test(define, [this.row, matchOf(before, plan)] as unknown as Subject);
    if (this.testedAt[variable] !== this.current) {
      this.testedAt[variable] = this.current;
      this.answers[variable] = this.test(define, this.row!);
    }
    return this.answers[variable];
  }

  private test(define: Condition, subject: Subject): boolean {
    try {
      return define(subject, null, this.environment) === true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }
}

/** What definitions see: what the statement sees, and the rows before. */
class DefineEnvironment implements Environment {
  readonly isNew = true;
  readonly subqueries = [];
  readonly history = new RowHistory();
  private readonly outer: Environment;

  constructor(outer: Environment) {
    this.outer = outer;
  }

  get nowMs(): number {
    return this.outer.nowMs;
  }

  get variables(): ReadonlyMap<string, unknown> | undefined {
    return this.outer.variables;
  }

  get partition(): PartitionValues | undefined {
    return this.outer.partition;
  }
}
