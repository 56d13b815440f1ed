import type { Bound } from '../plan/expression.ts';
import { generate } from './generated-code.ts';
import type { Group, GroupClass } from './group-class.ts';
import { compileKeyReader, type KeyReader } from './key-reader.ts';

/** What a statement that only counts the events of its groups needs. */
export interface CountProgram {
  /** Of the key of a group; 0 without groups. */
  readonly parts: number;
  readonly readKeys: KeyReader;
  /**
   * The group whose keys stand there, from that place on, and that has so many events, as rows need it: until it is
   * asked for the next one. All instances share the object, so that none has to have one.
   */
  readonly group: GroupView;
  /** Another one beside {@link group}. */
  readonly otherGroup: GroupView;
}

export type GroupView = (keys: readonly unknown[], from: number, count: number) => Group;

export function compileCounts(groupBy: readonly Bound[], Group: GroupClass): CountProgram {
  return {
    parts: groupBy.length,
    readKeys: compileKeyReader(groupBy, true),
    group: compileView(groupBy.length, Group),
    otherGroup: compileView(groupBy.length, Group),
  };
}

/** The text is made of fixed words and integers only. */
function compileView(parts: number, Group: GroupClass): GroupView {
  const keys = Array.from({ length: parts }, (_, i) => `g.k${i} = k[p + ${i}];`).join(' ');
  // A count out of a column of doubles becomes a small integer again, so that rows need no boxes for it.
  const text = `"use strict"; const [g] = o; return (k, p, n) => { ${keys} g.size = (n | 0) === n ? n | 0 : n; return g; };`;
  return generate(text, {}, { o: [new Group(new Array(parts).fill(null))] });
}
