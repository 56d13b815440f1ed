import { compile, createRuntime, EplError, explain } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const schema = 'create schema E(ts long, txt string);';

/** The value of the expression, with the clocks of that zone. */
function evaluated(expression: string, at: string, timeZone: string): unknown {
  const result = compile(`${schema} @Name('s') select ${expression} as x from E`, { timeZone });
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  const given: unknown[] = [];
  runtime
    .deploy(result.module)
    .statement('s')!
    .addListener(({ newRows: [{ x }] }) => given.push(x));
  runtime.sendEvent('E', { ts: Date.parse(at), txt: at });
  return given[0];
}

const asText = (value: unknown): unknown =>
  typeof value === 'number' && value > 1e9 ? new Date(value).toISOString() : value;

describe('the time zone of statements', () => {
  it.each([
    ['ts.getHourOfDay()', '2024-07-01T22:30:00Z', 'Europe/Amsterdam', 0],
    ['ts.getDayOfWeek()', '2024-07-01T22:30:00Z', 'Europe/Amsterdam', 3],
    ['ts.getDayOfYear()', '2024-12-31T23:30:00Z', 'Europe/Amsterdam', 1],
    ['ts.withTime(0, 0, 0, 0)', '2024-07-01T12:00:00Z', 'America/New_York', '2024-07-01T04:00:00.000Z'],
    ['ts.roundFloor("day")', '2024-03-31T12:00:00Z', 'Europe/Amsterdam', '2024-03-30T23:00:00.000Z'],
    ['ts.roundCeiling("day")', '2024-03-31T12:00:00Z', 'Europe/Amsterdam', '2024-03-31T22:00:00.000Z'],
    ['ts.plus(1 day)', '2024-03-30T12:00:00Z', 'Europe/Amsterdam', '2024-03-31T11:00:00.000Z'],
    ['ts.plus(24 hours)', '2024-03-30T12:00:00Z', 'Europe/Amsterdam', '2024-03-31T12:00:00.000Z'],
    ['ts.minus(1 week 1 hour)', '2024-04-01T12:00:00Z', 'Europe/Amsterdam', '2024-03-25T12:00:00.000Z'],
    ['ts.set("month", 0).getHourOfDay()', '2024-07-01T12:00:00Z', 'Europe/Amsterdam', 14],
    ['ts.roundHalf("hour")', '2024-10-27T00:20:00Z', 'Europe/Amsterdam', '2024-10-27T00:00:00.000Z'],
    [
      "ts.format('yyyy-MM-dd HH:mm Z X')",
      '2024-07-01T22:30:00Z',
      'Asia/Kolkata',
      '2024-07-02 04:00 +0530 +05',
    ],
    ["ts.format('HH:mm XXX')", '2024-07-01T22:30:00Z', 'America/New_York', '18:30 -04:00'],
    ["ts.format('z')", '2024-07-01T22:30:00Z', 'America/New_York', 'EDT'],
    [
      "cast('2024-07-01 12:00', long, dateformat: 'yyyy-MM-dd HH:mm')",
      '2024-07-01T00:00:00Z',
      'Europe/Amsterdam',
      '2024-07-01T10:00:00.000Z',
    ],
    [
      "cast('2024-07-01T12:00:00', long, dateformat: 'iso')",
      '2024-07-01T00:00:00Z',
      'Europe/Amsterdam',
      '2024-07-01T10:00:00.000Z',
    ],
    [
      "cast(txt, long, dateformat: 'iso')",
      '2024-07-01T12:00:00Z',
      'Europe/Amsterdam',
      '2024-07-01T12:00:00.000Z',
    ],
    ['ts.getHourOfDay()', '2024-07-01T22:30:00Z', 'UTC', 22],
  ])('%s at %s in %s', (expression, at, timeZone, expected) => {
    expect(asText(evaluated(expression, at, timeZone))).toBe(expected);
  });

  it('is that of queries', () => {
    const result = compile(
      'create schema E(ts long); create window W#keepall as E; insert into W select * from E',
    );
    if (!result.ok) throw new Error(result.diagnostics[0].message);
    const runtime = createRuntime();
    runtime.deploy(result.module);
    runtime.sendEvent('E', { ts: 0 });
    const query = 'select ts.getHourOfDay() as h from W';
    expect(runtime.query(query)).toEqual([{ h: 0 }]);
    expect(runtime.query(query, { timeZone: 'Europe/Amsterdam' })).toEqual([{ h: 1 }]);
  });

  it('has to exist', () => {
    expect(() => compile(schema, { timeZone: 'Mars/Olympus' })).toThrow(EplError);
  });

  it('leaves the plan as it is where it is UTC', () => {
    const text = `${schema} select ts.getHourOfDay() as h from E`;
    const [one, other] = [compile(text), compile(text, { timeZone: 'UTC' })];
    if (!one.ok || !other.ok) throw new Error('was rejected');
    expect(explain(other.module)).toBe(explain(one.module));
  });
});
