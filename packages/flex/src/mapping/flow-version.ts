import type { FlowVersion } from '../module/settings.ts';

const versionWords = new Map<number, FlowVersion>([
  [1, 'one'],
  [2, 'two'],
  [4, 'four'],
  [5, 'five'],
  [7, 'seven'],
  [8, 'eight'],
  [9, 'nine'],
  [10, 'ten'],
]);

const versionNumbers = new Map([...versionWords].map(([number, word]) => [word, number]));

/** The export protocol's version as FLEX says it; undefined where FLEX has no word for it. */
export function flowVersionOf(version: number): FlowVersion | undefined {
  return versionWords.get(version);
}

/** The number that a word says; undefined for `none` and for enumeration numbers without a word. */
export function versionOf(word: FlowVersion): number | undefined {
  return versionNumbers.get(word);
}
