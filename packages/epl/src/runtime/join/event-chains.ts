import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/** The chain of no events. */
export const emptyChain = -1;

const smallest = 16;

/**
 * Events in any number of chains, each in the order in which its events came: columns with a place an event, so that
 * neither an event nor a chain needs an object. A chain is known by the place of its last event, whose successor is its
 * first one.
 */
export class EventChains {
  private readonly events: (Subject | undefined)[] = [];
  /** Of each place the one behind it in its chain; of a free one the next that is free. */
  private next = new Int32Array(smallest);
  private free = emptyChain;

  /** Puts the event behind the last of the chain, and returns the chain. */
  append(last: number, event: Subject): number {
    const place = this.obtain();
    const { next } = this;
    this.events[place] = event;
    if (last === emptyChain) next[place] = place;
    else {
      next[place] = next[last];
      next[last] = place;
    }
    return place;
  }

  /** Takes the event out, where it is in the chain, and returns the chain. Mostly it is the first. */
  remove(last: number, event: Subject): number {
    const { events, next } = this;
    if (last === emptyChain) return last;
    let before = last;
    let place = next[last];
    while (events[place] !== event) {
      if (place === last) return last;
      before = place;
      place = next[place];
    }
    next[before] = next[place];
    events[place] = undefined;
    next[place] = this.free;
    this.free = place;
    if (place !== last) return last;
    return before === place ? emptyChain : before;
  }

  /** The place of the first event of a chain; there must be one. */
  first(last: number): number {
    return this.next[last];
  }

  /** The place behind that one: behind the last comes the first. */
  behind(place: number): number {
    return this.next[place];
  }

  at(place: number): Subject {
    return this.events[place]!;
  }

  /** Copies the events of another's chain, and returns the chain that they are here. */
  copy(from: EventChains, last: number): number {
    if (last === emptyChain) return last;
    let copied = emptyChain;
    for (let place = from.first(last); ; place = from.behind(place)) {
      copied = this.append(copied, from.at(place));
      if (place === last) return copied;
    }
  }

  /** One chain, which is a new one where it is loaded. */
  saveOrLoad(state: StateStream, last: number): number {
    const known: Subject[] = [];
    if (last !== emptyChain)
      for (let place = this.first(last); ; place = this.behind(place)) {
        known.push(this.at(place));
        if (place === last) break;
      }
    const events = state.events(known, known.length);
    if (!state.loading) return last;
    let chain = emptyChain;
    for (const event of events) chain = this.append(chain, event);
    return chain;
  }

  private obtain(): number {
    const { free } = this;
    if (free !== emptyChain) {
      this.free = this.next[free];
      return free;
    }
    const place = this.events.length;
    this.events.push(undefined);
    if (place === this.next.length) {
      const wider = new Int32Array(place * 2);
      wider.set(this.next);
      this.next = wider;
    }
    return place;
  }
}
