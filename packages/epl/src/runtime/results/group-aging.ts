import type { ReclaimPlan } from '../../plan/plan.ts';
import type { Group } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BuilderHost } from './result-builder.ts';

/** When an event entered each group last, so that groups that nothing enters any more can be given up. */
export class GroupAging {
  private readonly plan: ReclaimPlan;
  private readonly host: BuilderHost;
  private readonly forget: (group: Group) => void;
  /** The one that was entered longest ago first. */
  private readonly enteredMs = new Map<Group, number>();
  private nextMs = Number.NEGATIVE_INFINITY;

  /** @param forget takes a group out */
  constructor(plan: ReclaimPlan, host: BuilderHost, forget: (group: Group) => void) {
    this.plan = plan;
    this.host = host;
    this.forget = forget;
  }

  /** An event is about to enter a group: those that are too old go first, where it is time to look for them. */
  sweep(): void {
    const { host, enteredMs } = this;
    if (host.nowMs < this.nextMs) return;
    const agedMs = this.milliseconds(this.plan.agedSec);
    this.nextMs = host.nowMs + this.milliseconds(this.plan.everySec);
    for (const [group, lastMs] of enteredMs) {
      if (host.nowMs - lastMs <= agedMs) break;
      enteredMs.delete(group);
      this.forget(group);
    }
  }

  /** An event has entered the group. */
  touch(group: Group): void {
    this.enteredMs.delete(group);
    this.enteredMs.set(group, this.host.nowMs);
  }

  /** Seconds of a variable that holds no number, or less than 0, are endless. */
  private milliseconds(seconds: number | string): number {
    const value = typeof seconds === 'number' ? seconds : Number(this.host.variables?.get(seconds) ?? -1);
    return value >= 0 ? value * 1000 : Number.POSITIVE_INFINITY;
  }

  /** The groups were introduced by their table. */
  saveOrLoad(state: StateStream): void {
    this.nextMs = state.number(this.nextMs);
    const known = [...this.enteredMs];
    const count = state.count(known.length);
    if (state.loading) this.enteredMs.clear();
    for (let i = 0; i < count; i++) {
      const group = state.refer(known[i]?.[0]);
      const lastMs = state.number(known[i]?.[1] ?? 0);
      if (state.loading && group !== undefined) this.enteredMs.set(group, lastMs);
    }
  }
}
