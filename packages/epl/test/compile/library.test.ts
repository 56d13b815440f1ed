import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll, refusal } from '../evaluate.ts';

const schema = 'create schema E(s string, t string, i int, l long, d double, tags string[], m map)';
const event = { s: ' Ab,c,,', t: 'b', i: -7, l: 9007199254740993n, d: 2.5, tags: ['x', 'y'], m: { k: 'v' } };
const evaluate = (expression: string, data: Record<string, unknown> = event): unknown =>
  evaluateAll(schema, expression, [data])[0];

describe('functions and methods under the names of Java', () => {
  it.each([
    ['Math.max(i, 3)', 3],
    ['Math.max(l, i)', 9007199254740993n],
    ['java.lang.Math.min(i, d)', -7],
    ['Math.abs(i)', 7],
    ['Math.abs(-2147483648)', -2147483648],
    ['Math.round(d)', 3],
    ['Math.round(-2.5)', -2],
    ['Math.rint(d)', 2],
    ['Math.floorMod(i, 3)', 2],
    ['Math.floorDiv(i, 2)', -4],
    ['Math.floorDiv(i, 0)', null],
    ['Math.pow(2, 10)', 1024],
    ['Math.floor(i / 2)', -4],
    ['String.valueOf(i)', '-7'],
    ["String.join('-', tags)", 'x-y'],
    ["Integer.parseInt('12')", 12],
    ["Integer.parseInt('twelve')", null],
    ["Long.valueOf('9007199254740993')", 9007199254740993n],
    ['Integer.toHexString(i)', 'fffffff9'],
    ['Integer.bitCount(i)', 30],
    ["Double.parseDouble('1.5')", 1.5],
    ["Boolean.parseBoolean('TRUE')", true],
    ['s.trim()', 'Ab,c,,'],
    ["s.trim().split(',')", ['Ab', 'c']],
    ["'a.b'.split('\\\\.')", ['a', 'b']],
    ["s.replace(',', '$&')", ' Ab$&c$&$&'],
    ["s.indexOf(',', 4)", 5],
    ['s.charAt(1)', 'A'],
    ['s.substring(1, 3).toLowerCase()', 'ab'],
    ['s.substring(1, 99)', null],
    ["'abc'.hashCode()", 96354],
    ["'abc'.compareTo('abd')", -1],
    ["'abc'.matches('[a-c]+')", true],
    ["'ab'.repeat(2)", 'abab'],
    ["'ab'.repeat(1000000)", null],
    ['i.toString()', '-7'],
    ['i.equals(-7)', true],
    ['d.intValue()', 2],
    ['tags.length', 2],
    ['tags.size()', 2],
    ['tags.get(1)', 'y'],
    ["tags.contains('z')", false],
    ["m.get('k')", 'v'],
    ["m.get('none')", null],
    ["m.containsKey('k')", true],
    ['m.size()', 1],
    ['m.keySet()', ['k']],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each(['Math.max(i, l)', 's.trim()', 's.concat(t)', 'tags.size()', "m.get('k')"])(
    '%s of null is null',
    (expression) => {
      expect(evaluate(expression, {})).toBeNull();
    },
  );

  // As in Java, and so in Esper.
  it("String.valueOf of null is the text 'null'", () => {
    expect(evaluate('String.valueOf(i)', {})).toBe('null');
    expect(evaluate('Integer.toString(i)', {})).toBeNull();
  });

  it('rounds quotients down as the remainder says', () => {
    const longs = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.array(fc.tuple(longs, fc.integer()), { maxLength: 20 }), (pairs) => {
        const canonical = (x: bigint) => (Number.isSafeInteger(Number(x)) ? Number(x) : x);
        const events = pairs.filter(([, i]) => i !== 0).map(([l, i]) => ({ l: canonical(l), i }));
        const whole = evaluateAll(schema, 'Math.floorDiv(l, i) * i + Math.floorMod(l, i) = l', events);
        expect(whole).toEqual(events.map(() => true));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['Math.mx(i, 1)', "unknown function 'Math.mx'"],
    ['Math.sqrt(s)', 'Math.sqrt takes a number'],
    ['s.lenght()', "s (string) has no method 'lenght'"],
    ["s.split('[,]')", 'split takes a constant text'],
    ["s.matches('(a')", 'the pattern'],
  ])('%s is refused: %s', (expression, message) => {
    expect(refusal(`${schema}; select ${expression} from E`)).toContain(message);
  });
});
