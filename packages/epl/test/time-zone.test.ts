import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeZone, type TimeZone, timeOfWallClock, wallClock } from '../src/time-zone.ts';

const zone = (name: string): TimeZone => createTimeZone(name)!;
const hourMs = 3_600_000;

describe('time zones', () => {
  it.each([
    ['Europe/Amsterdam', '2024-01-15T12:00:00Z', 1],
    ['Europe/Amsterdam', '2024-07-15T12:00:00Z', 2],
    ['Europe/Amsterdam', '2024-03-31T00:59:59Z', 1],
    ['Europe/Amsterdam', '2024-03-31T01:00:00Z', 2],
    ['America/New_York', '2024-07-15T12:00:00Z', -4],
    ['Asia/Kolkata', '1970-01-01T00:00:00Z', 5.5],
    ['Australia/Lord_Howe', '2024-07-15T12:00:00Z', 10.5],
    ['UTC', '2024-07-15T12:00:00Z', 0],
  ])('%s at %s is %d hours ahead', (name, at, hours) => {
    expect(zone(name).offsetMs(Date.parse(at))).toBe(hours * hourMs);
  });

  it.each([
    ['what is shown once', '2024-07-15T12:00:00Z', '2024-07-15T10:00:00Z'],
    ['what is left out counts on', '2024-03-31T02:30:00Z', '2024-03-31T01:30:00Z'],
    ['what is shown twice is the later', '2024-10-27T02:30:00Z', '2024-10-27T01:30:00Z'],
    ['before that', '2024-10-27T01:59:59Z', '2024-10-26T23:59:59Z'],
    ['behind that', '2024-10-27T03:00:00Z', '2024-10-27T02:00:00Z'],
  ])('%s', (_name, shown, at) => {
    expect(timeOfWallClock(Date.parse(shown), zone('Europe/Amsterdam'))).toBe(Date.parse(at));
  });

  it('show what they are asked for, but for what is shown twice', () => {
    const names = ['Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'].map(
      zone,
    );
    const times = fc.integer({ min: Date.parse('1950-01-01Z'), max: Date.parse('2040-01-01Z') });
    fc.assert(
      fc.property(fc.constantFrom(...names), times, (one, timeMs) => {
        const back = timeOfWallClock(wallClock(timeMs, one), one);
        const again = wallClock(back, one) === wallClock(timeMs, one);
        expect(again && back >= timeMs && back - timeMs <= 2 * hourMs).toBe(true);
      }),
    );
  });

  it('have to exist', () => {
    expect(createTimeZone('Europe/Nowhere')).toBeUndefined();
  });
});
