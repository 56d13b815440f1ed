import {
  type CompiledModule,
  type CompileOptions,
  compile,
  createRuntime,
  type RestoreReport,
  type Row,
  type Runtime,
  type RuntimeConfig,
} from '@flowpact/epl';

/** A runtime with one module, and what its statements give. */
export interface Started {
  readonly runtime: Runtime;
  /** Rows given since they were taken last. */
  takeRows(): Row[];
  /** The same as text, each behind the name of its statement. */
  take(): string[];
  /** A new runtime with the same module, or another, into which a snapshot of this one was restored. */
  restart(text?: string | CompiledModule): Started & { readonly report: RestoreReport };
}

export function compiled(text: string, options: CompileOptions = {}): CompiledModule {
  const result = compile(text, options);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.module;
}

export function start(
  text: string | CompiledModule,
  options: CompileOptions = {},
  config: RuntimeConfig = {},
): Started {
  const module = typeof text === 'string' ? compiled(text, options) : text;
  const runtime = createRuntime(config);
  let given: { readonly name: string; readonly row: Row }[] = [];
  for (const statement of runtime.deploy(module).statements)
    statement.addListener(({ newRows, oldRows }) => {
      for (const row of newRows) given.push({ name: statement.name, row });
      for (const row of oldRows) given.push({ name: `${statement.name} old`, row });
    });
  const taken = () => {
    const rows = given;
    given = [];
    return rows;
  };
  return {
    runtime,
    takeRows: () => taken().map(({ row }) => row),
    take: () => taken().map(({ name, row }) => `${name}: ${JSON.stringify(row)}`),
    restart: (changed = text) => {
      const next = start(changed, options, config);
      return { ...next, report: next.runtime.restore(runtime.snapshot()) };
    },
  };
}

/** Of each statement that began anew the reason. */
export const reasons = ({ statements }: RestoreReport): Readonly<Record<string, string>> =>
  Object.fromEntries(
    statements.flatMap(({ statement, outcome, reason }) =>
      outcome === 'anew' ? [[statement.name, reason ?? '']] : [],
    ),
  );
