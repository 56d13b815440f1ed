import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msToNtp, ntpMicrosecondsToMs, ntpNanosecondsToMs } from '../../src/record/ntp-time.ts';

describe('NTP timestamps', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', 2208988800, 0],
    ['2023-11-14T22:13:20.500Z', 3908988800, 0x80000000],
    ['2036-02-07T06:28:15.000Z', 0xffffffff, 0],
    ['2036-02-07T06:28:16.000Z', 0, 0],
    ['2100-01-01T00:00:00.000Z', 2016466304, 0],
  ])('of %s', (iso, seconds, fraction) => {
    const ms = Date.parse(iso);
    expect(ntpNanosecondsToMs(seconds, fraction)).toBe(ms);
    expect(ntpMicrosecondsToMs(seconds, fraction)).toBe(ms);
    expect(msToNtp(ms, 'nano')).toEqual({ seconds, fraction });
    expect(msToNtp(ms, 'micro')).toEqual({ seconds, fraction });
  });

  it('give back every microsecond', () => {
    const range = { min: Date.UTC(1969, 0) * 1000, max: Date.UTC(2104, 0) * 1000 };
    fc.assert(
      fc.property(fc.integer(range), (microseconds) => {
        const ntp = msToNtp(microseconds / 1000, 'micro')!;
        expect(ntp.fraction % 2048).toBe(0);
        expect(ntpMicrosecondsToMs(ntp.seconds, ntp.fraction)).toBe(microseconds / 1000);
      }),
    );
  });

  it('give back every nanosecond of the first seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5e9 }), (nanoseconds) => {
        const ntp = msToNtp(nanoseconds / 1e6, 'nano')!;
        expect(Math.round(ntpNanosecondsToMs(ntp.seconds, ntp.fraction) * 1e6)).toBe(nanoseconds);
      }),
    );
  });

  it('carry a fraction that rounds up into the seconds', () => {
    expect(msToNtp(999.9999999, 'micro')).toEqual({ seconds: 2208988801, fraction: 0 });
    expect(msToNtp(999.9999999, 'nano')).toEqual({ seconds: 2208988801, fraction: 0 });
  });
});
