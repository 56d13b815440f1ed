/** How many bytes the EPL engine keeps for an event, a group, a partial match and the like, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type MemoryCase, memoryCases } from './epl-memory-cases.ts';

/** One line of `--json`. */
export interface MemoryMeasurement {
  readonly id: string;
  /** What is counted. */
  readonly unit: string;
  readonly count: number;
  /** Beside the events themselves. */
  readonly bytesEach: number;
}

/** Measures the cases of these names, or all. */
export function* measurements(names: readonly string[]): Iterable<MemoryMeasurement> {
  const chosen = names.length === 0 ? memoryCases : memoryCases.filter(({ id }) => names.includes(id));
  if (chosen.length < names.length)
    throw new Error(`the cases are ${memoryCases.map(({ id }) => id).join(', ')}`);
  for (const one of chosen) yield measured(one);
}

export function printed({ id, unit, count, bytesEach }: MemoryMeasurement): string {
  const bytes = Math.round(bytesEach).toLocaleString('en-US').padStart(6);
  return `${`epl-memory/${id}`.padEnd(26)} ${bytes} bytes  each of ${count.toLocaleString('en-US')}: ${unit}`;
}

function measured({ id, unit, count }: MemoryCase): MemoryMeasurement {
  const child = join(import.meta.dirname, 'epl-memory-child.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', child, id], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${id}: ${stderr}`);
  return { id, unit, count, bytesEach: Number(stdout) };
}
