import type { Environment, Evaluator, Subject } from '../compile/evaluator.ts';
import type { History, WindowView } from '../compile/history.ts';
import type { InputProgram } from '../compile/program.ts';
import { InOrder } from './in-order.ts';
import { NestedMap } from './nested-map.ts';
import type { Stateful, StateStream } from './snapshot/state-stream.ts';

/** What one statement remembers for `prev` and `prior`: nothing of a stream that they do not ask for. */
export class StatementHistory implements History {
  private readonly views: readonly (WindowMemory | undefined)[];
  private readonly priors: readonly (PriorMemory | undefined)[];

  /** @param contentsOf what the window of a stream holds, in its own order */
  constructor(
    inputs: readonly Pick<InputProgram, 'plan' | 'window'>[],
    environment: Environment,
    contentsOf: (stream: number) => Iterable<Subject>,
  ) {
    this.views = inputs.map(({ plan: { history }, window }, stream) => {
      if (history === undefined || !history.previous || window === undefined) return undefined;
      if (window.plan.kind === 'groupwin')
        return new GroupedView(window.keys, isBatch(window.plan.window.kind), environment);
      if (isSorted(window.plan.kind)) return new SortedView(() => contentsOf(stream));
      return createView(isBatch(window.plan.kind));
    });
    this.priors = inputs.map(({ plan: { history } }) =>
      history !== undefined && history.prior > 0 ? new PriorMemory(history.prior) : undefined,
    );
  }

  window(stream: number, event: Subject): WindowView {
    return this.views[stream]!.of(event);
  }

  prior(stream: number, event: Subject, offset: number): Subject | undefined {
    return this.priors[stream]!.before(event, offset);
  }

  /** An event that passed the filter, before its window takes it. */
  arrive(stream: number, event: Subject): void {
    this.priors[stream]?.arrive(event);
  }

  /** Before the rows of a change are made. */
  change(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    this.views[stream]?.change(entering, leaving);
  }

  /** Behind the rows of a change: what left is forgotten. */
  forget(stream: number, leaving: readonly Subject[]): void {
    this.views[stream]?.settle();
    this.priors[stream]?.forget(leaving);
  }

  saveOrLoad(state: StateStream): void {
    for (const view of this.views) view?.saveOrLoad(state);
    for (const prior of this.priors) prior?.saveOrLoad(state);
  }
}

const isBatch = (kind: string): boolean => kind.endsWith('_batch');

/** Windows with an order of their own, in which places are counted from the first. */
const isSorted = (kind: string): boolean => ['sort', 'rank', 'time_order', 'timetolive'].includes(kind);

const createView = (batch: boolean): View => (batch ? new BatchView() : new SlidingView());

interface WindowMemory extends Stateful {
  of(event: Subject): WindowView;
  change(entering: readonly Subject[], leaving: readonly Subject[]): void;
  settle(): void;
}

abstract class View implements WindowView, WindowMemory {
  protected leaving: ReadonlySet<Subject> = none;

  abstract readonly count: number;
  abstract before(event: Subject, distance: number): Subject | undefined;
  abstract fromOldest(distance: number): Subject | undefined;
  abstract newestFirst(): readonly Subject[];
  abstract saveOrLoad(state: StateStream): void;

  change(_entering: readonly Subject[], leaving: readonly Subject[]): void {
    this.leaving = leaving.length === 0 ? none : new Set(leaving);
  }

  settle(): void {
    this.leaving = none;
  }

  of(): WindowView {
    return this;
  }

  isLeaving(event: Subject, _isNew: boolean): boolean {
    return this.leaving.has(event);
  }
}

const none: ReadonlySet<Subject> = new Set();

/** All that the window holds; places are counted from the newest. */
class SlidingView extends View {
  private readonly events = new InOrder<Subject>();

  get count(): number {
    return this.events.length;
  }

  override change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    super.change(entering, leaving);
    for (const event of entering) this.events.push(event);
    for (const event of leaving) this.events.remove(event);
  }

  before(_event: Subject, distance: number): Subject | undefined {
    return this.events.at(this.events.length - 1 - distance);
  }

  fromOldest(distance: number): Subject | undefined {
    return this.events.at(distance);
  }

  newestFirst(): readonly Subject[] {
    return this.events.toArray().reverse();
  }

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
  }
}

/** A window that sorts its events: places are counted in its order, also for an event that it takes and loses at once. */
class SortedView extends View {
  private readonly contents: () => Iterable<Subject>;
  private entering: readonly Subject[] = [];

  constructor(contents: () => Iterable<Subject>) {
    super();
    this.contents = contents;
  }

  get count(): number {
    return [...this.contents()].length;
  }

  override change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    super.change(entering, leaving);
    this.entering = entering;
  }

  override settle(): void {
    super.settle();
    this.entering = [];
  }

  override isLeaving(event: Subject, isNew: boolean): boolean {
    return super.isLeaving(event, isNew) && !(isNew && this.entering.includes(event));
  }

  before(_event: Subject, distance: number): Subject | undefined {
    let skip = distance;
    for (const event of this.contents()) if (skip-- === 0) return event;
    return undefined;
  }

  fromOldest(distance: number): Subject | undefined {
    return [...this.contents()].at(-1 - distance);
  }

  newestFirst(): readonly Subject[] {
    return [...this.contents()];
  }

  /** The window keeps all of it. */
  saveOrLoad(): void {}
}

/** The batch that is being released; places are counted from the event itself. */
class BatchView extends View {
  private batch: readonly Subject[] = [];
  private places: ReadonlyMap<Subject, number> = new Map();

  get count(): number {
    return this.batch.length;
  }

  override change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    super.change(entering, leaving);
    this.batch = entering;
    this.places = placesIn(entering);
  }

  before(event: Subject, distance: number): Subject | undefined {
    const place = this.places.get(event);
    return place === undefined || distance < 0 ? undefined : this.batch[place - distance];
  }

  fromOldest(distance: number): Subject | undefined {
    return this.batch[distance];
  }

  newestFirst(): readonly Subject[] {
    return [...this.batch].reverse();
  }

  saveOrLoad(state: StateStream): void {
    this.batch = state.events(this.batch, this.batch.length);
    if (state.loading) this.places = placesIn(this.batch);
  }
}

const placesIn = (batch: readonly Subject[]): ReadonlyMap<Subject, number> =>
  new Map(batch.map((event, place) => [event, place]));

/** A window a group: each sees its own events. */
class GroupedView implements WindowMemory {
  private readonly keys: readonly Evaluator[];
  private readonly batch: boolean;
  private readonly environment: Environment;
  private readonly groups: NestedMap<View>;
  private touched: { readonly keys: readonly unknown[]; readonly view: View }[] = [];

  constructor(keys: readonly Evaluator[], batch: boolean, environment: Environment) {
    this.keys = keys;
    this.batch = batch;
    this.environment = environment;
    this.groups = new NestedMap(keys.length);
  }

  of(event: Subject): WindowView {
    return this.viewOf(this.keysOf(event));
  }

  change(entering: readonly Subject[], leaving: readonly Subject[]): void {
    const changes = new Map<View, { entering: Subject[]; leaving: Subject[] }>();
    const add = (event: Subject, side: 'entering' | 'leaving'): void => {
      const keys = this.keysOf(event);
      const view = this.viewOf(keys);
      let change = changes.get(view);
      if (change === undefined) {
        change = { entering: [], leaving: [] };
        changes.set(view, change);
        this.touched.push({ keys, view });
      }
      change[side].push(event);
    };
    for (const event of entering) add(event, 'entering');
    for (const event of leaving) add(event, 'leaving');
    for (const [view, change] of changes) view.change(change.entering, change.leaving);
  }

  settle(): void {
    for (const { keys, view } of this.touched) {
      view.settle();
      if (view.count === 0) this.groups.delete(keys);
    }
    this.touched = [];
  }

  private keysOf(event: Subject): readonly unknown[] {
    return this.keys.map((key) => key(event, null, this.environment));
  }

  private viewOf(keys: readonly unknown[]): View {
    let view = this.groups.get(keys);
    if (view === undefined) {
      view = createView(this.batch);
      this.groups.set(keys, view);
    }
    return view;
  }

  saveOrLoad(state: StateStream): void {
    this.groups.saveOrLoad(state, (known) => {
      const view = known ?? createView(this.batch);
      view.saveOrLoad(state);
      return view;
    });
  }
}

/** Of each event in the window, and of the one in hand, those that came before it. */
class PriorMemory {
  private readonly depth: number;
  /** The latest arrivals, newest first. */
  private latest: readonly Subject[] = [];
  private readonly priors = new Map<Subject, readonly Subject[]>();

  constructor(depth: number) {
    this.depth = depth;
  }

  arrive(event: Subject): void {
    this.priors.set(event, this.latest);
    this.latest = [event, ...this.latest].slice(0, this.depth);
  }

  before(event: Subject, offset: number): Subject | undefined {
    return offset === 0 ? event : this.priors.get(event)?.[offset - 1];
  }

  forget(events: readonly Subject[]): void {
    for (const event of events) this.priors.delete(event);
  }

  saveOrLoad(state: StateStream): void {
    this.latest = state.events(this.latest, this.latest.length);
    const events = state.events(this.priors.keys(), this.priors.size);
    const before = state.values(this.priors.values(), this.priors.size);
    if (!state.loading) return;
    this.priors.clear();
    for (const [i, event] of events.entries()) this.priors.set(event, before[i]);
  }
}
