import {
  compile,
  createRuntime,
  type Diagnostic,
  type PartitionSelector,
  type RestoreReport,
  type Row,
  type Runtime,
} from '@flowpact/epl';

/** One conformance case, as README.md beside the cases describes it. */
export interface Case {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly level: 1 | 2 | 3;
  readonly epl: string;
  readonly startTime?: number;
  /** Of cases of our own: the time zone, where that is not UTC. */
  readonly zone?: string;
  readonly statements?: readonly string[];
  readonly rowOrder?: 'exact' | 'any';
  readonly expectError?: { readonly phase: string; readonly contains: string };
  readonly steps?: readonly Step[];
}

interface Step {
  readonly time?: number;
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly iterate?: string;
  readonly faf?: string;
  /** Of `faf`, in the form of our own selectors. */
  readonly partitions?: PartitionSelector;
  readonly rows?: readonly Json[];
  readonly error?: boolean;
  readonly expect?: readonly {
    readonly stmt: string;
    readonly new?: readonly Json[];
    readonly old?: readonly Json[];
  }[];
}

type Json = unknown;

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'failed'; readonly reason: string };

const passed: Outcome = { kind: 'passed' };
const failed = (reason: string): Outcome => ({ kind: 'failed', reason });

/** A restart between two steps: a snapshot is restored into a new runtime, which goes on in the place of the first. */
export interface Restarts {
  /** Whether there is one before that step. */
  before(step: number): boolean;
  /** Hears what became of the statements, and of which runtime the other one takes the place. */
  restored(report: RestoreReport, step: number, original: Runtime, restored: Runtime): void;
}

/** Runs one case: passed, refused as not supported yet, or failed with the reason. */
export function runCase(test: Case, phrasing?: string, restarts?: Restarts): Outcome {
  // As strict about annotations as Esper is.
  const result = compile(test.epl, {
    annotations: [],
    ...(test.zone !== undefined && { timeZone: test.zone }),
  });
  const refused = !result.ok && result.diagnostics.some(({ code }) => code === 'EPL_NOT_SUPPORTED');
  if (refused) return { kind: 'refused', diagnostics: result.diagnostics };
  if (test.expectError !== undefined) {
    if (result.ok)
      return failed(`was accepted, although it must be rejected for ${test.expectError.contains}`);
    const [{ message, sourceLine, column, endColumn }] = result.diagnostics;
    const said = `${message}\n${sourceLine.slice(column - 1, endColumn - 1)}`.toLowerCase();
    return said.includes(test.expectError.contains) || message === phrasing
      ? passed
      : failed(`the rejection does not name ${test.expectError.contains}: ${message}`);
  }
  if (!result.ok)
    return failed(`was rejected: ${result.diagnostics.map(({ message }) => message).join('; ')}`);
  const errors: string[] = [];
  const calls: { stmt: string; new: readonly Row[]; old: readonly Row[] }[] = [];
  const start = () => {
    const runtime = createRuntime({ startTimeMs: test.startTime ?? 0 });
    runtime.onStatementError(({ error }) => errors.push(error.message));
    const deployment = runtime.deploy(result.module);
    for (const name of test.statements ?? []) {
      deployment.statement(name)?.addListener(({ newRows, oldRows }) => {
        calls.push({ stmt: name, new: newRows, old: oldRows });
      });
    }
    return { runtime, deployment };
  };
  let { runtime, deployment } = start();
  const order = test.rowOrder ?? 'exact';
  for (const [i, step] of (test.steps ?? []).entries()) {
    if (restarts?.before(i) === true) {
      const original = runtime;
      ({ runtime, deployment } = start());
      restarts.restored(runtime.restore(original.snapshot()), i, original, runtime);
    }
    calls.length = 0;
    if (step.faf !== undefined) {
      const difference = compareRows(
        runtime.query(step.faf, { ...(step.partitions && { partitions: step.partitions }) }),
        step.rows ?? [],
        order,
      );
      if (difference !== undefined) return failed(`step ${i}, query: ${difference}`);
    }
    if (step.time !== undefined) runtime.advanceTime(step.time);
    else if (step.event !== undefined) runtime.sendEvent(step.event, step.data ?? {});
    else if (step.iterate !== undefined) {
      const rows = [...(deployment.statement(step.iterate)?.rows() ?? [])];
      const difference = compareRows(rows, step.rows ?? [], order);
      if (difference !== undefined) return failed(`step ${i}, iterating: ${difference}`);
    }
    if (step.error === true && errors.length === 0) return failed(`step ${i}: no error`);
    for (const name of test.statements ?? []) {
      const full = (call: { new?: readonly unknown[]; old?: readonly unknown[] }) =>
        (call.new?.length ?? 0) + (call.old?.length ?? 0) > 0;
      const got = calls.filter((call) => call.stmt === name && full(call));
      const wanted = (step.expect ?? []).filter((call) => call.stmt === name && full(call));
      if (got.length !== wanted.length) {
        return failed(`step ${i}, ${name}: ${got.length} calls instead of ${wanted.length}: ${print(got)}`);
      }
      for (const [j, call] of got.entries()) {
        const difference =
          compareRows(call.new, wanted[j].new ?? [], order) ??
          compareRows(call.old, wanted[j].old ?? [], order);
        if (difference !== undefined) return failed(`step ${i}, ${name}: ${difference}`);
      }
    }
  }
  return passed;
}

const print = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner));

function compareRows(
  got: readonly Row[],
  wanted: readonly Json[],
  order: 'exact' | 'any',
): string | undefined {
  const normalized = got.map((row) => normalize(row));
  const expected = wanted.map((row) => normalize(row));
  if (order === 'any') {
    normalized.sort();
    expected.sort();
  }
  const same = normalized.length === expected.length && normalized.every((row, i) => row === expected[i]);
  return same ? undefined : `got ${normalized.join(' ')} instead of ${expected.join(' ')}`;
}

/**
 * Rows as text that is equal where the values are: keys sorted, numbers by value, Infinity and NaN as strings. In an
 * event inside of a row a column that was not sent is null, and Esper leaves it out: these count as equal.
 */
function normalize(value: unknown, inside = false): string {
  if (typeof value === 'bigint') return String(Number(value));
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value + 0) : JSON.stringify(String(value));
  if (Array.isArray(value)) return `[${value.map((element) => normalize(element, true)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(value)
      .filter((key) => !inside || record[key] !== null)
      .sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${normalize(record[key], true)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
