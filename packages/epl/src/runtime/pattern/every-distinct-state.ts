import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { endOf, type PatternNodeProgram } from '../../compile/pattern-program.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { DistinctKeys } from './distinct-keys.ts';
import { EveryState } from './every-state.ts';
import type { PatternContext, PatternParent, PatternState } from './pattern-state.ts';

type Program = Extract<PatternNodeProgram, { kind: 'every-distinct' }>;

/** `every-distinct(a.src, 1 hour) a=Flow`: as `every`, but a match whose keys were seen before is none. */
export class EveryDistinctState extends EveryState {
  private readonly shared: PatternContext;
  private readonly keys: readonly Evaluator[];
  private readonly program: Program;
  private readonly seen: DistinctKeys;

  constructor(parent: PatternParent, place: number, program: Program, context: PatternContext) {
    super(parent, place, program.operand, context);
    this.shared = context;
    this.program = program;
    this.keys = program.keys;
    this.seen = new DistinctKeys(program.keys.length);
  }

  /** Where its part fails, the keys are forgotten. */
  override failed(from: PatternState, restartable: boolean): void {
    if (from.listed) this.forget();
    super.failed(from, restartable);
  }

  override quit(): void {
    this.forget();
    super.quit();
  }

  protected override passes(partial: Subject): boolean {
    const { environment } = this.shared;
    const { expiry } = this.program;
    const keys = this.keys.map((key) => key(partial, null, environment));
    this.shared.retain(-this.seen.expire(environment.nowMs));
    if (this.seen.has(keys, environment.nowMs)) return false;
    const expiresMs =
      expiry === undefined ? Number.POSITIVE_INFINITY : endOf(expiry, this.begin, environment);
    if (this.seen.add(keys, expiresMs)) this.shared.retain(1);
    return true;
  }

  private forget(): void {
    this.shared.retain(-this.seen.clear());
  }

  override saveOrLoad(state: StateStream): void {
    super.saveOrLoad(state);
    this.seen.saveOrLoad(state);
  }
}
