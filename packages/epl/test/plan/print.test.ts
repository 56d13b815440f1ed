import { readFileSync } from 'node:fs';
import { compile, explain, formatDiagnostic } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

describe('explain', () => {
  it('prints what each statement reads, keeps, gives and carries as evidence', () => {
    const text = readFileSync(
      new URL('../../../../examples/flowcep/multi-stage-grouped.epl', import.meta.url),
      'utf8',
    );
    const result = compile(text, { evidence: ({ name }) => (name === 'Output' ? 20 : 0) });
    if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
    expect(`\n${explain(result.module)}\n`).toMatchSnapshot();
  });
});
