/**
 * What is not compared, with the reason. Everything else that can be reached from a runtime must be equal after a
 * restore, so a field that somebody adds and does not save is found where a conformance case uses it.
 */
const ignored: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Engine.deferred': 'empty between two events',
    'Engine.begun': 'the restored runtime has seen no event yet',
    'Deployments.running': 'what is deployed is no state; its statements are reached through the streams',
    'StatementInstance.listeners': 'listeners belong to the program',
    'StatementInstance.counters': 'counters tell what happened since the deployment',
    'Timers.cancelledCount': 'timers that were cancelled are not saved',
    'Timers.due': 'scratch',
    'TimerLane.revived': 'scratch',
    'Stream.matched': 'scratch',
    'Group.touched': 'a mark within one change',
    'TableGroup.touched': 'a mark within one change',
    'PerGroupBuilder.change': 'the number of a change, for the marks',
    'SlidingGroupCounts.latestChange': 'the number of a change, for the marks',
    'SlidingGroupCounts.touched': 'scratch',
    'SlidingGroupCounts.touchedCount': 'scratch',
    'RollupBuilder.change': 'the number of a change, for the marks',
    'GroupTable.last': 'scratch',
    'GroupTable.made': 'scratch',
    'Extreme.heap': 'follows from the counts; values that have gone may lie in it for a while',
    'Extreme.counts': 'values that have gone may stand in it for a while',
    'HashIndex.scratch': 'scratch',
    'JoinIndex.scratch': 'scratch',
    'InnerJoin.tuple': 'scratch',
    'TupleList.tuples': 'scratch',
    'PairJoin.latest': 'the lookup before, so that it need not be made twice',
    'PairJoin.latestStream': 'the lookup before',
    'PairJoin.latestBucket': 'the lookup before',
    'KeyedLevel.scratch': 'scratch',
    'KeyedLevel.lastEnding': 'concerns the event that has been handled',
    'KeyedLevel.lastEvent': 'the lookup before',
    'KeyedLevel.lastItem': 'the lookup before',
    'KeyedLevel.lastFound': 'the lookup before',
    'SpanLevel.lastEnding': 'concerns the event that has been handled',
    'ContextRun.event': 'the event at hand',
    'ContextRun.opened': 'concerns the event at hand',
    'CorrelatedEnvironment.partition': 'the partition at hand',
    'RowTests.row': 'the row at hand',
    'RowTests.current': 'the number of the row at hand',
    'RowTests.testedAt': 'answers for the row at hand',
    'RowTests.answers': 'answers for the row at hand',
    'RowHistory.memory': 'the partition at hand',
    'WindowState.state': 'filled before each test',
    'PartitionedStatement.copied': 'concerns rows that are given at once',
    'PartitionedStatement.reached': 'scratch',
    'Object.group': 'of a row with its group, which is not needed any more once the row is made',
  }),
);

/** Classes of whose fields the arrangement may differ, all their fields, and what must be equal. */
const viewed: Readonly<Record<string, { readonly fields: readonly string[]; view(object: never): unknown }>> =
  {
    EventQueue: {
      fields: ['slots', 'times', 'head', 'count', 'removed'],
      view: (queue: { timesOfEvents(): Float64Array } & Iterable<unknown>) => [
        [...queue],
        [...queue.timesOfEvents()],
      ],
    },
    Ring: {
      fields: ['slots', 'head', 'count'],
      view: (ring: Iterable<unknown>) => [...ring],
    },
    InOrder: {
      fields: ['items', 'head'],
      view: (list: { toArray(): unknown }) => list.toArray(),
    },
    Values: {
      fields: ['answer', 'position', 'values', 'head'],
      view: (values: { values: unknown[]; head: number }) => values.values.slice(values.head),
    },
    ExpressionWindow: {
      fields: ['sink', 'host', 'state', 'variables', 'timer', 'arrivals', 'head'],
      view: (window: { timer: unknown; state: unknown; arrivals: unknown[]; head: number }) => [
        window.timer,
        window.state,
        window.arrivals.slice(window.head),
      ],
    },
    RetainedBatch: {
      fields: ['sink', 'host', 'current', 'last', 'removed'],
      view: (batch: { last: unknown; contents(): Iterable<unknown> }) => [[...batch.contents()], batch.last],
    },
    DistinctKeys: {
      fields: ['depth', 'byKeys', 'queue', 'head'],
      view: (keys: { byKeys: { get(keys: unknown): unknown }; queue: { keys: unknown }[]; head: number }) => [
        keys.byKeys,
        keys.queue.slice(keys.head).filter((seen) => keys.byKeys.get(seen.keys) === seen),
      ],
    },
    BatchView: {
      fields: ['leaving', 'batch', 'places'],
      view: (view: { leaving: unknown; batch: unknown[]; places: unknown }) => [
        view.leaving,
        [...view.batch],
        view.places,
      ],
    },
    RowPartition: {
      fields: ['keys', 'runs', 'gone', 'memory'],
      view: (partition: { keys: unknown; runs: unknown[]; gone: number; memory: unknown }) => [
        partition.keys,
        partition.runs.slice(partition.gone),
        partition.memory,
      ],
    },
    SortedIndex: {
      fields: ['key', 'blocks'],
      view: (index: { blocks: unknown[][] }) => index.blocks.flat(),
    },
    PairJoin: {
      fields: [
        'host',
        'readers',
        'residual',
        'index',
        'firsts',
        'seconds',
        'waiting',
        'empty',
        'latest',
        'latestStream',
        'latestBucket',
      ],
      view: (join: { waiting: unknown; empty: unknown; contents(): Iterable<unknown> }) => [
        join.waiting,
        join.empty,
        [...join.contents()],
      ],
    },
    Bucket: { fields: ['first', 'second'], view: () => undefined },
    KeyIndex: {
      fields: ['slots', 'entries'],
      view: (index: { slots: unknown; values(): Iterable<unknown> }) => [index.slots, [...index.values()]],
    },
    KeySlots: {
      fields: [
        'key',
        'stride',
        'words',
        'parts',
        'owner',
        'keyWords',
        'places',
        'mask',
        'taken',
        'texts',
        'end',
        'vacancies',
        'fallback',
        'listed',
      ],
      view: (slots: {
        end: unknown;
        vacancies: unknown;
        fallback: unknown;
        live(): Iterable<number>;
        keysAt(slot: number): unknown;
      }) => [
        slots.end,
        slots.vacancies,
        slots.fallback,
        [...slots.live()].map((slot) => [slot, slots.keysAt(slot)]),
      ],
    },
    CountTable: {
      fields: ['program', 'owner', 'slots', 'keys', 'numbers', 'made'],
      view: (table: {
        slots: { live(): Iterable<number> };
        numbers: Float64Array;
        at(slot: number): number;
      }) => [table.slots, [...table.slots.live()].map((slot) => table.numbers[table.at(slot)])],
    },
    SlotList: {
      fields: ['slots', 'count'],
      view: (list: { slots: Int32Array; count: number }) => [...list.slots.subarray(0, list.count)],
    },
    SlotQueue: { fields: ['slots', 'head', 'count'], view: (queue: Iterable<unknown>) => [...queue] },
    Arrivals: {
      fields: ['entries', 'head', 'used'],
      view: (arrivals: { column(offset: number): Float64Array }) => [
        [...arrivals.column(0)],
        [...arrivals.column(1)],
      ],
    },
    CountedTimeWindow: {
      fields: ['period', 'content', 'host', 'arrivals', 'timer', 'isSet'],
      view: (window: { content: unknown; arrivals: unknown; timer: unknown; isSet: boolean }) => [
        window.content,
        window.arrivals,
        window.isSet,
        window.isSet ? window.timer : undefined,
      ],
    },
    CountedBody: {
      fields: ['member', 'program', 'period', 'arrivals', 'count', 'timer', 'isSet'],
      view: (body: { member: unknown; arrivals: unknown; count: number; timer: unknown; isSet: boolean }) => [
        body.member,
        body.arrivals,
        body.count,
        body.isSet,
        body.isSet ? body.timer : undefined,
      ],
    },
    Timers: {
      fields: ['heap', 'sequence', 'cancelledCount', 'due'],
      view: (timers: { sequence: number; heap: { timers: readonly (HeapTimer | undefined)[] } }) => [
        timers.sequence,
        timers.heap.timers
          .filter((timer) => timer !== undefined)
          .filter(({ cancelled, lane }) => !cancelled && (lane === undefined || lane.first !== undefined))
          .map(({ dueMs, sequence, owner, keeper, lane }) =>
            lane === undefined
              ? { dueMs, sequence, owner, keeper }
              : { dueMs: lane.first!.dueMs, sequence: lane.first!.sequence, lane },
          )
          .sort((a, b) => a.sequence - b.sequence),
      ],
    },
    TimeWindow: {
      fields: ['period', 'sink', 'host', 'events', 'timer', 'isSet'],
      // The timer is used again: one that is not set has run.
      view: (window: { events: unknown; timer: unknown; isSet: boolean }) => [
        window.events,
        window.isSet,
        window.isSet ? window.timer : undefined,
      ],
    },
    TimerLane: {
      fields: ['keeper', 'head', 'armed', 'first', 'last', 'revived'],
      view: ({ keeper, first, last }: { keeper: unknown; first: unknown; last: unknown }) => [
        keeper,
        first,
        last,
      ],
    },
  };

interface HeapTimer {
  readonly dueMs: number;
  readonly sequence: number;
  readonly owner: unknown;
  readonly keeper: unknown;
  readonly cancelled: boolean;
  readonly lane:
    | { readonly first: { readonly dueMs: number; readonly sequence: number } | undefined }
    | undefined;
}

interface Pair {
  readonly a: unknown;
  readonly b: unknown;
  readonly path: string;
}

/** The first difference between all that can be reached from two objects, who is who included; undefined without any. */
export function differenceOf(original: object, restored: object): string | undefined {
  const partners = new Map<object, object>();
  const taken = new Map<object, object>();
  const open: Pair[] = [{ a: original, b: restored, path: '' }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const { a, b, path } = pair;
    if (Object.is(a, b) || (typeof a === 'function' && typeof b === 'function')) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
      return `${path}: ${show(a)} and ${show(b)}`;
    const partner = partners.get(a);
    if (partner === b) continue;
    if (partner !== undefined || taken.has(b)) {
      // Equal values that nobody changes may be one object or two.
      if ((isConstant(a) && isConstant(b)) || (isPeriod(a) && JSON.stringify(a) === JSON.stringify(b)))
        continue;
      return `${path}: one object here, two there`;
    }
    partners.set(a, b);
    taken.set(b, a);
    const difference = compare(a, b, path, open);
    if (difference !== undefined) return `${path}: ${difference}`;
  }
  return undefined;
}

/** A length of time, which is a value. */
const isPeriod = (value: object): boolean => 'months' in value && 'milliseconds' in value;

const isConstant = (value: object): boolean =>
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Set && value.size === 0) ||
  Object.isFrozen(value);

function compare(a: object, b: object, path: string, open: Pair[]): string | undefined {
  const name = a.constructor?.name ?? 'null';
  if (name !== (b.constructor?.name ?? 'null')) return `${name} and ${b.constructor?.name}`;
  const view = viewed[name];
  if (view !== undefined) {
    const unknown = Object.keys(a).filter((field) => !view.fields.includes(field));
    if (unknown.length > 0) return `${name} has a field that the test does not know: ${unknown}`;
    open.push({ a: view.view(a as never), b: view.view(b as never), path: `${path}<${name}>` });
    return undefined;
  }
  if (a instanceof Map || a instanceof Set) {
    const [as, bs] = [[...(a as Iterable<unknown>)], [...(b as unknown as Iterable<unknown>)]];
    if (as.length !== bs.length) return `${as.length} and ${bs.length} in a ${name}`;
    open.push({ a: as, b: bs, path: `${path}<${name}>` });
  }
  const keys = Reflect.ownKeys(a).filter((key) => !ignored.has(`${name}.${String(key)}`));
  const others = new Set(Reflect.ownKeys(b));
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(a, key)!;
    if ('get' in property && property.get !== undefined) continue;
    if (!others.has(key)) {
      if (property.value === undefined) continue;
      return `${String(key)} is missing`;
    }
    open.push({
      a: property.value,
      b: (b as Record<PropertyKey, unknown>)[key],
      path: `${path}.${String(key)}`,
    });
  }
  return undefined;
}

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `a ${value.constructor?.name}` : String(value);
