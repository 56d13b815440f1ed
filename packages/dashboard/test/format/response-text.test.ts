import { expect, it } from 'vitest';
import { countdownText, namesText, originText } from '../../src/format/response-text.ts';

it.each([
  [3_723_000, '1:02:03'],
  [3_600_000, '1:00:00'],
  [3_599_001, '1:00:00'],
  [61_000, '1:01'],
  [1, '0:01'],
  [0, '0:00'],
  [-5000, '0:00'],
])('%i ms are left: %s', (ms, text) => expect(countdownText(ms)).toBe(text));

it.each([
  [[], 0, 'nobody named'],
  [['a'], 1, 'a'],
  [['a', 'b', 'c'], 1200, 'a, b and 1,198 more'],
] as const)('%j of %i: %s', (names, count, text) => expect(namesText(names, count)).toBe(text));

it('says who wants it', () => {
  expect(originText({ kind: 'request', name: 'isp-b.example' })).toBe('asked for by isp-b.example');
  expect(originText({ kind: 'alert', name: 'isp-b.example' })).toBe('told of by isp-b.example');
  expect(originText({ kind: 'person', name: 'anna' })).toBe('wanted by anna');
  expect(originText({ kind: 'event' })).toBe('found here');
});
