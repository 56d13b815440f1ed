import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll, refusal } from '../evaluate.ts';

const schema = 'create schema E(t long, u long, y int, p int)';
const evaluate = (expression: string, data: Record<string, unknown>): unknown =>
  evaluateAll(schema, expression, [data])[0];
const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (value: unknown): unknown => (typeof value === 'number' ? new Date(value).toISOString() : value);

const times = fc.integer({ min: utc('1950-01-01T00:00:00'), max: utc('2090-01-01T00:00:00') });

describe('date-time methods', () => {
  it.each([
    ['2024-01-31T10:00:00', 't.plus(1 month)', '2024-02-29T10:00:00.000Z'],
    ['2024-02-29T10:00:00', 't.plus(1 year 1 day)', '2025-03-01T10:00:00.000Z'],
    ['2024-03-31T10:00:00', 't.minus(1 month 1 hour)', '2024-02-29T09:00:00.000Z'],
    ['2024-01-01T00:00:00', 't.plus(p minutes)', '2024-01-01T00:07:00.000Z'],
    ['2024-01-31T10:00:00', "t.set('month', 1)", '2024-03-02T10:00:00.000Z'],
    ['2024-02-10T10:00:00', "t.withMax('day')", '2024-02-29T10:00:00.000Z'],
    ['2024-02-10T10:00:00', "t.withMin('month')", '2024-01-10T10:00:00.000Z'],
    ['2024-02-10T10:00:00', 't.withTime(1, 2, 3, 4)', '2024-02-10T01:02:03.004Z'],
    ['2024-02-10T10:00:00', 't.withDate(y, 11, 31)', '2024-12-31T10:00:00.000Z'],
    ['2024-06-16T00:00:00', "t.roundHalf('year')", '2024-01-01T00:00:00.000Z'],
    ['2024-07-01T00:00:00', "t.roundHalf('year')", '2025-01-01T00:00:00.000Z'],
    ['2024-02-29T13:05:06', "t.format('yyyy-MM-dd HH:mm:ss.SSS')", '2024-02-29 13:05:06.000'],
    ['2024-02-29T13:05:06', "t.format('EEE, d MMM yy ''at'' h a')", 'Thu, 29 Feb 24 at 1 PM'],
    ['2024-02-29T13:05:06', 't.format()', '2/29/24, 1:05 PM'],
    ['2024-02-29T13:05:06', "t.toDate().toCalendar().toMillisec().get('hour')", 13],
    ['2023-12-31T00:00:00', "t.get('week')", 1],
    ['2023-12-30T00:00:00', 't.getDayOfYear()', 364],
    ['2024-12-30T00:00:00', 't.getDayOfYear()', 365],
  ])('%s %s: %s', (time, expression, expected) => {
    const value = evaluate(expression.replaceAll("''", "\\'"), { t: utc(time), p: 7 });
    expect(typeof expected === 'string' && expected.endsWith('Z') ? iso(value) : value).toBe(expected);
  });

  it.each(['sec', 'min', 'hour', 'day', 'month', 'year'])('round to %s on either side', (unit) => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 50 }), (list) => {
        const events = list.map((t) => ({ t }));
        const at = (method: string) => evaluateAll(schema, `t.${method}('${unit}')`, events) as number[];
        const [floors, ceilings, halves] = [at('roundFloor'), at('roundCeiling'), at('roundHalf')];
        list.forEach((t, i) => {
          expect(floors[i]).toBeLessThanOrEqual(t);
          expect(ceilings[i]).toBeGreaterThan(t);
          expect([floors[i], ceilings[i]]).toContain(halves[i]);
        });
        expect(
          evaluateAll(
            schema,
            `t.roundFloor('${unit}')`,
            floors.map((t) => ({ t })),
          ),
        ).toEqual(floors);
      }),
      { numRuns: 20 },
    );
  });

  it('numbers the weeks so that they begin on Sundays and the first holds 1 January', () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 50 }), (list) => {
        const weeks = evaluateAll(
          schema,
          't.getWeekyear()',
          list.map((t) => ({ t })),
        );
        expect(weeks).toEqual(
          list.map((t) => {
            // Counted day by day, from the Sunday before the new year that lies in the same week or before.
            const day = new Date(Math.floor(t / 86_400_000) * 86_400_000);
            const saturday = new Date(day.getTime() + (6 - day.getUTCDay()) * 86_400_000);
            let week = 1;
            const first = new Date(Date.UTC(saturday.getUTCFullYear(), 0, 1));
            first.setUTCDate(first.getUTCDate() + 6 - first.getUTCDay());
            for (; first < saturday; first.setUTCDate(first.getUTCDate() + 7)) week++;
            return week;
          }),
        );
      }),
    );
  });

  it.each([
    ['t.plus(1 sec)', {}],
    ["t.format('yyyy')", {}],
    ['t.between(u, u + 1)', { t: 1 }],
    ['t.plus(p)', { t: 1 }],
    ['t.plus(9000000000000000)', { t: 1 }],
  ])('%s of %j is null', (expression, data) => {
    expect(evaluate(expression, data)).toBeNull();
  });

  it.each([
    ["t.get('fortnight')", "'fortnight' is no field of a date"],
    ['t.get(1)', 'get needs the name of a field'],
    ["t.roundFloor('week')", 'roundFloor cannot round to weeks'],
    ["t.format('QQ')", 'format takes a constant date pattern'],
    [
      'y.plus(1 sec)',
      "'plus' is for longs of milliseconds and for events with 'starttimestamp', but y (int) is neither",
    ],
    ['t.before(y)', "'before' compares with a long of milliseconds"],
    ['t.before(u, 1 month)', 'before takes no months and years'],
    ['t.meets(u, 1, 2)', 'meets takes 1 or 2 arguments, not 3'],
    ['t.pluss(1)', "t (long) has no method 'pluss'"],
  ])('%s is refused: %s', (expression, message) => {
    expect(refusal(`${schema}; select ${expression} from E`)).toContain(message);
  });
});

type Span = { s: number; e: number };

/** As the algebra defines them. */
const meanings: Readonly<Record<string, (a: Span, b: Span) => boolean>> = {
  before: (a, b) => a.e < b.s,
  after: (a, b) => a.s > b.e,
  coincides: (a, b) => a.s === b.s && a.e === b.e,
  during: (a, b) => a.s > b.s && a.e < b.e,
  includes: (a, b) => a.s < b.s && a.e > b.e,
  finishes: (a, b) => a.s > b.s && a.e === b.e,
  finishedBy: (a, b) => a.s < b.s && a.e === b.e,
  meets: (a, b) => a.e === b.s,
  metBy: (a, b) => a.s === b.e,
  overlaps: (a, b) => a.s < b.s && b.s < a.e && a.e < b.e,
  overlappedBy: (a, b) => b.s < a.s && a.s < b.e && b.e < a.e,
  starts: (a, b) => a.s === b.s && a.e < b.e,
  startedBy: (a, b) => a.s === b.s && a.e > b.e,
};

describe('dates from texts', () => {
  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-02-29T10:11', '2024-02-29T10:11:00.000Z'],
    ['2024-02-29T10:11:12.5', '2024-02-29T10:11:12.500Z'],
    ['2024-02-29T10:11:12+02:00', '2024-02-29T08:11:12.000Z'],
    ['29.2.2024', null],
    ['2024-02-29T', null],
  ])('%s: %s', (text, expected) => {
    expect(iso(evaluate(`cast('${text}', date, dateformat: 'iso')`, {}))).toBe(expected);
  });
});

describe('the interval algebra', () => {
  const spans = 'create schema S(s long, e long) starttimestamp s endtimestamp e; create schema E(a S, b S)';
  const span = fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
    .map(([x, y]): Span => ({ s: Math.min(x, y), e: Math.max(x, y) }));

  it.each(Object.keys(meanings))('%s', (method) => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: span, b: span }), { minLength: 1, maxLength: 60 }), (pairs) => {
        expect(evaluateAll(spans, `a.${method}(b)`, pairs)).toEqual(
          pairs.map(({ a, b }) => meanings[method](a, b)),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('moves whole intervals', () => {
    const [event] = [{ a: { s: 0, e: 1000 }, b: { s: 2000, e: 3000 } }];
    expect(evaluateAll(spans, 'a.plus(1 sec).meets(b)', [event])).toEqual([true]);
    expect(evaluateAll(spans, 'a.plus(1 sec)', [event])).toEqual([1000]);
    expect(evaluateAll(spans, 'a.before(b.s, 1 sec, 0)', [event])).toEqual([true]);
  });
});
