import type { Subject } from '../compile/evaluator.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import type { Row } from './statement.ts';

/** Where a row keeps its evidence: out of sight of JSON.stringify and of key enumeration. */
export const evidenceKey: unique symbol = Symbol('evidence');

interface WithEvidence {
  [evidenceKey]?: readonly object[];
}

const none: readonly object[] = [];

/**
 * The base events (events sent from outside) that made the row: distinct, oldest first, at most as many as the
 * statement keeps; empty where it keeps none. They are the very objects that were sent, so treat them as frozen.
 */
export function evidenceOf(row: Row): readonly object[] {
  return (row as WithEvidence)[evidenceKey] ?? none;
}

export const hasEvidence = (event: Subject): boolean => (event as WithEvidence)[evidenceKey] !== undefined;

export function attachEvidence(row: Row, evidence: readonly object[]): void {
  (row as WithEvidence)[evidenceKey] = evidence;
}

/** What an event stands for: itself, or what the row that it is was made of. */
export function baseEvents(event: Subject): readonly object[] {
  return (event as WithEvidence)[evidenceKey] ?? [event];
}

/** The latest `most` base events of one event. */
export function evidenceOfEvent(event: Subject, most: number): readonly object[] {
  const base = baseEvents(event);
  return base.length <= most ? base : base.slice(-most);
}

/** The union over the joined events, the room shared evenly; what one side does not need goes to the others. */
export function evidenceOfTuple(tuple: readonly Subject[], most: number): readonly object[] {
  return balance(tuple.map(baseEvents), most);
}

/** Distinct objects of all lists, at most `most`, taken in turn from the end of each list, oldest first within each. */
export function balance(lists: readonly (readonly object[])[], most: number): readonly object[] {
  const seen = new Set<object>();
  const taken: object[][] = lists.map(() => []);
  const next = lists.map((list) => list.length - 1);
  for (let open = true; open && seen.size < most; ) {
    open = false;
    for (let i = 0; i < lists.length && seen.size < most; i++) {
      while (next[i] >= 0 && seen.has(lists[i][next[i]])) next[i]--;
      if (next[i] < 0) continue;
      const found = lists[i][next[i]--];
      seen.add(found);
      taken[i].push(found);
      open = true;
    }
  }
  return taken.flatMap((list) => list.reverse());
}

/**
 * The evidence of a group: the latest events that entered it and have not left. A group keeps its own list, since
 * the window may keep no events at all. Bounded by the number of base events that rows carry.
 */
export class GroupEvidence {
  private readonly most: number;
  /**
   * The events in the order in which they first came, and how often each is in the group: over a join an event is in
   * as many tuples as it has partners. Each stream has its own list, so that none crowds out the others.
   */
  private readonly lists: Map<Subject, number>[];

  constructor(most: number, streams: number) {
    this.most = most;
    this.lists = Array.from({ length: streams }, () => new Map());
  }

  enter(subject: Subject): void {
    const { lists } = this;
    if (lists.length === 1) this.add(lists[0], subject);
    else for (const [stream, list] of lists.entries()) this.add(list, partOf(subject, stream));
  }

  leave(subject: Subject): void {
    const { lists } = this;
    if (lists.length === 1) remove(lists[0], subject);
    else for (const [stream, list] of lists.entries()) remove(list, partOf(subject, stream));
  }

  /** Distinct base events, oldest first. */
  collect(): readonly object[] {
    return balance(
      this.lists.map((list) => [...list.keys()].flatMap(baseEvents)),
      this.most,
    );
  }

  private add(list: Map<Subject, number>, event: Subject): void {
    const count = list.get(event);
    list.set(event, (count ?? 0) + 1);
    if (list.size <= this.most) return;
    for (const oldest of list.keys()) {
      list.delete(oldest);
      return;
    }
  }

  saveOrLoad(state: StateStream): void {
    for (const list of this.lists) {
      const events = state.events(list.keys(), list.size);
      const counts = state.numbers([...list.values()]);
      if (!state.loading) continue;
      list.clear();
      for (const [i, event] of events.entries()) list.set(event, counts[i]);
    }
  }
}

const partOf = (tuple: Subject, stream: number): Subject => (tuple as unknown as readonly Subject[])[stream];

function remove(list: Map<Subject, number>, event: Subject): void {
  const count = list.get(event);
  if (count === undefined) return;
  if (count === 1) list.delete(event);
  else list.set(event, count - 1);
}
