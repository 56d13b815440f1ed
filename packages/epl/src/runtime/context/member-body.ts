import type { Program } from '../../compile/program.ts';
import type { StatementPlan } from '../../plan/plan.ts';
import { createNamedWindow } from '../named-window/create-named-window.ts';
import type { WindowDispatch } from '../named-window/window-dispatch.ts';
import { type StatementPatterns, startPatterns } from '../pattern/statement-patterns.ts';
import { SelectInstance } from '../select-instance.ts';
import type { EventTrigger } from '../statement-instance.ts';
import { PartitionStores } from '../store/partition-stores.ts';
import { createTable } from '../table/create-table.ts';
import { createTrigger } from '../trigger/create-trigger.ts';
import type { Variables } from '../variable-store.ts';
import { CountedBody } from './counted-body.ts';
import type { Member, MemberBody } from './member.ts';
import { PartitionVariables } from './partition-variables.ts';

/** The state of a statement in a partition that has just opened: its patterns wait from now on. */
export function createMemberBody(
  plan: StatementPlan,
  program: Program | undefined,
  member: Member,
  variables: Variables,
  dispatch: WindowDispatch,
): MemberBody {
  const body = createBody(plan, program, member, variables, dispatch);
  const environment = body instanceof SelectInstance ? body : member;
  const patterns = startPatterns(plan, program, environment, member, (input, matches) => {
    if (body instanceof SelectInstance) body.receiveMatches(input, matches);
    else for (const match of matches) body.receive(input, match);
  });
  return patterns === undefined ? body : withPatterns(body, patterns);
}

/** A body whose inputs are matches of patterns. */
const withPatterns = (body: MemberBody, patterns: StatementPatterns): MemberBody => ({
  receive: (input, event) =>
    patterns.reads(input) ? patterns.collect(input, event) : body.receive(input, event),
  flush: () => {
    patterns.flush();
    body.flush();
  },
  saveOrLoad: (state) => {
    body.saveOrLoad(state);
    patterns.saveOrLoad(state);
  },
  rows: () => body.rows(),
  load: () => body.load?.(),
  terminate: () => body.terminate(),
  stop: () => {
    patterns.stop();
    body.stop();
  },
});

function createBody(
  plan: StatementPlan,
  program: Program | undefined,
  member: Member,
  variables: Variables,
  dispatch: WindowDispatch,
): MemberBody {
  const { partition } = member;
  switch (plan.kind) {
    case 'select':
      return CountedBody.create(program!, member) ?? new SelectInstance(program!, member);
    case 'on-set':
    case 'on-split':
    case 'on-select':
    case 'on-delete':
    case 'on-update':
    case 'on-merge':
      return bodyOf(createTrigger(plan, member, variablesOf(member, variables)));
    case 'create-variable': {
      partition.variables ??= new PartitionVariables(variables);
      const { values } = partition.variables;
      const { name, initial } = plan;
      partition.variables.declare(name, initial, (newRow, oldRow) => member.report([newRow], [oldRow]));
      const { variables: own } = partition;
      return bodyOf({
        run: nothing,
        rows: () => [{ [name]: values.get(name) ?? null }],
        saveOrLoad: (state) => own.saveOrLoad(state, name),
      });
    }
    case 'create-table':
      partition.stores ??= new PartitionStores(member.stores);
      return bodyOf(createTable(plan, member, partition.stores));
    case 'create-index': {
      const withdraw = member.stores.get(plan.store).indexes.declare(plan);
      return { ...stateless, stop: withdraw };
    }
    case 'create-window': {
      partition.stores ??= new PartitionStores(member.stores);
      const window = createNamedWindow(plan, member, partition.stores, dispatch);
      return {
        ...bodyOf(window),
        stop: () => {
          window.stop();
          dispatch.disown(window);
        },
      };
    }
    default:
      return stateless;
  }
}

/** Looked up when they are set: a variable of the partition may have been declared later. */
const variablesOf = ({ partition }: Member, outside: Variables): Variables => ({
  get values() {
    return (partition.variables ?? outside).values;
  },
  set: (name, value) => (partition.variables ?? outside).set(name, value),
  tell: (name, before) => (partition.variables ?? outside).tell(name, before),
  watch: (name, watcher) => (partition.variables ?? outside).watch(name, watcher),
  unwatch: (name, watcher) => (partition.variables ?? outside).unwatch(name, watcher),
});

const nothing = (): void => {};

const bodyOf = (trigger: EventTrigger): MemberBody => ({
  receive: (input, event) => trigger.run(event, input),
  rows: () => trigger.rows(),
  load: () => trigger.load?.(),
  saveOrLoad: (state) => trigger.saveOrLoad(state),
  flush: nothing,
  terminate: nothing,
  stop: () => trigger.stop?.(),
});

const stateless = bodyOf({ run: nothing, rows: () => [], saveOrLoad: nothing });
