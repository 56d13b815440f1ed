import { compile, createRuntime, evidenceOf, explain, type FunctionDefinition } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const schemas = 'create schema G(src string, n int); create schema Out(a string, b int);';

/** What the function gives is a map; nothing for a number below 0. */
const makeOut: FunctionDefinition = {
  name: 'makeOut',
  parameters: ['string', 'int'],
  result: 'map',
  call: (a: string, b: number) => (b < 0 ? null : { a, b, more: true }),
};

function run(statements: string, events: readonly (readonly [string, number])[], evidence = 0) {
  const result = compile(`${schemas} ${statements}`, { functions: [makeOut], evidence: () => evidence });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  const runtime = createRuntime();
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(error.message));
  const deployment = runtime.deploy(result.module);
  const rows: Readonly<Record<string, unknown>>[] = [];
  deployment.statement('s')?.addListener(({ newRows }) => rows.push(...newRows));
  for (const [src, n] of events) runtime.sendEvent('G', { src, n });
  return { rows, errors, runtime, module: result.module };
}

const message = (statement: string): string => {
  const { diagnostics } = compile(`${schemas} ${statement}`, { functions: [makeOut] });
  return diagnostics.map(({ message: text }) => text).join('; ');
};

describe('transpose', () => {
  it.each([
    ['insert into Out select transpose(makeOut(src, n)) from G;', 'select a, b from Out'],
    ['insert into Out select transpose(makeOut(src, n)) from G#time(1 min);', 'select * from Out'],
    [
      'create window W#keepall as Out; insert into W select transpose(makeOut(src, n)) from G;',
      'select * from W',
    ],
    [
      'insert into Other select transpose(o) from Out as o; insert into Out select src as a, n as b from G;',
      'select a, b from Other',
    ],
  ])('makes an event of what the function gives: %s', (insert, query) => {
    const { rows } = run(`${insert} @Name('s') ${query}`, [
      ['x', 1],
      ['y', 2],
    ]);
    expect(rows).toEqual([
      { a: 'x', b: 1 },
      { a: 'y', b: 2 },
    ]);
  });

  it('gives the event under a tag of a pattern on', () => {
    const { rows, runtime } = run(
      `create schema Inn(a string, b int); insert into Out select transpose(i) from pattern [every i=Inn(b = 7) -> G];
        @Name('s') select a, b from Out`,
      [],
    );
    runtime.sendEvent('Inn', { a: 'x', b: 7 });
    runtime.sendEvent('G', { src: 'y', n: 1 });
    expect(rows).toEqual([{ a: 'x', b: 7 }]);
  });

  it('has null for what the map lacks', () => {
    const insert = `create schema Wide(a string, c double); @Name('s') insert into Wide select transpose(makeOut(src, n)) from G`;
    expect(run(insert, [['x', 1]]).rows).toEqual([{ a: 'x', c: null }]);
  });

  it('carries the evidence of its event', () => {
    const insert = `@Name('s') insert into Out select transpose(makeOut(src, n)) from G`;
    const [row] = run(insert, [['x', 1]], 5).rows;
    expect(evidenceOf(row)).toEqual([{ src: 'x', n: 1 }]);
  });

  it('tells of what the function does not give, and goes on', () => {
    const { rows, errors } = run(`@Name('s') insert into Out select transpose(makeOut(src, n)) from G`, [
      ['x', -1],
      ['y', 1],
    ]);
    expect(rows).toEqual([{ a: 'y', b: 1 }]);
    expect(errors).toEqual([expect.stringContaining("transpose was given nothing for an event of 'Out'")]);
  });

  it('is explained', () => {
    const { module } = run(`@Name('s') insert into Out select transpose(makeOut(src, n)) from G`, []);
    expect(explain(module)).toContain('rows per-event, istream: made of makeOut(src, n)');
  });

  it.each([
    ['insert into Out select transpose(n + 1) from G', /transpose needs an event or a map, and int/],
    ['insert into Plain select transpose(makeOut(src, n)) from G', /declare its schema first/],
    ['select transpose(makeOut(src, n)) as t from G', /stands alone in a select clause behind 'insert into'/],
    ['insert into Out select *, transpose(makeOut(src, n)) from G', /stands alone/],
    ['insert into Out(a, b) select transpose(makeOut(src, n)) from G', /leave the list out/],
    ['insert into Out select transpose(g) from G as g', /has no column 'src'/],
    ['insert into Out select transpose() from G', /takes one value/],
  ])('%s is refused', (statement, text) => {
    expect(message(statement)).toMatch(text);
  });
});
