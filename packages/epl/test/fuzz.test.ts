import { readdirSync, readFileSync } from 'node:fs';
import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Texts a property; the environment asks for more. */
const numRuns = Number(process.env.FLOWPACT_FUZZ_CASES ?? 300);
const timeout = 60_000 + numRuns * 10;

const seeds = [
  "@Name('a') @Tag(name='x', value={1, @B, 'c'}) create map schema E(a.b string, x int, y long, z double, ok boolean, l int[]);",
  "select a.b, count(*), sum(x) from E.win:time_batch(1 min) where x < 10 and a.b not like '%x_' group by a.b having count(*) > 2",
  'select irstream e.x + y * 2.5 / z - 3L as v, case when x > 1 then 1 else 2 end from E(x in (1, 2, 3), y between 1 and 5)#length(3) as e order by v desc limit 2 offset 1',
  'insert into T(k, n) select a.b, max(y) from E#time(1 hour 2 minutes 3 sec) group by a.b; select distinct k || "!" from T',
  'select l.x, r.y from E#unique(x) as l inner join E#keepall as r on l.x = r.x and l.y < r.y where l.a.b is not null',
  'select first(x), last(y), window(z), avg(distinct x), median(y), coalesce(x, y), min(x, 3), cast(z, int), -x, x & 7 from E#ext_timed(y, 5 sec)',
];
const words = seeds.join(' ').match(/[A-Za-z_]+|\d+|'[^']*'|"[^"]*"|\S/g)!;

/** A statement with parts taken out, doubled, swapped or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(400), fc.nat(20), fc.oneof(fc.string(), fc.constantFrom(...words))), {
      maxLength: 6,
    }),
  )
  .map(([seed, edits]) => {
    let text = seed;
    for (const [at, length, inserted] of edits) {
      const start = text.length === 0 ? 0 : at % text.length;
      text = `${text.slice(0, start)} ${inserted} ${text.slice(start + length)}`;
    }
    return `${seeds[0]};${text}`;
  });

/** Modules with every part of the language. */
const folder = new URL('cases/', import.meta.url);
const modules = readdirSync(folder).flatMap((name) =>
  (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ({ epl: string } | string)[]).map((each) =>
    typeof each === 'string' ? each : each.epl,
  ),
);
const tokensOf = (text: string) => text.match(/\s+|[A-Za-z_]+|\d+|'[^']*'|"[^"]*"|./gs) ?? [];
const moduleTokens = modules.map(tokensOf);
const moduleWords = [...new Set(moduleTokens.flat())].filter((token) => token.trim() !== '');

/** A module in which tokens are taken out, replaced, or come from another one. */
const mutatedModule = fc
  .tuple(
    fc.constantFrom(...moduleTokens),
    fc.array(
      fc.tuple(
        fc.nat(1000),
        fc.nat(4),
        fc.oneof(
          fc.constant([]),
          fc.constantFrom(...moduleWords).map((word) => [' ', word, ' ']),
          fc
            .tuple(fc.constantFrom(...moduleTokens), fc.nat(1000), fc.nat(12))
            .map(([tokens, at, length]) => tokens.slice(at % tokens.length, (at % tokens.length) + length)),
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([tokens, edits]) => {
    const edited = [...tokens];
    for (const [at, length, inserted] of edits) edited.splice(at % (edited.length + 1), length, ...inserted);
    return edited.join('');
  });
const soup = fc
  .array(fc.constantFrom(...words, '(', ')', '[', ']', '{', '}', '@', '`', "'", '#', ';'), { maxLength: 200 })
  .map((list) => list.join(' '));
const bytes = fc.uint8Array({ maxLength: 300 }).map((list) => String.fromCharCode(...list));

/** Compiles, and runs what compiles: nothing may be thrown. */
function survives(text: string): void {
  const result = compile(text);
  for (const diagnostic of result.diagnostics)
    expect(formatDiagnostic(diagnostic)).toContain(diagnostic.message);
  if (!result.ok) {
    expect(result.diagnostics.length).toBeGreaterThan(0);
    return;
  }
  const runtime = createRuntime();
  runtime.onStatementError(({ error }) => {
    // What an expression may fail with at run time has a code; all else is our mistake.
    if (!(error as { code?: string }).code?.startsWith('EPL_')) throw error;
  });
  const { statements } = runtime.deploy(result.module);
  for (const type of result.module.eventTypes) {
    const names = type.properties.map(({ name }) => name);
    runtime.sendEvent(
      type.name,
      Object.fromEntries(names.map((name, i) => [name, [1, 'k', true, null, 2.5][i % 5]])),
    );
    runtime.sendEvent(type.name, Object.fromEntries(names.map((name) => [name, Number.NaN])));
    runtime.sendEvent(type.name, {});
  }
  runtime.advanceTime(10_000_000);
  for (const statement of statements) [...statement.rows()];
}

describe('any text ends in diagnostics or in a module that runs', () => {
  it('mutations of statements', () => fc.assert(fc.property(mutated, survives), { numRuns }), timeout);
  it(
    'mutations of modules with every part of the language',
    () => fc.assert(fc.property(mutatedModule, survives), { numRuns }),
    timeout,
  );
  it('token soup', () => fc.assert(fc.property(soup, survives), { numRuns }), timeout);
  it('bytes', () => fc.assert(fc.property(bytes, survives), { numRuns }), timeout);

  const depth = 100_000;
  it.each([
    ['parentheses', `select ${'('.repeat(depth)}1${')'.repeat(depth)} from E`],
    ['open parentheses', `select ${'('.repeat(depth)}`],
    ['arrays', `select ${'{'.repeat(depth)}`],
    ['not', `select x from E where ${'not '.repeat(depth)} true`],
    ['case', `select ${'case when '.repeat(depth)}`],
    ['calls', `select ${'f('.repeat(depth)}`],
    ['annotations', `${'@A('.repeat(depth)}`],
    ['sums', `create schema E(x int); select ${'x + '.repeat(depth)}x from E`],
    ['concatenations', `create schema E(x string); select ${'x || '.repeat(depth)}x from E`],
    ['comparisons', `create schema E(x int); select ${'x < '.repeat(depth)}x from E`],
    ['equalities', `create schema E(x int); select ${'x = '.repeat(depth)}x from E`],
    ['members', `create schema E(x int); select x${'.a'.repeat(depth)} from E`],
    ['indexes', `create schema E(x int[]); select ${'x['.repeat(depth)}`],
    ['minus', `select ${'- '.repeat(depth)}x from E`],
  ])('deep %s', (_name, text) => {
    const result = compile(text);
    expect(result.ok).toBe(false);
    expect(result.diagnostics.length).toBeGreaterThan(0);
  });

  it('long flat conditions are no depth', () => {
    const conditions = Array.from({ length: 20_000 }, (_, i) => `x = ${i}`);
    const result = compile(`create schema E(x int); select x from E where ${conditions.join(' or ')}`);
    expect(result.ok).toBe(true);
  });

  it('limits are configurable', () => {
    const limited = (text: string, limits: object) =>
      compile(text, { limits }).diagnostics.map(({ code }) => code);
    expect(limited('select 1 from E', { maxTextLength: 5 })).toEqual(['EPL_LIMIT']);
    expect(limited('select ((1)) from E', { maxNesting: 2 })).toEqual(['EPL_LIMIT']);
    expect(limited('create schema A(x int); create schema B(x int)', { maxStatements: 1 })).toEqual([
      'EPL_LIMIT',
    ]);
  });
});

describe('hostile names cannot reach generated code', () => {
  /** Characters that break out of strings, templates, properties, comments and lines. */
  const hostile = fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '\n',
        '\u2028',
        ']',
        ')',
        '}',
        ';',
        '${',
        '*/',
        '//',
        'a',
        '=',
        '`x',
        '__proto__',
        'constructor',
        'x',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('').replaceAll('`', ''));

  it(
    'as columns, aliases, strings and keys',
    () => {
      fc.assert(
        fc.property(hostile, hostile, (column, text) => {
          fc.pre(column !== '');
          const quoted = `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
          const module = `create schema E(\`${column}\` string, n int);
          @Name('out') select \`${column}\`, ${quoted} as \`t${column}\`, count(*), sum(n) from E#length(3)
          where \`${column}\` is null or \`${column}\` != 'never' group by \`${column}\``;
          const result = compile(module);
          if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
          const runtime = createRuntime();
          const rows: unknown[] = [];
          runtime
            .deploy(result.module)
            .statement('out')!
            .addListener(({ newRows }) => {
              for (const row of newRows) rows.push(row[column], row[`t${column}`], row['count(*)']);
            });
          const data = Object.defineProperty({ n: 1 }, column, { value: 'v', enumerable: true });
          runtime.sendEvent('E', data);
          expect(rows).toEqual(['v', text, 1]);
          expect(Object.getPrototypeOf({})).toBe(Object.prototype);
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it('patterns of like take no more than the product of the lengths', () => {
    const text = `${'a'.repeat(5_000)}b`;
    const result = compile(
      `create schema E(s string); @Name('out') select s like '${'%a'.repeat(300)}%c' as m from E`,
    );
    if (!result.ok) throw new Error(formatDiagnostic(result.diagnostics[0]));
    const runtime = createRuntime();
    const answers: unknown[] = [];
    runtime
      .deploy(result.module)
      .statement('out')!
      .addListener(({ newRows }) => answers.push(newRows[0].m));
    runtime.sendEvent('E', { s: text });
    expect(answers).toEqual([false]);
  });
});
