import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { type Long, toDouble } from '../../long.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { EventQueue } from './event-queue.ts';

/** `ext_timed`: as `time`, by the events' own time; events leave when a later one arrives. */
export class ExtTimedWindow implements DataWindow {
  private readonly period: Period;
  private readonly timestamp: Evaluator;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new EventQueue(true);

  constructor(period: Period, timestamp: Evaluator, sink: DeltaSink, host: WindowHost) {
    this.period = period;
    this.timestamp = timestamp;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { events, host } = this;
    const time = this.timestamp(event, null, host) as Long | null;
    host.retain(1);
    let leaving: Subject[] | undefined;
    if (time !== null) {
      const nowMs = toDouble(time);
      while (events.length > 0 && addPeriod(events.firstTimeMs, this.period) <= nowMs) {
        leaving ??= [];
        leaving.push(events.shift());
      }
    }
    // An event without a time counts as the oldest of all.
    events.push(event, time === null ? 0 : toDouble(time));
    if (leaving !== undefined) host.retain(-leaving.length);
    this.sink([event], leaving ?? nothing);
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.host.retain(-1);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
  }
}
