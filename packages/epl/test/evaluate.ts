import { compile, createRuntime } from '@flowpact/epl';

/** The value of one column for each event sent to the type `E`, which the text declares. */
export function evaluateAll(
  schema: string,
  expression: string,
  events: readonly Readonly<Record<string, unknown>>[],
): unknown[] {
  const result = compile(`${schema}; @Name('s') select ${expression} as v from E#keepall`);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  const values: unknown[] = [];
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  runtime
    .deploy(result.module)
    .statement('s')!
    .addListener(({ newRows }) => values.push(newRows[0].v));
  for (const event of events) runtime.sendEvent('E', event);
  return values;
}

/** The first diagnostic of a text that must not compile. */
export function refusal(text: string): string {
  const result = compile(text);
  if (result.ok) throw new Error('was accepted');
  return result.diagnostics[0].message;
}
