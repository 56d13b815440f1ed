import { readFileSync, writeFileSync } from 'node:fs';
import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { dateTimeMethods } from '../src/analysis/bind-date-time.ts';
import { previousNames } from '../src/analysis/bind-previous.ts';
import { functions } from '../src/analysis/functions.ts';
import { enumerationMethods } from '../src/plan/enumeration-method.ts';
import { aggregateNames } from '../src/syntax/aggregate-names.ts';
import { mistakes, schema } from './mistakes.ts';

const page = new URL('../../../docs/reference/epl.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const [types, ...examples] = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, body]) => body);

/** Compiles the example and runs it on some events of every type: nothing may be refused, nothing may fail. */
function run(example: string): void {
  const result = compile(`${types}${example}`, { file: 'epl.md' });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const errors: string[] = [];
  runtime.onStatementError(({ statement, error }) => errors.push(`${statement.name}: ${error.message}`));
  let rows = 0;
  const { statements } = runtime.deploy(result.module);
  for (const statement of statements) {
    statement.addListener(({ newRows, oldRows }) => {
      rows += newRows.length + oldRows.length;
    });
  }
  for (let i = 0; i < 20; i++) {
    runtime.advanceTime(i * 10_000);
    runtime.sendEvent('Flow', {
      src: `10.0.0.${i % 3}`,
      dst: '10.1.0.1',
      sport: 40_000 + i,
      dport: [22, 23, 80, 53, 8443][i % 5],
      proto: i % 2 === 0 ? 6 : 17,
      packets: i,
      octets: 1000 * i,
      ts: i * 10_000,
      extra: i,
    });
    runtime.sendEvent('Login', { user: 'Ann', src: `10.0.0.${i % 2}`, ok: i % 2 === 0, ts: i * 10_000 });
    runtime.sendEvent('Ipfix', { 'ipfix.sourceIPv4Address': '10.0.0.1', tags: ['a', 'b'] });
  }
  for (const { name } of result.module.eventTypes) runtime.sendEvent(name, {});
  runtime.advanceTime(400_000);
  for (const statement of statements) rows += [...statement.rows()].length;
  expect(errors).toEqual([]);
  expect(rows).toBeGreaterThan(0);
}

/** The table of typical mistakes, from what the compiler prints. */
function mistakesTable(): string {
  const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const code = (value: string): string =>
    value.includes('`') ? `\`\` ${cell(value)} \`\`` : `\`${cell(value)}\``;
  const lines = Object.entries(mistakes).map(([title, statement]) => {
    const [diagnostic] = compile(schema + statement).diagnostics;
    const { message, suggestion } = diagnostic;
    const hint = suggestion === undefined ? '' : `; did you mean ${code(suggestion)}?`;
    return `| ${title} | ${code(statement)} | ${cell(message)}${hint} \`${diagnostic.code}\` |`;
  });
  return `\n| mistake | written | printed |\n|---|---|---|\n${lines.join('\n')}\n`;
}

describe('docs/reference/epl.md', () => {
  it.each(examples.map((example) => [example.split('\n', 1)[0], example]))('runs: %s', (_first, example) => {
    run(example);
  });

  it('names every aggregate and function', () => {
    const names = [
      ...aggregateNames,
      ...previousNames,
      ...functions.keys(),
      ...enumerationMethods,
      ...dateTimeMethods,
    ];
    expect(names.filter((name) => !text.includes(`${name}(`) && !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('has what is printed for 40 typical mistakes or more', () => {
    const [before, rest] = text.split('<!-- mistakes -->');
    const [shown, after] = rest.split('<!-- /mistakes -->');
    const table = mistakesTable();
    if (process.env.FLOWPACT_UPDATE_DOCS !== undefined) {
      writeFileSync(page, `${before}<!-- mistakes -->${table}<!-- /mistakes -->${after}`);
    } else expect(shown).toBe(table);
    expect(Object.keys(mistakes).length).toBeGreaterThanOrEqual(40);
  });
});
