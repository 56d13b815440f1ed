import { compile } from '@flowpact/epl';
import type { z } from 'zod';
import { FlowpactError } from '../../flowpact-error.ts';
import { evidenceLimit, securityEventMapping } from '../../pipeline/security-event-annotation.ts';
import type { moduleFindingsSchema } from './schema/module-schema.ts';

type Findings = z.infer<typeof moduleFindingsSchema>;

/** What the compiler says of a module, and whether its annotations make sense. */
export function checkModule(source: string): Findings {
  const result = compile(source, { file: 'module', evidence: evidenceLimit });
  const findings: Findings['findings'][number][] = result.diagnostics.map(
    ({ severity, code, message, line, column }) => ({ severity, code, message, line, column }),
  );
  for (const statement of result.ok ? result.module.statements : []) {
    try {
      securityEventMapping(statement);
    } catch (error) {
      if (!(error instanceof FlowpactError)) throw error;
      const line = source.slice(0, Math.max(0, source.indexOf(statement.text))).split('\n').length;
      findings.push({ severity: 'error', code: error.code, message: error.message, line, column: 1 });
    }
  }
  return { isUsable: !findings.some(({ severity }) => severity === 'error'), findings };
}
