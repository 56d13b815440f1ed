import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { QueryProgram } from '../../compile/query-program.ts';
import { Join } from '../join/join.ts';
import { evaluateOnce } from '../results/evaluate-once.ts';
import { arrangeRows } from '../row-order.ts';
import type { Row } from '../statement.ts';
import { StatementEnvironment } from '../statement-environment.ts';
import type { Draft, RowChange, RowStore, Stores } from '../store/row-store.ts';
import { findOnce, passing } from '../store/store-lookup.ts';
import { assign } from '../trigger/assign.ts';
import { createWindow } from '../windows/create-window.ts';
import { nothing } from '../windows/data-window.ts';
import type { QueryHost } from './query-host.ts';

/**
 * Runs an on-demand query: the rows that it selects, or of a named window those that it inserts, updates or deletes.
 * @param inside where what it reads lives in the partitions of a context, the stores of these, looked at as one
 * @throws what evaluating its expressions throws; then nothing is changed
 */
export function runQuery(
  program: QueryProgram,
  host: QueryHost,
  inside: readonly Stores[] = [host.stores],
): readonly Row[] {
  const environment = new StatementEnvironment(host, program.subqueries);
  try {
    environment.load();
    return run(program, environment, host, inside);
  } finally {
    environment.stop();
  }
}

function run(
  program: QueryProgram,
  environment: StatementEnvironment,
  host: QueryHost,
  inside: readonly Stores[],
): readonly Row[] {
  const { stores } = host;
  switch (program.kind) {
    case 'query-select': {
      const rows = select(program, environment, host, inside);
      if (program.into === undefined) return rows;
      const changes = rows.map((row) => ({ row: undefined, draft: { ...row } }));
      return commit(stores.get(program.into), changes);
    }
    case 'query-insert': {
      const store = stores.get(program.store);
      const changes = program.rows.map((columns): RowChange => {
        const draft = emptyDraft(store);
        for (const { name, value } of columns) draft[name] = value(noEvent, null, environment);
        return { row: undefined, draft };
      });
      return commit(store, changes);
    }
    case 'query-update': {
      const store = stores.get(program.store);
      const changes = findOnce(program.lookup, store, environment).map((row): RowChange => {
        const draft = store.draft(row);
        assign(program.assignments, draft, [draft, null, store.snapshot(row)], environment);
        return { row, draft };
      });
      return commit(store, changes);
    }
    case 'query-delete': {
      const store = stores.get(program.store);
      const found = findOnce(program.lookup, store, environment);
      return commit(
        store,
        found.map((row) => ({ row, draft: undefined })),
      );
    }
    default:
      return program satisfies never;
  }
}

/** A table tells nothing of what was done to it. */
function commit(store: RowStore, changes: readonly RowChange[]): readonly Row[] {
  const rows = store.tells ? changes.map(({ row, draft }) => draft ?? store.snapshot(row!)) : [];
  store.commit(changes);
  return rows;
}

function select(
  { select: program, lookup }: Extract<QueryProgram, { kind: 'query-select' }>,
  environment: StatementEnvironment,
  host: QueryHost,
  inside: readonly Stores[],
): readonly Row[] {
  const { plan } = program;
  const subjects =
    lookup === undefined
      ? joined(program, environment)
      : inside.flatMap((stores) => single(program, lookup, environment, stores));
  const buffer = evaluateOnce(program, environment, subjects);
  return arrangeRows(buffer, plan.orderBy, plan.distinct, plan.limit, host.variables);
}

function single(
  program: Program,
  lookup: NonNullable<Extract<QueryProgram, { kind: 'query-select' }>['lookup']>,
  environment: StatementEnvironment,
  stores: Stores,
): readonly Subject[] {
  const { window } = program.plan.inputs[0];
  const rows =
    window?.kind === 'table' || (window?.kind === 'named-window' && window.contained === undefined);
  if (!rows)
    return passing(contentsOf(program, 0, environment), lookup.where, [null, null, null], environment);
  const found = findOnce(lookup, stores.get(window.name), environment);
  const [filter] = program.inputs[0].window!.keys;
  return filter === undefined ? found : found.filter((row) => filter(row, null, environment) === true);
}

/** The tuples of what the stores hold. */
function joined(program: Program, environment: StatementEnvironment): readonly Subject[] {
  const join = new Join(program, environment, false, () => {});
  try {
    program.plan.inputs.forEach(({ window }, stream) => {
      if (window?.kind !== 'table') join.change(stream, contentsOf(program, stream, environment), nothing);
    });
    join.flush();
    return [...join.contents()];
  } finally {
    join.stop();
  }
}

/** What one stream of a join reads. */
function contentsOf(program: Program, stream: number, environment: StatementEnvironment): readonly Subject[] {
  const window = createWindow(program.inputs[stream].window!, () => {}, environment, undefined);
  try {
    return [...window.contents()];
  } finally {
    window.stop();
  }
}

const emptyDraft = (store: RowStore): Draft =>
  Object.fromEntries(store.type.properties.map(({ name }) => [name, null]));

const noEvent: Subject = Object.freeze({});
