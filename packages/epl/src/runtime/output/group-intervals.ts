import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Group } from '../group.ts';
import { NestedMap } from '../nested-map.ts';
import type { BuilderHost } from '../results/result-builder.ts';
import type { RowBuffer, TracedRow } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { eventCount } from './event-count.ts';
import { keysOf, levelOf } from './row-policy.ts';

/** How many events of a group one change has brought and taken. */
interface Traffic {
  entered: number;
  left: number;
}

/** What a group has counted since its last row was given. */
interface Counted {
  entered: number;
  left: number;
}

/**
 * `output first every n events` with groups: the first row of a group is given, and then the next one at which n events
 * have entered the group since, or n have left it; the two are counted apart.
 */
export class GroupIntervals {
  private readonly host: BuilderHost;
  private readonly count: number | string;
  private readonly keys: Program['keys'];
  private readonly perEvent: boolean;
  /** The keys that each level of a rollup leaves out; without one nothing. */
  private readonly missing: readonly ReadonlySet<number>[];
  private readonly groups: NestedMap<Counted>;
  /** Of the change at hand. */
  private readonly traffic: NestedMap<Traffic>;

  constructor({ plan, keys }: Program, count: number | string, host: BuilderHost) {
    this.host = host;
    this.count = count;
    this.keys = keys;
    this.perEvent = plan.result.kind === 'per-event-group-totals';
    const all = keys.map((_, i) => i);
    this.missing = (plan.groupingSets ?? [all]).map(
      (level) => new Set(all.filter((key) => !level.includes(key))),
    );
    this.groups = new NestedMap(keys.length + 1);
    this.traffic = new NestedMap(keys.length + 1);
  }

  /** A change is about to make rows. */
  note(entering: readonly Subject[], leaving: readonly Subject[]): void {
    if (this.perEvent) return;
    for (const event of entering) for (const one of this.trafficOf(event)) one.entered++;
    for (const event of leaving) for (const one of this.trafficOf(event)) one.left++;
  }

  /** The change has made its rows. */
  forgetChange(): void {
    this.traffic.clear();
  }

  /** The rows of the change that are given: those of groups that open, in the order of its rows. */
  *opening(newRows: RowBuffer, oldRows: RowBuffer): Iterable<TracedRow> {
    if (this.perEvent) {
      // Of a group that opens several times in one change the last row is given.
      const last = new Map<Group, TracedRow>();
      for (const traced of newRows.trace!)
        if (traced.row !== undefined && this.take(traced.group!, 1, 0)) last.set(traced.group!, traced);
      for (const traced of oldRows.trace!)
        if (traced.row !== undefined && this.take(traced.group!, 0, 1)) last.set(traced.group!, traced);
      yield* last.values();
      return;
    }
    for (const traced of newRows.trace!) {
      const group = traced.group!;
      const traffic = this.traffic.get(keysOf(group, this.keys.length));
      if (traced.row !== undefined && this.take(group, traffic?.entered ?? 0, traffic?.left ?? 0))
        yield traced;
    }
  }

  /** Counts them one after the other, and tells whether the group has opened at one of them. */
  private take(group: Group, entered: number, left: number): boolean {
    const keys = keysOf(group, this.keys.length);
    let counted = this.groups.get(keys);
    let opened = false;
    const needed = eventCount(this.count, this.host);
    const step = (kind: keyof Counted): void => {
      if (counted !== undefined && ++counted[kind] < needed) return;
      if (counted === undefined) {
        this.host.retain(1);
        counted = { entered: 0, left: 0 };
        this.groups.set(keys, counted);
      }
      counted.entered = 0;
      counted.left = 0;
      opened = true;
    };
    for (let i = 0; i < entered; i++) step('entered');
    for (let i = 0; i < left; i++) step('left');
    return opened;
  }

  private trafficOf(event: Subject): readonly Traffic[] {
    const keys = this.keys.map((key) => key(event, null, this.host));
    return this.missing.map((missing) => {
      const own = [...keys.map((key, i) => (missing.has(i) ? null : key)), levelOf(missing)];
      let traffic = this.traffic.get(own);
      if (traffic === undefined) {
        traffic = { entered: 0, left: 0 };
        this.traffic.set(own, traffic);
      }
      return traffic;
    });
  }

  saveOrLoad(state: StateStream): void {
    this.groups.saveOrLoad(state, (known) => {
      const counted = known ?? { entered: 0, left: 0 };
      counted.entered = state.number(counted.entered);
      counted.left = state.number(counted.left);
      return counted;
    });
  }
}
