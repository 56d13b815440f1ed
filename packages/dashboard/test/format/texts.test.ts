import { describe, expect, it } from 'vitest';
import {
  bitRateText,
  countText,
  octetsText,
  percentText,
  protocolText,
  shortText,
} from '../../src/format/number-text.ts';
import { clockText, dateText, spanText } from '../../src/format/time-text.ts';
import { countOf } from '../../src/format/word-text.ts';

describe('texts of numbers', () => {
  it.each([
    [0, '0'],
    [0.44, '0.4'],
    [12.6, '13'],
    [999, '999'],
    [1000, '1k'],
    [1234, '1.2k'],
    [99_960, '100k'],
    [999_960, '1M'],
    [3_400_000, '3.4M'],
    [2e15, '2P'],
  ])('%d is %s', (value, text) => expect(shortText(value)).toBe(text));

  it('tells octets, bits, shares, counts and protocols', () => {
    expect([0, 999, 1000, 15_918, 3.4e9].map(octetsText)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '15.9 kB',
      '3.4 GB',
    ]);
    expect(bitRateText(125_000)).toBe('1 Mbit/s');
    expect(percentText(0.765)).toBe('76.5 %');
    expect(countText(1_234_567)).toBe('1,234,567');
    expect([6, 17, 253, null].map(protocolText)).toEqual(['TCP', 'UDP', '253', '']);
    expect([countOf(1, 'flow'), countOf(1200, 'flow')]).toEqual(['1 flow', '1,200 flows']);
  });
});

describe('texts of times', () => {
  it('are UTC, and never fail', () => {
    const timeMs = Date.UTC(2026, 0, 31, 13, 7, 59, 900);
    expect([clockText(timeMs), dateText(timeMs)]).toEqual(['13:07:59', '2026-01-31 13:07:59']);
    expect(clockText(1e300)).toBe('00:00:00');
  });

  it.each([
    [-5, '0 s'],
    [4000, '4 s'],
    [180_000, '3 min'],
    [5 * 3_600_000, '5 h'],
    [4 * 86_400_000, '4 d'],
  ])('%d ms is %s', (ms, text) => expect(spanText(ms)).toBe(text));
});
