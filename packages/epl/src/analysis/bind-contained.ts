import type { ContainedPlan, ContainedStep } from '../plan/contained-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import { printType } from '../runtime/property-type.ts';
import { Fault } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { SelectItem } from '../syntax/select.ts';
import type { ContainedSelect } from '../syntax/stream.ts';
import { bindColumns } from './bind-columns.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import type { ScopeStream } from './scope.ts';
import { typed, typeFault } from './types.ts';

/** Binds the steps behind an event type. `outer` is the stream that they start from. @throws Fault */
export function bindContained(
  nodes: readonly ContainedSelect[],
  outer: ScopeStream,
  context: Pick<Binder, 'eventTypes' | 'library'>,
): ContainedPlan {
  const steps: ContainedStep[] = [];
  // The innermost first: its properties hide those around it.
  let streams: readonly ScopeStream[] = [outer];
  for (const node of nodes) {
    const step = bindStep(node, streams, context);
    steps.push(step.plan);
    streams = [step.stream, ...streams];
  }
  const selected = steps.flatMap(({ columns }) => columns ?? []);
  const twice = selected.find(({ name }, i) => selected.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new Fault(
      'EPL_DUPLICATE_NAME',
      `contained events: the column '${twice.name}' occurs twice`,
      nodes[0],
    );
  const last = streams[0].type;
  const type =
    selected.length === 0
      ? last
      : createEventType(
          `${outer.type.name} contained`,
          selected.map(({ name, value }) => ({ name, type: value.type })),
        );
  return { steps, type };
}

function bindStep(
  node: ContainedSelect,
  outer: readonly ScopeStream[],
  context: Pick<Binder, 'eventTypes' | 'library'>,
): { plan: ContainedStep; stream: ScopeStream } {
  const binder = (streams: readonly ScopeStream[], place: string): Binder => ({
    ...context,
    scope: { streams, preferred: 1 },
    aggregates: undefined,
    subqueries: undefined,
    place,
  });
  const source = bindExpression(node.property, binder(outer, 'a contained-event selection'));
  const type = containedType(node, source, context);
  const name = node.alias?.name ?? reprint(node.property);
  const stream: ScopeStream = { name, aliased: node.alias !== undefined, type };
  const inner = [stream, ...outer];
  const where =
    node.where && bindCondition(node.where, binder(inner, 'the where clause of contained events'));
  const columns =
    node.items &&
    bindColumns(
      node.items.map((item) => ofInnermost(item, name)),
      binder(inner, 'the select clause of contained events'),
    ).columns.map(({ name: column, value }) => ({ name: column, value }));
  return { plan: { source, type, where, columns }, stream };
}

/** `*` stands for the contained event alone. */
const ofInnermost = (item: SelectItem, name: string): SelectItem =>
  item.kind === 'wildcard'
    ? {
        kind: 'stream-wildcard',
        stream: { name, start: item.start, end: item.end },
        start: item.start,
        end: item.end,
      }
    : item;

/** The type of the events in the property: its own, or that of `@type`. */
function containedType(
  { property, type: written }: ContainedSelect,
  source: Bound,
  { eventTypes }: Pick<Binder, 'eventTypes'>,
): EventType {
  const { type } = source;
  const element = typeof type !== 'string' && type.kind === 'array' ? type.element : type;
  if (written !== undefined) {
    const declared = knownType(written, eventTypes);
    const plain = typeof element === 'string' && element !== 'object' && element !== 'map';
    if (!plain || declared.properties.length === 1) return declared;
    const message = `'${declared.name}' must have one property to stand for values of ${printType(element)}`;
    throw typeFault(message, written);
  }
  if (typeof element !== 'string' && element.kind === 'event') return element.type;
  throw typeFault(
    `${typed(reprint(property), type)} holds no events: say with @type(…) what they are`,
    property,
  );
}
