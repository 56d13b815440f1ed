import { compile, formatDiagnostic } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { mistakes, schema } from './mistakes.ts';

describe('diagnostics', () => {
  it.each(Object.entries(mistakes))('%s', (_title, text) => {
    const result = compile(schema + text, { file: 'flows.epl' });
    expect(result.ok).toBe(false);
    expect(`\n${result.diagnostics.map(formatDiagnostic).join('\n')}\n`).toMatchSnapshot();
  });

  it('reports every statement that is wrong, and no consequences of these', () => {
    const result = compile(`create schema A(x it); select x from A; select y from B;`);
    expect(result.diagnostics.map(({ code }) => code)).toEqual([
      'EPL_UNKNOWN_TYPE',
      'EPL_UNKNOWN_EVENT_TYPE',
    ]);
  });

  it('gives the place in lines and columns, the end behind the last character', () => {
    const [diagnostic] = compile('create schema A(x int);\r\n\tselect y\r\nfrom A').diagnostics;
    expect(diagnostic).toMatchObject({ line: 2, column: 9, endColumn: 10, sourceLine: '\tselect y' });
  });

  it('shows a part of a long line with the caret below the place', () => {
    const text = `create schema A(x int); select ${'x + '.repeat(60)}yy from A`;
    const printed = formatDiagnostic(compile(text).diagnostics[0]).split('\n');
    const caret = printed[2].indexOf('^');
    expect(printed[1].slice(caret, caret + 2)).toBe('yy');
    expect(printed[1].length).toBeLessThan(180);
  });
});
