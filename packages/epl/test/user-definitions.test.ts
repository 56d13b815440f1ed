import { type AggregationDefinition, compile, createRuntime, type FunctionDefinition } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const functions: readonly FunctionDefinition[] = [
  {
    name: 'net.isPrivate',
    parameters: ['string'],
    result: 'boolean',
    call: (address: string | null) => address?.startsWith('10.') ?? null,
  },
  {
    name: 'fails',
    parameters: [],
    result: 'int',
    call: () => {
      throw new Error('no');
    },
  },
];

const aggregations: readonly AggregationDefinition[] = [
  {
    name: 'product',
    parameters: ['long', 'int'],
    result: 'double',
    create: () => {
      let product = 1;
      return {
        enter: (value: number, times: number) => {
          product *= value ** times;
        },
        leave: (value: number, times: number) => {
          product /= value ** times;
        },
        value: () => product,
      };
    },
  },
];

function run(statement: string, events: readonly Record<string, unknown>[]) {
  const text = `create schema E(a string, n int); @Name('out') ${statement}`;
  const result = compile(text, { functions, aggregations });
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  const rows: unknown[] = [];
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(error.message));
  runtime
    .deploy(result.module)
    .statement('out')!
    .addListener(({ newRows }) => rows.push(...newRows.map((row) => ({ ...row }))));
  for (const event of events) runtime.sendEvent('E', event);
  return { rows, errors };
}

describe('functions of the program', () => {
  it('are called in filters and columns, with null for what is missing', () => {
    const { rows } = run('select a, net.isPrivate(a) as p from E', [
      { a: '10.0.0.1' },
      { a: '192.0.2.1' },
      {},
    ]);
    expect(rows).toEqual([
      { a: '10.0.0.1', p: true },
      { a: '192.0.2.1', p: false },
      { a: null, p: null },
    ]);
    expect(
      run('select a from E(net.isPrivate(a))', [{ a: '10.0.0.1' }, { a: '192.0.2.1' }]).rows,
    ).toHaveLength(1);
  });

  it('are counted as errors of the statement where they throw', () => {
    const { rows, errors } = run('select fails() as f from E', [{}]);
    expect(rows).toEqual([]);
    expect(errors).toEqual(["the statement 'out' failed: no"]);
  });

  it('are refused with arguments that do not fit, with a suggestion where the name is near', () => {
    const diagnose = (statement: string) =>
      compile(`create schema E(a string, n int); ${statement}`, { functions, aggregations }).diagnostics[0];
    expect(diagnose('select net.isPrivate(n) from E')).toMatchObject({
      code: 'EPL_TYPE',
      message: 'net.isPrivate takes string, not int',
    });
    expect(diagnose('select net.isPrivat(a) from E')).toMatchObject({
      code: 'EPL_UNKNOWN_FUNCTION',
      suggestion: 'net.isPrivate',
    });
    expect(diagnose('select a from E where product(n, 1) > 2')).toMatchObject({ code: 'EPL_AGGREGATION' });
  });
});

describe('aggregations of the program', () => {
  it('see what enters and what leaves, by group and with a filter', () => {
    const { rows } = run(
      'select a, product(n, 1) as p, product(n, 2, filter: n > 2) as q from E#length(3) group by a',
      [
        { a: 'x', n: 2 },
        { a: 'x', n: 3 },
        { a: 'y', n: 5 },
        { a: 'x', n: 7 },
      ],
    );
    expect(rows).toEqual([
      { a: 'x', p: 2, q: 1 },
      { a: 'x', p: 6, q: 9 },
      { a: 'y', p: 5, q: 25 },
      { a: 'x', p: 21, q: 441 },
    ]);
  });
});
