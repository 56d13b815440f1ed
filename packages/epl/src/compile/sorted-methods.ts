import type { SortedMethod } from '../plan/sorted-method.ts';
import { compareValues } from '../runtime/row-order.ts';
import { castToText } from './cast.ts';
import type { EnumerationCall } from './enumeration.ts';

/** The events of one key, in the order of their arrival. */
interface Entry {
  readonly key: unknown;
  readonly events: unknown[];
}

/** The events, which are sorted, by their keys. The first value of the call tells whether they run downwards. */
class KeyedEvents {
  readonly entries: Entry[] = [];
  private readonly direction: 1 | -1;

  constructor(events: readonly unknown[], { lambdas: [keyOf], values: [descending] }: EnumerationCall) {
    this.direction = descending === true ? -1 : 1;
    for (const event of events) {
      const key = keyOf(event);
      const last = this.entries.at(-1);
      if (last !== undefined && compareValues(last.key, key) === 0) last.events.push(event);
      else this.entries.push({ key, events: [event] });
    }
  }

  /** Negative where the entry comes before the key. */
  order(entry: Entry, key: unknown): number {
    return compareValues(entry.key, key) * this.direction;
  }

  get(key: unknown): Entry | undefined {
    return this.entries.find((entry) => this.order(entry, key) === 0);
  }

  between(low: unknown, lowIncluded: unknown, high: unknown, highIncluded: unknown): readonly Entry[] {
    return this.entries.filter((entry) => {
      const [from, to] = [this.order(entry, low), this.order(entry, high)];
      return (
        (from > 0 || (from === 0 && lowIncluded === true)) && (to < 0 || (to === 0 && highIncluded === true))
      );
    });
  }
}

const mapOf = (entries: readonly Entry[]): unknown =>
  Object.fromEntries(entries.map(({ key, events }) => [castToText(key), events]));

const single = (entry: Entry | undefined): unknown => entry?.events[0] ?? null;
const several = (entry: Entry | undefined): unknown => entry?.events ?? null;
const keyOf = (entry: Entry | undefined): unknown => entry?.key ?? null;

type Find = (keyed: KeyedEvents, key: unknown) => Entry | undefined;

const ceiling: Find = (keyed, key) => keyed.entries.find((entry) => keyed.order(entry, key) >= 0);
const higher: Find = (keyed, key) => keyed.entries.find((entry) => keyed.order(entry, key) > 0);
const floor: Find = (keyed, key) => keyed.entries.findLast((entry) => keyed.order(entry, key) <= 0);
const lower: Find = (keyed, key) => keyed.entries.findLast((entry) => keyed.order(entry, key) < 0);

type Method = (events: readonly unknown[], call: EnumerationCall) => unknown;

/** A method that finds an entry by a key and tells something of it. */
const finding =
  (find: Find, tell: (entry: Entry | undefined) => unknown): Method =>
  (events, call) =>
    tell(find(new KeyedEvents(events, call), call.values[1]));

const first: Find = ({ entries }) => entries[0];
const last: Find = ({ entries }) => entries.at(-1);
const same: Find = (keyed, key) => keyed.get(key);

/** What of several events of one key is asked for as one is the earliest. */
export const sortedMethodTable: Readonly<Record<SortedMethod, Method>> = {
  ceilingEvent: finding(ceiling, single),
  ceilingEvents: finding(ceiling, several),
  ceilingKey: finding(ceiling, keyOf),
  containsKey: (events, call) => new KeyedEvents(events, call).get(call.values[1]) !== undefined,
  countEvents: (events) => events.length,
  countKeys: (events, call) => new KeyedEvents(events, call).entries.length,
  eventsBetween: (events, call) => between(events, call).flatMap((entry) => entry.events),
  firstEvent: finding(first, single),
  firstEvents: finding(first, several),
  firstKey: finding(first, keyOf),
  floorEvent: finding(floor, single),
  floorEvents: finding(floor, several),
  floorKey: finding(floor, keyOf),
  getEvent: finding(same, single),
  getEvents: finding(same, several),
  higherEvent: finding(higher, single),
  higherEvents: finding(higher, several),
  higherKey: finding(higher, keyOf),
  lastEvent: finding(last, single),
  lastEvents: finding(last, several),
  lastKey: finding(last, keyOf),
  listReference: (events) => events,
  lowerEvent: finding(lower, single),
  lowerEvents: finding(lower, several),
  lowerKey: finding(lower, keyOf),
  navigableMapReference: (events, call) => mapOf(new KeyedEvents(events, call).entries),
  submap: (events, call) => mapOf(between(events, call)),
};

function between(events: readonly unknown[], call: EnumerationCall): readonly Entry[] {
  const [, low, lowIncluded, high, highIncluded] = call.values;
  return new KeyedEvents(events, call).between(low, lowIncluded, high, highIncluded);
}
