import { compile, createRuntime, type Row } from '@flowpact/epl';

/** What a step does: sends an event, or moves the clock. */
export type Step = readonly [type: string, data: Readonly<Record<string, unknown>>] | number;

/** One call of the listener of the statement `s`. */
export interface Call {
  readonly new: readonly Row[];
  readonly old: readonly Row[];
}

/** Runs the module and gives, for each step, the calls of the listener of its statement `s`. */
export function run(text: string, steps: readonly Step[]): Call[][] {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  let calls: Call[] = [];
  runtime
    .deploy(result.module)
    .statement('s')!
    .addListener(({ newRows, oldRows }) => {
      calls.push({ new: newRows.map((row) => ({ ...row })), old: oldRows.map((row) => ({ ...row })) });
    });
  return steps.map((step) => {
    calls = [];
    if (typeof step === 'number') runtime.advanceTime(step);
    else runtime.sendEvent(...step);
    return calls;
  });
}

/** The new rows of all steps, one after the other. */
export const newRows = (text: string, steps: readonly Step[]): Row[] =>
  run(text, steps).flatMap((calls) => calls.flatMap((call) => call.new));
