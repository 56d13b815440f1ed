import type { Environment, Subject } from '../compile/evaluator.ts';
import { allowHidden, type EventType } from './event-type.ts';
import { FilterIndex, type FilterTarget } from './filter-index.ts';
import type { StatementInstance } from './statement-instance.ts';
import type { StreamUpdate } from './stream-update.ts';

/** One input of one statement, as the filter index knows it. */
export class StreamConsumer implements FilterTarget {
  readonly order: number;
  readonly instance: StatementInstance;
  readonly input: number;

  constructor(order: number, instance: StatementInstance, input: number) {
    this.order = order;
    this.instance = instance;
    this.input = input;
  }

  failed(error: unknown): void {
    this.instance.failed(error);
  }
}

/** All that the runtime knows of one event type: its class and who reads it. */
export class Stream {
  readonly type: EventType;
  readonly index: FilterIndex<StreamConsumer>;
  /** The streams of the supertypes. */
  private readonly parents: readonly Stream[];
  /** Deployments that declare, write or read it. */
  uses = 0;
  /** Those of lower priority first. */
  private updates: readonly StreamUpdate[] = [];
  private dynamic: readonly string[] = [];
  /** Reused by each event. */
  private readonly matched: StreamConsumer[] = [];

  constructor(type: EventType, environment: Environment, parents: readonly Stream[]) {
    this.type = type;
    this.parents = parents;
    this.index = new FilterIndex(environment);
  }

  /** A new event with the declared properties of the data; undefined becomes null. */
  convert(data: Readonly<Record<string, unknown>>): Subject {
    const event = new this.type.Instance() as Record<string, unknown>;
    for (const { name } of this.type.properties) {
      if (!Object.hasOwn(data, name)) continue;
      const value = data[name];
      if (value !== undefined) event[name] = value;
    }
    for (const name of this.dynamic) {
      // Not a column: it must not show where the event itself is a row.
      if (Object.hasOwn(data, name) && this.type.property(name) === undefined)
        Object.defineProperty(event, name, { value: data[name] ?? null });
    }
    return event;
  }

  /** Those of the type and of its supertypes, in the order of deployment. */
  private matchAll(event: Subject): number {
    const { matched } = this;
    const found: StreamConsumer[] = [];
    for (const { index } of [this, ...this.parents]) {
      const count = index.match(event, matched);
      for (let i = 0; i < count; i++) found.push(matched[i]);
    }
    found.sort((a, b) => a.order - b.order);
    found.forEach((consumer, i) => {
      matched[i] = consumer;
    });
    return found.length;
  }

  /** Whether anybody takes events of the type. */
  get isRead(): boolean {
    const read = this.index.size > 0 || this.updates.length > 0;
    return read || this.parents.some((parent) => parent.isRead);
  }

  addUpdate(update: StreamUpdate): void {
    this.updates = [...this.updates, update].sort((a, b) => a.priority - b.priority);
  }

  removeUpdate(update: StreamUpdate): void {
    this.updates = this.updates.filter((other) => other !== update);
  }

  /** From now on events keep what they bring under these names, although the type does not declare them. */
  readDynamically(names: readonly string[]): void {
    this.dynamic = [...new Set([...this.dynamic, ...names])];
    allowHidden(this.type.Instance);
  }

  /**
   * Hands the event to every input whose filter it passes, in the order of deployment. Not reentrant: what listeners
   * send waits until the event is done.
   */
  dispatch(sent: Subject, settle: () => void): void {
    const { matched, index } = this;
    let event = sent;
    for (const update of this.updates) {
      const changed = update.apply(event);
      if (changed === undefined) return;
      event = changed;
    }
    const count = this.parents.length > 0 ? this.matchAll(event) : index.match(event, matched);
    for (let i = 0; i < count; i++) {
      const { instance, input } = matched[i];
      instance.receive(input, event);
      // A self join takes the event on all its inputs before it joins.
      if (i + 1 === count || matched[i + 1].instance !== instance) settle();
    }
  }
}
