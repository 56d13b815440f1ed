import type { Subject } from '../../compile/evaluator.ts';
import { InOrder } from '../in-order.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** `first`, `last`, `window` over events that also leave: the values in their order of arrival, nulls included. */
export class Values implements Aggregator {
  private readonly answer: 'first' | 'last' | 'window';
  private readonly position: number;
  private values: unknown[] = [];
  /** Values before this place have left. */
  private head = 0;

  constructor(answer: 'first' | 'last' | 'window', position: number) {
    this.answer = answer;
    this.position = position;
  }

  enter(value: unknown): void {
    this.values.push(value);
  }

  leave(value: unknown): void {
    const at = this.values.indexOf(value, this.head);
    if (at < 0) return;
    if (at > this.head) this.values.splice(at, 1);
    else {
      this.values[this.head++] = null;
      if (this.head > 32 && this.head * 2 > this.values.length) {
        this.values = this.values.slice(this.head);
        this.head = 0;
      }
    }
  }

  value(): unknown {
    const { values, head, position } = this;
    switch (this.answer) {
      case 'first':
        return values[head + position] ?? null;
      case 'last':
        return values.length - 1 - position < head ? null : values[values.length - 1 - position];
      case 'window':
        return values.length === head ? null : values.slice(head);
      default:
        return this.answer satisfies never;
    }
  }

  saveOrLoad(state: StateStream): void {
    const held = this.values.slice(this.head);
    const values = state.values(held, held.length);
    if (!state.loading) return;
    this.values = values;
    this.head = 0;
  }
}

/**
 * `first`, `last`, `window` over events that leave in any order, or that stand in several rows of a join, where each
 * counts once: its argument is an event and its value. The row of an outer join without the event adds nothing.
 */
export class EventValues implements Aggregator {
  private readonly answer: 'first' | 'last' | 'window';
  private readonly position: number;
  /** In the order of arrival; each with the number of the rows that it stands in. */
  private readonly events = new Map<unknown, { readonly value: unknown; rows: number }>();

  constructor(answer: 'first' | 'last' | 'window', position: number) {
    this.answer = answer;
    this.position = position;
  }

  enter(argument: unknown): void {
    const [event, value] = argument as readonly [unknown, unknown];
    if (event === null || event === undefined) return;
    const known = this.events.get(event);
    if (known === undefined) this.events.set(event, { value, rows: 1 });
    else known.rows++;
  }

  leave(argument: unknown): void {
    const [event] = argument as readonly [unknown];
    const known = this.events.get(event);
    if (known !== undefined && --known.rows === 0) this.events.delete(event);
  }

  value(): unknown {
    const { events, answer, position } = this;
    if (events.size === 0) return null;
    if (answer === 'window') return [...events.values()].map(({ value }) => value);
    let skip = answer === 'first' ? position : events.size - 1 - position;
    if (skip < 0) return null;
    for (const { value } of events.values()) if (skip-- === 0) return value;
    return null;
  }

  saveOrLoad(state: StateStream): void {
    const { events } = this;
    const kept = state.events(events.keys() as Iterable<Subject>, events.size);
    const values = state.values(
      [...events.values()].map(({ value }) => value),
      events.size,
    );
    const rows = state.numbers([...events.values()].map(({ rows }) => rows));
    if (!state.loading) return;
    events.clear();
    for (const [i, event] of kept.entries()) events.set(event, { value: values[i], rows: rows[i] });
  }
}

/** `first` and `last` where nothing leaves: nulls included. With `skipNull`: `firstever` and `lastever`. */
export class EndValue implements Aggregator {
  private readonly first: boolean;
  private readonly skipNull: boolean;
  private found = false;
  private kept: unknown = null;

  constructor(first: boolean, skipNull: boolean) {
    this.first = first;
    this.skipNull = skipNull;
  }

  enter(value: unknown): void {
    if ((this.first && this.found) || (this.skipNull && value === null)) return;
    this.kept = value;
    this.found = true;
  }

  leave(): void {}

  value(): unknown {
    return this.kept;
  }

  saveOrLoad(state: StateStream): void {
    this.found = state.flag(this.found);
    this.kept = state.value(this.kept);
  }
}

/** `nth` over events that also leave: the value so many places before the latest, nulls passed over. */
export class NthValue implements Aggregator {
  private readonly values: Values;

  constructor(places: number) {
    this.values = new Values('last', places);
  }

  enter(value: unknown): void {
    if (value !== null) this.values.enter(value);
  }

  leave(value: unknown): void {
    if (value !== null) this.values.leave(value);
  }

  value(): unknown {
    return this.values.value();
  }

  saveOrLoad(state: StateStream): void {
    this.values.saveOrLoad(state);
  }
}

/** `nth` where nothing leaves. */
export class LatestValues implements Aggregator {
  private readonly places: number;
  private readonly values = new InOrder<unknown>();

  constructor(places: number) {
    this.places = places;
  }

  enter(value: unknown): void {
    if (value === null) return;
    this.values.push(value);
    if (this.values.length > this.places + 1) this.values.remove(this.values.at(0));
  }

  leave(): void {}

  value(): unknown {
    return this.values.length > this.places ? this.values.at(0) : null;
  }

  saveOrLoad(state: StateStream): void {
    this.values.saveOrLoad(state);
  }
}
