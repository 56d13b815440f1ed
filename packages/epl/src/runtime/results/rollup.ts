import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroup, type Group } from '../group.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import type { RowBuffer, RowWriter } from './row-buffer.ts';

/** The groups of one level: the keys that it leaves out are null in its rows. */
interface Level {
  readonly keys: readonly number[];
  readonly missing: ReadonlySet<number>;
  readonly groups: NestedMap<Group>;
}

/** Rollup, cube and grouping sets: at each level a row for each group that the change touched, level by level. */
export class RollupBuilder implements ResultBuilder {
  private readonly program: Program;
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly levels: readonly Level[];
  private change = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.program = program;
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.levels = (program.plan.groupingSets ?? []).map((keys) => ({
      keys,
      missing: new Set(program.keys.map((_, i) => i).filter((i) => !keys.includes(i))),
      groups: new NestedMap(Math.max(1, keys.length)),
    }));
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted, levels } = this;
    const newRows = writer.buffer();
    const oldRows = levels.map(() => writer.buffer());
    const touched = levels.map((): Group[] => []);
    this.change++;
    const move = (event: Subject, way: 'enter' | 'leave'): void => {
      try {
        const keys = this.program.keys.map((key) => key(event, null, host));
        levels.forEach((level, i) => {
          const group = this.obtain(level, keys);
          if (group.touched !== this.change) {
            group.touched = this.change;
            touched[i].push(group);
            if (wanted.oldRows) this.writeOld(oldRows[i], group);
          }
          group[way](event, host);
        });
      } catch (error) {
        host.failed(error);
      }
    };
    for (const event of entering) move(event, 'enter');
    for (const event of leaving) move(event, 'leave');
    touched.forEach((groups, i) => {
      for (const group of groups) {
        if (wanted.newRows) writer.write(newRows, noEvent, group, host);
        if (group.size > 0) continue;
        levels[i].groups.delete(this.pathOf(levels[i], this.keysOf(group)));
        host.retain(-1);
      }
    });
    const allOld = writer.buffer();
    for (const { rows, sortKeys, trace } of oldRows) {
      allOld.rows.push(...rows);
      allOld.sortKeys?.push(...(sortKeys ?? []));
      allOld.trace?.push(...(trace ?? []));
    }
    this.sink.give(newRows, allOld, forced);
  }

  current(contents: Iterable<Subject> | undefined): RowBuffer {
    const rows = this.writer.buffer();
    const events = contents && [...contents];
    for (const level of this.levels) {
      for (const group of events === undefined ? level.groups.values() : this.groupsOf(level, events))
        this.writer.write(rows, noEvent, group, this.host);
    }
    return rows;
  }

  /** The groups of these events at one level, each once, in that order. */
  private groupsOf(level: Level, events: readonly Subject[]): readonly Group[] {
    const seen = new NestedMap<Group>(Math.max(1, level.keys.length));
    const groups: Group[] = [];
    for (const event of events) {
      const keys = this.program.keys.map((key) => key(event, null, this.host));
      const path = this.pathOf(level, keys);
      if (seen.get(path) !== undefined) continue;
      const group = level.groups.get(path) ?? this.createIn(level, path);
      seen.set(path, group);
      groups.push(group);
    }
    return groups;
  }

  private obtain(level: Level, keys: readonly unknown[]): Group {
    const path = this.pathOf(level, keys);
    let group = level.groups.get(path);
    if (group === undefined) {
      this.host.retain(1);
      group = this.createIn(level, path);
      level.groups.set(path, group);
    }
    return group;
  }

  private writeOld(into: RowBuffer, group: Group): void {
    this.host.isNew = false;
    this.writer.write(into, noEvent, group, this.host);
    this.host.isNew = true;
  }

  private keysOf(group: Group): readonly unknown[] {
    return this.program.keys.map((_, i) => group.key(i));
  }

  private pathOf({ keys }: Level, values: readonly unknown[]): readonly unknown[] {
    return keys.length === 0 ? everything : keys.map((key) => values[key]);
  }

  saveOrLoad(state: StateStream): void {
    for (const level of this.levels) {
      level.groups.saveOrLoad(state, (known, path) => {
        const group = known ?? this.createIn(level, path);
        group.saveOrLoad(state);
        return group;
      });
    }
  }

  /** `path`: the keys that the level does not leave out. */
  private createIn({ keys, missing }: Level, path: readonly unknown[]): Group {
    const all: unknown[] = this.program.keys.map(() => null);
    keys.forEach((key, i) => {
      all[key] = path[i];
    });
    const group = createGroup(this.program, all);
    group.missingKeys = missing;
    return group;
  }
}

/** The key of the one group of the level `()`. */
const everything: readonly unknown[] = [null];
const noEvent: Subject = Object.freeze({});
