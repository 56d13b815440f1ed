import {
  compile,
  createRuntime,
  type Deployment,
  formatDiagnostic,
  type Row,
  type Runtime,
  type RuntimeConfig,
} from '@flowpact/epl';

/** What a statement gave: one entry a call. */
export interface Given {
  readonly newRows: readonly Row[];
  readonly oldRows: readonly Row[];
}

export interface Started {
  readonly runtime: Runtime;
  readonly deployment: Deployment;
  /** Of each named statement that is listened to. */
  readonly given: Readonly<Record<string, Given[]>>;
  /** What went wrong inside of statements, oldest first. */
  readonly errors: string[];
}

/** Deploys the text and listens to those statements. */
export function start(text: string, listened: readonly string[] = [], config: RuntimeConfig = {}): Started {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime(config);
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(`${error.code}: ${error.message}`));
  const deployment = runtime.deploy(result.module);
  const given: Record<string, Given[]> = {};
  for (const name of listened) {
    given[name] = [];
    deployment.statement(name)!.addListener(({ newRows, oldRows }) => given[name].push({ newRows, oldRows }));
  }
  return { runtime, deployment, given, errors };
}

/** The message of the only thing that is wrong with the text. */
export function rejection(text: string): string {
  const { diagnostics } = compile(text);
  if (diagnostics.length !== 1)
    throw new Error(
      `${diagnostics.length} diagnostics instead of one: ${diagnostics.map(({ message }) => message).join('; ')}`,
    );
  return diagnostics[0].message;
}
