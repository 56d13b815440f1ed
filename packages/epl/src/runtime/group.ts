import type { Group } from '../compile/group-class.ts';
import type { GeneratedGroupTable } from '../compile/group-table.ts';
import type { Program } from '../compile/program.ts';
import { GroupEvidence } from './evidence.ts';

export type { Group };

export type GroupTable = GeneratedGroupTable;

export function createGroup(program: Program, keys: readonly unknown[]): Group {
  const group = new program.Group(keys);
  if (program.evidence > 0) group.evidence = new GroupEvidence(program.evidence, program.plan.inputs.length);
  return group;
}

/** An empty table of a grouped statement. */
export function createGroupTable(program: Program): GroupTable {
  return new program.GroupTable!((keys) => createGroup(program, keys));
}
