import { describe, expect, it } from 'vitest';
import { evaluateAll, refusal } from '../evaluate.ts';

const schema = 'create schema P(no int); create schema E(x int, y int, p P[])';
const evaluate = (expression: string, data: Record<string, unknown>): unknown =>
  evaluateAll(schema, expression, [data])[0];

/** With `declarations` before the statement that selects the expression. */
const withExpressions = (declarations: string, expression: string, data: Record<string, unknown>): unknown =>
  evaluateAll(`${schema}; ${declarations}`, expression, [data])[0];

describe('declared expressions', () => {
  it.each([
    ['create expression twice { v => v * 2 }', 'twice(x + 1)', 6],
    ['create expression total { e => e.x + e.y }', 'total(E)', 5],
    ['create expression total { e => e.x + e.y }', 'total(*)', 5],
    ['create expression one { 1 }', 'one() + one', 2],
    ['create expression both alias for { x * y }', 'both + 1', 7],
    ['create expression big { (a, b) => a.where(v => v.no > b) }', 'big(p, x).countOf()', 1],
    ['create expression hit { v => v.no > 2 }', 'p.countOf(q => hit(q))', 1],
    ['create expression step { v => v + 1 }; create expression steps { v => step(v) * 2 }', 'steps(x)', 6],
  ])('%s; %s', (declarations, expression, expected) => {
    expect(withExpressions(declarations, expression, { x: 2, y: 3, p: [{ no: 1 }, { no: 5 }] })).toBe(
      expected,
    );
  });

  it('correlate subqueries by their parameters', () => {
    const text = `${schema}; create expression newest { e => (select no from P#keepall as q where q.no = e.x) }`;
    expect(evaluateAll(text, 'newest(E)', [{ x: 1 }])).toEqual([null]);
  });

  it('are seen by their statement alone when they are declared in it', () => {
    expect(refusal(`${schema}; expression f { 1 } select f() from E; select f() from E`)).toContain(
      'unknown',
    );
    expect(refusal(`${schema}; expression f { 1 } expression f { 2 } select f() from E`)).toContain('f');
  });

  it('reads what is called by name where parameters hide it', () => {
    expect(evaluate('p.selectFrom(x => x.no)', { x: 9, p: [{ no: 4 }] })).toEqual([4]);
  });

  it.each([
    ['create expression f { v => f(v) }; select f(x) from E', "the declared expression 'f' calls itself"],
    ['create expression f { v => v }; select f(x, y) from E', "'f' takes 1 argument, not 2"],
    ['create expression f { x + 1 }; select f() from E', 'a declared expression sees its parameters only'],
    ['create expression double js:f(a) [ a ]', 'scripts are not run'],
    ['create expression js:f(a) [ a ]', 'scripts are not run'],
  ])('%s is refused: %s', (text, message) => {
    expect(refusal(`${schema}; ${text}`)).toContain(message);
  });

  it('refuses what grows beyond all bounds', () => {
    const names = Array.from({ length: 40 }, (_, i) => `f${i}`);
    const calls = names.map(
      (name, i) => `create expression ${name} { v => ${i === 0 ? 'v + v' : `f${i - 1}(v) + f${i - 1}(v)`} }`,
    );
    expect(refusal(`${schema}; ${calls.join('; ')}; select f39(x) from E`)).toContain('too large');
    const nested = `${'g('.repeat(60)}x${')'.repeat(60)}`;
    expect(refusal(`${schema}; create expression g { v => v + v }; select ${nested} from E`)).toContain(
      'too large',
    );
  });
});
