import type { Bound } from '../plan/expression.ts';
import { generate } from './generated-code.ts';
import type { Group } from './group-class.ts';
import { compileKeyReader, type KeyReader } from './key-reader.ts';

/** What a statement that only counts the events of its groups needs beside the class of its groups. */
export interface CountProgram {
  readonly parts: number;
  readonly readKeys: KeyReader;
  /** Lets a group object stand for the group whose keys stand there, from that place on, and that has so many events. */
  readonly show: (group: Group, keys: readonly unknown[], from: number, count: number) => void;
}

/** The text of `show` is made of fixed words and integers only. */
export function compileCounts(groupBy: readonly Bound[]): CountProgram {
  const keys = groupBy.map((_, i) => `g.k${i} = k[p + ${i}];`).join(' ');
  // A count out of a column of doubles becomes a small integer again, so that rows need no boxes for it.
  const text = `"use strict"; return (g, k, p, n) => { ${keys} g.size = (n | 0) === n ? n | 0 : n; };`;
  return { parts: groupBy.length, readKeys: compileKeyReader(groupBy, true), show: generate(text) };
}
