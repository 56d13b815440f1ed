import { readFile } from 'node:fs/promises';
import { type CompiledModule, type CompileOptions, compile, formatDiagnostic } from '@flowpact/epl';
import { FlowpactError } from '../flowpact-error.ts';

/**
 * Reads and compiles a file of EPL statements.
 * @throws FlowpactError `FLOWPACT_FILE`, or `FLOWPACT_MODULE` with all diagnostics in its message.
 */
export async function compileModuleFile(
  file: string,
  options: Omit<CompileOptions, 'file'> = {},
): Promise<CompiledModule> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read the module ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return compileModuleText(text, { ...options, file });
}

/** @throws FlowpactError `FLOWPACT_MODULE` with all diagnostics in its message. */
export function compileModuleText(text: string, options: CompileOptions): CompiledModule {
  const result = compile(text, options);
  if (result.ok) return result.module;
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  throw new FlowpactError('FLOWPACT_MODULE', errors.map(formatDiagnostic).join('\n\n'));
}
