import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { type Long, toDouble } from '../../long.ts';
import { Ring } from '../ring.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** `ext_timed`: as `time`, by the events' own time; events leave when a later one arrives. */
export class ExtTimedWindow implements DataWindow {
  private readonly durationMs: number;
  private readonly timestamp: Evaluator;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new Ring<Subject>();

  constructor(durationMs: number, timestamp: Evaluator, sink: DeltaSink, host: WindowHost) {
    this.durationMs = durationMs;
    this.timestamp = timestamp;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { events, host } = this;
    const nowMs = this.timeOf(event);
    host.retain(1);
    events.push(event);
    let leaving: Subject[] | undefined;
    if (nowMs !== undefined) {
      while (events.length > 1 && (this.timeOf(events.at(0)) ?? 0) + this.durationMs <= nowMs) {
        leaving ??= [];
        leaving.push(events.shift());
      }
    }
    if (leaving !== undefined) host.retain(-leaving.length);
    this.sink([event], leaving ?? nothing);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}

  private timeOf(event: Subject): number | undefined {
    const time = this.timestamp(event, null, this.host) as Long | null;
    return time === null ? undefined : toDouble(time);
  }
}
