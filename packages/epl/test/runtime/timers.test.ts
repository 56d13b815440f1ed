import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaneEntry, TimerLane } from '../../src/runtime/timer-lane.ts';
import { type Timer, type TimerKeeper, type TimerOwner, Timers } from '../../src/runtime/timers.ts';

const ran: TimerOwner[] = [];
const keeper: TimerKeeper = { timerRank: 0, runTimer: (owner) => ran.push(owner) };

/** The owners of the timers that a move of the clock has run. */
function runDue(timers: Timers, nowMs: number): TimerOwner[] {
  timers.runDue(nowMs);
  return ran.splice(0);
}

class Entry implements LaneEntry {
  readonly keeper = keeper;
  readonly owner = this;
  readonly timerStage = 2;
  dueMs = 0;
  sequence = 0;
  cancelled = false;
  earlier: LaneEntry | undefined = undefined;
  later: LaneEntry | undefined = undefined;
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  onTimer(): void {}
}

/** A timer set so long behind the clock in a lane or in the heap, later cancelled or not; and a move of the clock. */
const steps = fc.array(
  fc.record({
    place: fc.constantFrom('heap' as const, 0, 1),
    heapMs: fc.integer({ min: 0, max: 30 }),
    cancels: fc.option(fc.nat({ max: 40 })),
    moveMs: fc.constantFrom(0, 0, 1, 3, 10, -5),
  }),
  { maxLength: 60 },
);

describe('timers', () => {
  it('fall due by time, then by the order in which they were set, in lanes and in the heap alike', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const timers = new Timers();
        const laneMs = [5, 20];
        const lanes = laneMs.map(() => timers.createLane(keeper));
        const set: { number: number; dueMs: number; cancel: () => void; open: boolean }[] = [];
        let nowMs = 0;
        const expectDue = () => {
          const due = set.filter(({ open, dueMs }) => open && dueMs <= nowMs);
          const wanted = due.sort((a, b) => a.dueMs - b.dueMs || a.number - b.number);
          expect(runDue(timers, nowMs).map((owner) => (owner as Entry).number)).toEqual(
            wanted.map(({ number }) => number),
          );
          for (const one of due) one.open = false;
        };
        list.forEach(({ place, heapMs, cancels, moveMs }, number) => {
          const entry = new Entry(number);
          const dueMs = nowMs + (place === 'heap' ? heapMs : laneMs[place]);
          let cancel: () => void;
          if (place === 'heap') {
            const timer: Timer = timers.schedule(dueMs, entry, keeper);
            cancel = () => timers.cancel(timer);
          } else {
            const lane: TimerLane = lanes[place];
            timers.scheduleIn(lane, dueMs, entry);
            cancel = () => lane.remove(entry);
          }
          set.push({ number, dueMs, cancel, open: true });
          const cancelled = cancels === null ? undefined : set[cancels];
          if (cancelled?.open) {
            cancelled.cancel();
            cancelled.open = false;
          }
          nowMs += moveMs;
          expectDue();
        });
        nowMs += 100;
        expectDue();
        expect(runDue(timers, Number.POSITIVE_INFINITY)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('of one time run by statement, the last deployed first, and in it by stage', () => {
    const timers = new Timers();
    const order: string[] = [];
    const owners = [
      { timerRank: 0, timerStage: 2 },
      { timerRank: 0, timerStage: undefined },
      { timerRank: 1, timerStage: 1 },
      { timerRank: 0, timerStage: 1 },
      { timerRank: 1, timerStage: undefined },
    ] as const;
    for (const { timerRank, timerStage } of owners) {
      const onTimer = () => order.push(`${timerRank} ${timerStage ?? 0}`);
      timers.schedule(10, timerStage === undefined ? { onTimer } : { onTimer, timerStage }, {
        timerRank,
        runTimer: (owner) => owner.onTimer(),
      });
    }
    timers.runDue(10);
    expect(order).toEqual(['1 0', '1 1', '0 0', '0 1', '0 2']);
  });

  it('sweep the heap where most of it is cancelled', () => {
    const timers = new Timers();
    const kept = timers.schedule(1, new Entry(0), keeper);
    for (let i = 0; i < 5000; i++) timers.cancel(timers.schedule(1000 + i, new Entry(i), keeper));
    expect(timers.size).toBeLessThan(1100);
    expect(kept.cancelled).toBe(false);
    expect(runDue(timers, Number.MAX_SAFE_INTEGER)).toHaveLength(1);
  });
});
