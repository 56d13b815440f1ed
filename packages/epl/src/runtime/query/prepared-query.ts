import { compileQueryPlan, type QueryProgram } from '../../compile/query-program.ts';
import type { CompiledQuery } from '../../compile-query.ts';
import { EplError } from '../../errors.ts';
import type { PartitionSelector } from '../context/partition-selector.ts';
import type { EventType } from '../event-type.ts';
import type { PreparedQuery } from '../runtime.ts';
import type { Row } from '../statement.ts';

/** A compiled query and the runtime that runs it. */
export class Prepared implements PreparedQuery {
  readonly eventType: EventType;
  readonly parameters: readonly (string | undefined)[];
  private readonly compiled: CompiledQuery;
  private readonly program: QueryProgram;
  private readonly execute: (
    program: QueryProgram,
    parameters: ReadonlyMap<string, unknown>,
    partitions: PartitionSelector | undefined,
  ) => readonly Row[];

  constructor(compiled: CompiledQuery, execute: Prepared['execute']) {
    this.compiled = compiled;
    this.eventType = compiled.plan.rowType;
    this.parameters = compiled.parameters.map(({ name }) => name);
    this.program = compileQueryPlan(compiled.plan);
    this.execute = execute;
  }

  run(...values: readonly unknown[]): readonly Row[] {
    return this.runIn(undefined, ...values);
  }

  runIn(partitions: PartitionSelector | undefined, ...values: readonly unknown[]): readonly Row[] {
    const { parameters } = this.compiled;
    if (values.length !== parameters.length)
      throw new EplError('EPL_USAGE', `the query takes ${parameters.length} values, not ${values.length}`);
    const given = new Map(parameters.map(({ variable }, i) => [variable, canonical(values[i] ?? null)]));
    return this.execute(this.program, given, partitions);
  }
}

/** Integers as the engine holds them: a bigint only beyond 2^53. */
const canonical = (value: unknown): unknown =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
