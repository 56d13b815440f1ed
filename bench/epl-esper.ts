import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { type Draw, startMs, type Workload } from './epl-workloads.ts';

/** The Java program beside this one; `../` because this runs from `bench/dist`. */
const folder = resolve(import.meta.dirname, '../esper');
const target = join(folder, 'target');

/** Builds the program with Esper from Maven Central. False where there is no Java or no Maven, or the build fails. */
export function buildEsper(): boolean {
  if (!found('java', '-version') || !found('mvn', '-version')) return false;
  if (existsSync(join(target, 'dependency'))) return true;
  const { status, stdout } = spawnSync('mvn', ['-q', '-B', 'package'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) console.error(`Esper could not be built, so it is left out:\n${stdout}`);
  return status === 0;
}

/** Runs the workload in a virtual machine of its own; the lines are those of `epl-child.ts`. */
export function runOnEsper(workload: Workload, runs: number): string {
  const path = [join(target, 'classes'), join(target, 'dependency', '*')].join(delimiter);
  const { status, stdout, stderr } = spawnSync('java', ['-cp', path, 'EsperBench'], {
    input: describe(workload, runs),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${workload.id} on Esper: ${stderr}`);
  return stdout;
}

/** The workload as lines of fields between tabs, the module behind them. */
function describe({ events, perMillisecond, types, epl }: Workload, runs: number): string {
  const lines: (string | number)[][] = [
    ['events', events],
    ['perMillisecond', perMillisecond],
    ['runs', runs],
    ['startMs', startMs],
  ];
  for (const { name, draws } of types) lines.push(['type', name], ...draws.map(fieldsOf));
  return `${lines.map((fields) => fields.join('\t')).join('\n')}\nepl\n${epl}\n`;
}

function fieldsOf(draw: Draw): (string | number)[] {
  switch (draw.kind) {
    case 'text':
      return ['text', draw.name, draw.prefix, draw.below];
    case 'number':
      return ['number', draw.name, draw.from, draw.below];
    case 'choice':
      return ['choice', draw.name, typeof draw.of[0], ...draw.of];
    default:
      return draw satisfies never;
  }
}

const found = (command: string, argument: string): boolean => spawnSync(command, [argument]).status === 0;
