import { readFile } from 'node:fs/promises';
import { compile, explain, formatDiagnostic } from '@flowpact/epl';
import { FlowpactError } from '../flowpact-error.ts';
import { compileModuleFile } from '../pipeline/module-file.ts';
import { evidenceLimit, securityEventMapping } from '../pipeline/security-event-annotation.ts';

/** Checks each module by itself, and goes on after one that is wrong. */
export async function runRulesCheck(files: readonly string[]): Promise<void> {
  let wrong = 0;
  for (const file of files) {
    const findings = await check(file);
    for (const finding of findings) console.log(finding);
    if (findings.length > 0) wrong++;
  }
  const of = files.length === 1 ? '1 module' : `${files.length} modules`;
  console.error(
    `flowpact: ${of} checked, ${wrong === 0 ? 'nothing wrong' : `${wrong} with errors or warnings`}`,
  );
}

/** The findings as text; an error among them sets the exit code. */
async function check(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    process.exitCode = 1;
    return [`${file}: cannot be read: ${(cause as Error).message}`];
  }
  const result = compile(text, { file, evidence: evidenceLimit });
  const findings = result.diagnostics.map(formatDiagnostic);
  if (!result.ok) {
    process.exitCode = 1;
    return findings;
  }
  for (const statement of result.module.statements) {
    try {
      securityEventMapping(statement);
    } catch (error) {
      if (!(error instanceof FlowpactError)) throw error;
      process.exitCode = 1;
      findings.push(`${file}: error: ${error.message}`);
    }
  }
  return findings;
}

export async function runRulesExplain(file: string): Promise<void> {
  console.log(explain(await compileModuleFile(file, { evidence: evidenceLimit })).trimEnd());
}
