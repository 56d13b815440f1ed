import type { Program } from '../../compile/program.ts';
import type { StatementPlan } from '../../plan/plan.ts';
import { type StatementPatterns, startPatterns } from '../pattern/statement-patterns.ts';
import { SelectInstance } from '../select-instance.ts';
import { createSplitTrigger } from '../split-trigger.ts';
import type { EventTrigger } from '../statement-instance.ts';
import type { Variables } from '../variable-store.ts';
import { createSetTrigger } from '../variable-trigger.ts';
import type { Member, MemberBody } from './member.ts';
import { PartitionVariables } from './partition-variables.ts';

/** The state of a statement in a partition that has just opened: its patterns wait from now on. */
export function createMemberBody(
  plan: StatementPlan,
  program: Program | undefined,
  member: Member,
  variables: Variables,
): MemberBody {
  const body = createBody(plan, program, member, variables);
  const environment = body instanceof SelectInstance ? body : member;
  const patterns = startPatterns(plan, program, environment, member, (input, matches) => {
    if (body instanceof SelectInstance) body.receiveTogether(input, matches);
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
  rows: () => body.rows(),
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
): MemberBody {
  const { partition } = member;
  switch (plan.kind) {
    case 'select':
      return new SelectInstance(program!, member);
    case 'on-set':
      return bodyOf(createSetTrigger(plan, member, variablesOf(member, variables), member));
    case 'on-split':
      return bodyOf(createSplitTrigger(plan, member, member));
    case 'create-variable': {
      partition.variables ??= new PartitionVariables(variables);
      const { values } = partition.variables;
      const { name, initial } = plan;
      partition.variables.declare(name, initial, (newRow, oldRow) => member.report([newRow], [oldRow]));
      return bodyOf({ run: () => {}, rows: () => [{ [name]: values.get(name) ?? null }] });
    }
    default:
      return bodyOf({ run: () => {}, rows: () => [] });
  }
}

/** Looked up when they are set: a variable of the partition may have been declared later. */
const variablesOf = ({ partition }: Member, outside: Variables): Variables => ({
  get values() {
    return (partition.variables ?? outside).values;
  },
  set: (name, value) => (partition.variables ?? outside).set(name, value),
});

const nothing = (): void => {};

const bodyOf = (trigger: EventTrigger): MemberBody => ({
  receive: (input, event) => trigger.run(event, input),
  rows: () => trigger.rows(),
  flush: nothing,
  terminate: nothing,
  stop: nothing,
});
