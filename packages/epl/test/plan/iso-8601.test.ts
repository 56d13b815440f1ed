import { describe, expect, it } from 'vitest';
import { parseDate, parsePeriod, parseRecurringInterval } from '../../src/plan/iso-8601.ts';

const march = Date.UTC(2024, 2, 1, 10);

describe('ISO 8601', () => {
  it('reads dates with and without a zone', () => {
    expect(parseDate('2024-03-01T10:00:00Z')).toBe(march);
    expect(parseDate('2024-03-01T11:30:00+01:30')).toBe(march);
    expect(parseDate('2024-03-01T05:00-0500')).toBe(march);
    expect(parseDate('2024-03-01T10:00:00.25')).toBe(march + 250);
    expect(parseDate('2024-03-01')).toBe(Date.UTC(2024, 2, 1));
  });

  it('reads periods', () => {
    expect(parsePeriod('P1Y2M3DT4H5M6.5S')).toEqual({ months: 14, milliseconds: 273_906_500 });
    expect(parsePeriod('P2W')).toEqual({ months: 0, milliseconds: 1_209_600_000 });
  });

  it('reads repetitions, whatever of the rest is left out', () => {
    const tenSeconds = { months: 0, milliseconds: 10_000 };
    expect(parseRecurringInterval('R2/2024-03-01T10:00:00Z/PT10S')).toEqual({
      repetitions: 2,
      dateMs: march,
      period: tenSeconds,
    });
    expect(parseRecurringInterval('R/PT10S')).toEqual({
      repetitions: -1,
      dateMs: undefined,
      period: tenSeconds,
    });
    expect(parseRecurringInterval('R3//PT10S')).toEqual({
      repetitions: 3,
      dateMs: undefined,
      period: tenSeconds,
    });
    expect(parseRecurringInterval('2024-03-01T10:00:00Z')).toEqual({
      repetitions: undefined,
      dateMs: march,
      period: undefined,
    });
  });

  it.each([
    '',
    'R2',
    'R2/nope',
    'P',
    'PT',
    'P0D',
    '2024-13-01',
    '2024-02-30',
    '2024-03-01T25:00',
    'R2/2024-03-01',
    '5',
  ])('refuses %s', (text) => {
    expect(parseRecurringInterval(text)).toBeUndefined();
  });
});
