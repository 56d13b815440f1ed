import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { LocalAggregate } from '../aggregates/local-aggregate.ts';
import { createBuilder } from './create-builder.ts';
import type { BuilderHost, RowSink } from './result-builder.ts';
import { type RowBuffer, rowBuffer } from './row-buffer.ts';

/** Who asks. */
export interface Asker extends Environment {
  failed(error: unknown): void;
}

/** The rows of a select over just these events or tuples, not yet arranged; its aggregates start afresh. */
export function evaluateOnce(program: Program, asker: Asker, subjects: readonly Subject[]): RowBuffer {
  let result = rowBuffer();
  const host = new PassingHost(program, asker);
  const wanted = { newRows: true, oldRows: false };
  const sink: RowSink = {
    give: (newRows) => {
      result = newRows;
    },
  };
  const builder = createBuilder(program, host, wanted, sink);
  // Of nothing there are still totals.
  builder.process(subjects, [], program.plan.result.kind === 'one-row');
  return result;
}

/** What is kept meanwhile is no more than what is asked about: it is not counted. */
class PassingHost implements BuilderHost {
  isNew = true;
  readonly nowMs: number;
  readonly variables: Environment['variables'];
  readonly partition: Environment['partition'];
  readonly stores: Environment['stores'];
  readonly subqueries: Environment['subqueries'];
  readonly locals: readonly LocalAggregate[];
  private readonly asker: Asker;

  constructor(program: Program, asker: Asker) {
    this.nowMs = asker.nowMs;
    this.variables = asker.variables;
    this.partition = asker.partition;
    this.stores = asker.stores;
    this.subqueries = asker.subqueries;
    this.locals = program.locals.map((local) => local && new LocalAggregate(local)) as LocalAggregate[];
    this.asker = asker;
  }

  retain(): void {}

  failed(error: unknown): void {
    this.asker.failed(error);
  }
}
