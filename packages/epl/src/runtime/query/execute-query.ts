import type { QueryProgram } from '../../compile/query-program.ts';
import { EplError } from '../../errors.ts';
import type { Partition } from '../context/partition.ts';
import type { PartitionSelector } from '../context/partition-selector.ts';
import { distinctRows } from '../row-order.ts';
import type { Row } from '../statement.ts';
import { QueryHost, type QueryRuntime } from './query-host.ts';
import { runQuery } from './run-query.ts';

/** The partitions of a running context. */
export interface QueriedContext {
  partitions(selector?: PartitionSelector): Iterable<Partition>;
}

/**
 * Runs a query, where it concerns a context in the partitions that the selector means.
 * @throws EplError `EPL_USAGE` where partitions are chosen that there cannot be; what evaluating its expressions throws:
 *   then nothing is changed in the partition at hand
 */
export function executeQuery(
  program: QueryProgram,
  parameters: ReadonlyMap<string, unknown>,
  runtime: QueryRuntime,
  contextOf: (name: string) => QueriedContext | undefined,
  selector: PartitionSelector | undefined,
): readonly Row[] {
  const { context } = program;
  if (context === undefined) {
    if (selector === undefined) return runQuery(program, new QueryHost(runtime, parameters));
    throw new EplError(
      'EPL_USAGE',
      'the query reads nothing that lives in a context: there are no partitions',
    );
  }
  const run = contextOf(context.name);
  if (run === undefined)
    throw new EplError(
      'EPL_USAGE',
      `no context '${context.name}' runs here: deploy the module that creates it`,
    );
  // Only those that have what the query reads.
  const partitions = [...run.partitions(selector)].filter(({ stores }) => stores !== undefined);
  if (context.scope === 'all') {
    const inside = partitions.map(({ stores }) => stores!);
    return runQuery(program, new QueryHost(runtime, parameters), inside);
  }
  const rows = partitions.flatMap((partition) =>
    runQuery(program, new QueryHost(runtime, parameters, partition)),
  );
  return program.kind === 'query-select' && program.select.plan.distinct ? distinctRows(rows) : rows;
}
