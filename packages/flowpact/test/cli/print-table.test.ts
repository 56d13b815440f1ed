import { describe, expect, it } from 'vitest';
import { type Column, tableLines } from '../../src/cli/print-table.ts';

const columns: Column<{ readonly name: string; readonly what: string }>[] = [
  { heading: 'NAME', text: ({ name }) => name },
  { heading: 'WHAT', text: ({ what }) => what },
];

describe('a table', () => {
  it('lines its columns up, and cuts all but the last', () => {
    const long = 'x'.repeat(100);
    expect(
      tableLines(
        [
          { name: 'a', what: long },
          { name: long, what: 'b' },
        ],
        columns,
      ),
    ).toEqual([`NAME${' '.repeat(42)}WHAT`, `a${' '.repeat(45)}${long}`, `${'x'.repeat(43)}…  b`]);
  });

  it('takes out what would move the cursor', () => {
    expect(tableLines([{ name: 'a\u001b[2J\u009b', what: 'b\nc' }], columns)[1]).toBe('a [2J   b c');
  });
});
