import { type Annotation, findAnnotation } from '../annotation.ts';
import type { CompiledModule, CompiledStatement, CompileOptions } from '../compile-module.ts';
import type { SelectPlan, StatementPlan } from '../plan/plan.ts';
import { createEventType, type EventType, type EventTypeDefinition } from '../runtime/event-type.ts';
import { Fault } from '../syntax/fault.ts';
import type { ParsedStatement } from '../syntax/parse-module.ts';
import type { StatementNode } from '../syntax/statement.ts';
import { bindContext } from './bind-context.ts';
import { declare, withDeclarations } from './bind-declared.ts';
import { bindIndex } from './bind-index.ts';
import { bindNamedWindow, refuseKnownStore } from './bind-named-window.ts';
import { bindReclaim } from './bind-reclaim.ts';
import { bindSchema } from './bind-schema.ts';
import { bindSelect } from './bind-select.ts';
import { bindSplit } from './bind-split.ts';
import { bindStoreTrigger } from './bind-store-trigger.ts';
import { bindTable } from './bind-table.ts';
import { bindUpdate } from './bind-update.ts';
import { bindSet, bindVariable } from './bind-variable.ts';
import { checkAnnotations } from './check-annotations.ts';
import { checkContext, checkPlace, checkStores, knownContext } from './context-use.ts';
import { spreadEvidence } from './evidence-need.ts';
import { unsupportedStatement } from './unsupported.ts';
import { createLibrary, register, type UserLibrary } from './user-library.ts';

/** Binds the statements in their order: each sees the event types of the ones before it. */
export function bindModule(
  text: string,
  parsed: readonly ParsedStatement[],
  options: CompileOptions,
): { module: CompiledModule } | { faults: readonly Fault[] } {
  const eventTypes = knownEventTypes(options);
  const library = createLibrary(options);
  const statements: CompiledStatement[] = [];
  const faults: Fault[] = [];
  const names = new Set<string>();
  /** Texts of failed statements: names that they would have declared are not reported as unknown. */
  const failed: string[] = [];
  parsed.forEach((statement, index) => {
    const written = text.slice(statement.start, statement.end);
    const fail = (fault: Fault) => {
      const consequence = fault.code === 'EPL_UNKNOWN_EVENT_TYPE' && isMentioned(text, fault, failed);
      if (!consequence) faults.push(fault);
      failed.push(written);
    };
    if ('fault' in statement) {
      fail(statement.fault);
      return;
    }
    try {
      const { node } = statement;
      const name = statementName(node, index);
      if (options.annotations !== undefined)
        checkAnnotations(node.annotations, options.annotations, written, statement);
      if (names.has(name)) {
        throw new Fault('EPL_DUPLICATE_NAME', `two statements are named '${name}'`, statement);
      }
      names.add(name);
      const context = node.context && knownContext(node.context, library);
      const bound = bindStatement(node, name, written, eventTypes, options, { ...library, context });
      if (context !== undefined) {
        checkContext(bound.plan, context, node.context!);
        checkPlace(bound.plan, context, library, node.context!);
      }
      checkStores(bound.plan, context, library, node);
      register(bound.plan, context, library);
      statements.push(context === undefined ? bound : { ...bound, context });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fail(error);
    }
  });
  if (faults.length > 0) return { faults };
  const spread = spreadEvidence(statements);
  return { module: { statements: spread, eventTypes: [...eventTypes.values()] } };
}

/** Those given from outside, and those of the modules that are used. */
export function knownEventTypes({
  eventTypes: given = [],
  uses = [],
}: CompileOptions): Map<string, EventType> {
  const eventTypes = new Map<string, EventType>();
  for (const { eventTypes: used } of uses) for (const type of used) eventTypes.set(type.name, type);
  for (const definition of given)
    if (!eventTypes.has(definition.name)) eventTypes.set(definition.name, knownEventType(definition));
  return eventTypes;
}

/** Types of other modules stay what they are, with their supertypes and variants. */
function knownEventType(definition: EventTypeDefinition): EventType {
  if ('Instance' in definition) return definition as EventType;
  const { name, properties, timestamps } = definition;
  return createEventType(name, properties, { timestamps, ownClass: true });
}

/** Whether the place's text occurs in a statement that failed before. */
function isMentioned(text: string, fault: Fault, failed: readonly string[]): boolean {
  const name = text.slice(fault.span.start, fault.span.end);
  return failed.some((statement) => statement.includes(name));
}

function statementName(node: StatementNode, index: number): string {
  const value = findAnnotation(node.annotations, 'Name')?.value;
  return typeof value === 'string' ? value : `stmt-${index}`;
}

function bindStatement(
  node: StatementNode,
  name: string,
  text: string,
  eventTypes: Map<string, EventType>,
  options: CompileOptions,
  moduleLibrary: UserLibrary,
): CompiledStatement {
  const { annotations } = node;
  const library = withDeclarations(moduleLibrary, node.declarations);
  let plan: StatementPlan;
  const statementOf = (
    kind: CompiledStatement['kind'],
    of: StatementPlan,
    eventType: EventType,
  ): CompiledStatement => ({ name, kind, annotations, insertInto: undefined, eventType, text, plan: of });
  switch (node.kind) {
    case 'create-schema':
      refuseKnownStore(node.name, library);
      plan = { kind: 'create-schema', type: bindSchema(node, eventTypes) };
      eventTypes.set(plan.type.name, plan.type);
      return { name, kind: node.kind, annotations, insertInto: undefined, eventType: plan.type, text, plan };
    case 'select': {
      const bound = bindSelect(node, name, eventTypes, library);
      const iterableUnbound = findAnnotation(annotations, 'IterableUnbound') !== undefined;
      const reclaim = bindReclaim(annotations, bound, library, node);
      plan = {
        ...bound,
        ...(iterableUnbound && { iterableUnbound }),
        ...(reclaim && { reclaim }),
        evidence: wantedEvidence(name, annotations, options),
      } satisfies SelectPlan;
      const target = plan.insertInto?.type;
      if (target !== undefined && !library.stores.has(target.name)) eventTypes.set(target.name, target);
      return {
        name,
        kind: node.kind,
        annotations,
        insertInto: target?.name,
        eventType: plan.rowType,
        text,
        plan,
      };
    }
    case 'update-stream': {
      const update = bindUpdate(node, eventTypes, library);
      const { type } = update;
      return {
        name,
        kind: node.kind,
        annotations,
        insertInto: undefined,
        eventType: type,
        text,
        plan: update,
      };
    }
    case 'create-context': {
      const context = bindContext(node, eventTypes, library);
      return statementOf(node.kind, context, context.rowType);
    }
    case 'create-variable': {
      const variable = bindVariable(node, eventTypes, library);
      return statementOf(node.kind, variable, variable.rowType);
    }
    case 'create-expression': {
      const { declaration } = node;
      declare(declaration, moduleLibrary.expressions);
      const { name: declared, parameters } = declaration;
      plan = { kind: 'create-expression', name: declared.name, parameters, declaration };
      return statementOf(node.kind, plan, createEventType(declared.name, []));
    }
    case 'on': {
      const { action } = node;
      if (action.kind === 'set') {
        const set = bindSet(node, action, eventTypes, library);
        return statementOf('on-set', set, set.rowType);
      }
      if (action.kind === 'split') {
        const split = bindSplit(node, action, eventTypes, library);
        return statementOf('on-split', split, split.rowType);
      }
      const evidence = wantedEvidence(name, annotations, options);
      const trigger = bindStoreTrigger(node, action, name, eventTypes, library, evidence);
      const into = trigger.kind === 'on-select' ? trigger.select.insertInto?.type : undefined;
      if (into !== undefined && !library.stores.has(into.name)) eventTypes.set(into.name, into);
      return { ...statementOf(trigger.kind, trigger, trigger.rowType), insertInto: into?.name };
    }
    case 'create-window': {
      const window = bindNamedWindow(node, eventTypes, library);
      eventTypes.set(window.name, window.type);
      return statementOf(node.kind, window, window.type);
    }
    case 'create-table': {
      const table = bindTable(node, eventTypes, library);
      return statementOf(node.kind, table, table.type);
    }
    case 'create-index': {
      const index = bindIndex(node, eventTypes, library);
      return statementOf(node.kind, index, library.stores.get(index.store)!.type);
    }
    default:
      throw unsupportedStatement(node);
  }
}

/** More than this many events are no evidence that anybody reads. */
const mostEvidence = 100_000;

function wantedEvidence(name: string, annotations: readonly Annotation[], options: CompileOptions): number {
  const wanted = options.evidence?.({ name, annotations }) ?? 0;
  return Number.isFinite(wanted) ? Math.max(0, Math.min(mostEvidence, Math.floor(wanted))) : 0;
}
