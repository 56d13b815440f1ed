import { compileContext } from '../compile/context-program.ts';
import type { Environment } from '../compile/evaluator.ts';
import { eventRowsOf } from '../compile/event-rows.ts';
import { programOf } from '../compile/program.ts';
import { compileSubquery } from '../compile/subquery-program.ts';
import type { CompiledModule, CompiledStatement } from '../compile-module.ts';
import type { Bound } from '../plan/expression.ts';
import type { StatementPlan } from '../plan/plan.ts';
import { ContextRun } from './context/context-run.ts';
import { createMemberBody } from './context/member-body.ts';
import { PartitionedStatement } from './context/partitioned-statement.ts';
import type { EventType } from './event-type.ts';
import { createNamedWindow } from './named-window/create-named-window.ts';
import type { WindowDispatch } from './named-window/window-dispatch.ts';
import { StatementEnvironment } from './statement-environment.ts';
import { gathersEvents, partitionedInputsOf, readersOf, routedAs } from './statement-inputs.ts';
import { type InstanceHost, StatementInstance } from './statement-instance.ts';
import type { Stores } from './store/row-store.ts';
import type { StoreRegistry } from './store/store-registry.ts';
import { type Stream, StreamConsumer } from './stream.ts';
import { StreamUpdate } from './stream-update.ts';
import { createTable } from './table/create-table.ts';
import { createTrigger } from './trigger/create-trigger.ts';
import { UpdateSubqueries } from './update-subqueries.ts';
import type { VariableStore } from './variable-store.ts';

/** What connects an input of a statement with its stream. */
interface Connection {
  readonly stream: Stream;
  readonly consumer: StreamConsumer;
  readonly filter: readonly Bound[];
}

/** A deployment, and what takes it back. */
export interface Deployed {
  readonly module: CompiledModule;
  readonly declared: { readonly name: string; readonly instance: StatementInstance }[];
  readonly updates: { readonly stream: Stream; readonly update: StreamUpdate }[];
  readonly instances: StatementInstance[];
  readonly streams: readonly Stream[];
  readonly consumers: Connection[];
  /** What takes back the rest. */
  readonly withdrawals: (() => void)[];
}

/** What statements are started with. */
export interface StarterParts {
  readonly host: InstanceHost & { readonly stores: Stores };
  /** By the names of their types; those that a statement needs are there. */
  readonly streams: ReadonlyMap<string, Stream>;
  readonly variables: VariableStore;
  readonly stores: StoreRegistry;
  readonly windows: WindowDispatch;
  /** Hears of an `update istream` that has something to tell when the event is done. */
  readonly updated: (update: StreamUpdate) => void;
}

/**
 * Who sees an event first: what opens and ends partitions; then statements with a filter, as Esper finds them in its
 * filter index before those without; last those that may see the event more than once, and wait until they have it all.
 */
const turns = { doors: 0, filtered: 2 ** 40, open: 2 ** 41, gathering: 2 ** 42 };

/** Starts statements and takes them back: connects them with the streams that they read. */
export class StatementStarter {
  private readonly parts: StarterParts;
  private readonly contexts = new Map<string, ContextRun>();
  /** Statements of one turn see an event in the order in which they were started. */
  private nextOrder = 0;

  constructor(parts: StarterParts) {
    this.parts = parts;
  }

  /** The running context of that name. */
  context(name: string): ContextRun | undefined {
    return this.contexts.get(name);
  }

  /** One statement, told of its events from now on. */
  start(compiled: CompiledStatement, deployed: Deployed): StatementInstance {
    const { plan } = compiled;
    const context = compiled.context && this.contexts.get(compiled.context.name);
    const isAlone = context === undefined;
    const eventRows = plan.kind === 'select' && isAlone ? eventRowsOf(plan) : undefined;
    const program = plan.kind === 'select' && eventRows === undefined ? programOf(plan) : undefined;
    const instance = new StatementInstance(
      compiled,
      isAlone ? program : undefined,
      eventRows,
      this.parts.host,
    );
    if (context === undefined) this.startAlone(plan, instance, deployed);
    else {
      if (plan.kind === 'create-window' || plan.kind === 'create-table') {
        this.parts.stores.reserve(plan.name);
        deployed.withdrawals.push(() => this.parts.stores.remove(plan.name));
      }
      instance.partitions = new PartitionedStatement(instance, context, partitionedInputsOf(plan), (member) =>
        createMemberBody(plan, program, member, this.parts.variables, this.parts.windows),
      );
    }
    const late = gathersEvents(plan);
    for (const [number, input] of readersOf(plan)) {
      const shared = context === undefined ? [] : context.filterOf(routedAs(plan) ?? input.type);
      const filter = [...shared, ...input.filter];
      const filtered = filter.length > 0 || input.lateFilter !== undefined || context?.filtersEvents === true;
      const turn = late ? turns.gathering : filtered ? turns.filtered : turns.open;
      const stream = this.connect(instance, number, input.type, filter, turn, deployed);
      if (input.dynamic !== undefined) stream.readDynamically(input.dynamic);
    }
    if (context === undefined) instance.start(plan, program);
    else instance.partitions?.begin();
    return instance;
  }

  /** A statement that runs in no context. */
  private startAlone(plan: StatementPlan, instance: StatementInstance, deployed: Deployed): void {
    switch (plan.kind) {
      case 'create-context': {
        const run = new ContextRun(compileContext(plan), instance);
        instance.trigger = run;
        run.doors.forEach(({ door }, number) => {
          this.connect(instance, number, door.type, door.filter, turns.doors, deployed);
        });
        this.contexts.set(plan.name, run);
        deployed.withdrawals.push(() => {
          if (this.contexts.get(plan.name) === run) this.contexts.delete(plan.name);
        });
        break;
      }
      case 'create-variable':
        instance.trigger = this.parts.variables.declare(plan, instance);
        deployed.declared.push({ name: plan.name, instance });
        break;
      case 'update-stream': {
        const own = new StatementEnvironment(instance, plan.subqueries.map(compileSubquery));
        const environment = updateEnvironment(this.parts.host, this.parts.variables, own.subqueries);
        const update = new StreamUpdate(plan, instance, environment, this.parts.updated);
        if (plan.subqueries.length > 0) instance.trigger = new UpdateSubqueries(own);
        const stream = this.parts.streams.get(plan.type.name)!;
        stream.addUpdate(update);
        deployed.updates.push({ stream, update });
        break;
      }
      case 'create-window': {
        const window = createNamedWindow(plan, instance, this.parts.stores, this.parts.windows);
        instance.trigger = window;
        deployed.withdrawals.push(() => {
          this.parts.stores.remove(window.name);
          this.parts.windows.disown(window);
        });
        break;
      }
      case 'create-index':
        deployed.withdrawals.push(this.parts.stores.get(plan.store).indexes.declare(plan));
        break;
      case 'on-set':
      case 'on-split':
      case 'on-select':
      case 'on-delete':
      case 'on-update':
      case 'on-merge':
        instance.trigger = createTrigger(plan, instance, this.parts.variables);
        break;
      case 'create-table':
        instance.trigger = createTable(plan, instance, this.parts.stores);
        deployed.withdrawals.push(() => this.parts.stores.remove(plan.name));
        break;
      case 'select':
      case 'create-schema':
      case 'create-expression':
        break;
      default:
        plan satisfies never;
    }
  }

  private connect(
    instance: StatementInstance,
    number: number,
    type: EventType,
    filter: readonly Bound[],
    turn: number,
    deployed: Deployed,
  ): Stream {
    const stream = this.parts.streams.get(type.name)!;
    const consumer = new StreamConsumer(turn + this.nextOrder++, instance, number);
    stream.index.add(consumer, filter);
    deployed.consumers.push({ stream, consumer, filter });
    return stream;
  }

  /** Takes back what was started, also where it did not come to its end. */
  withdraw(deployed: Deployed): void {
    for (const { stream, consumer, filter } of deployed.consumers) stream.index.remove(consumer, filter);
    for (const { name, instance } of deployed.declared) this.parts.variables.withdraw(name, instance);
    for (const { stream, update } of deployed.updates) stream.removeUpdate(update);
    for (const instance of deployed.instances) instance.stop();
    for (const withdraw of deployed.withdrawals) withdraw();
  }
}

/** What `update istream` sees. */
function updateEnvironment(
  engine: { readonly nowMs: number; readonly stores: Stores },
  store: VariableStore,
  subqueries: Environment['subqueries'],
): Environment {
  return {
    isNew: true,
    subqueries,
    get stores() {
      return engine.stores;
    },
    get nowMs() {
      return engine.nowMs;
    },
    get variables() {
      return store.beforeLast;
    },
  };
}
