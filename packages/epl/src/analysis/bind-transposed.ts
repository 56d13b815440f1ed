import type { Bound } from '../plan/expression.ts';
import type { EventType } from '../runtime/event-type.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { Path } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Select } from '../syntax/select.ts';
import type { BoundColumn } from './bind-columns.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { typeFault } from './types.ts';

/** What stands in the place of a select clause whose row is the value of one expression. */
export interface Transposed {
  /** The properties of the value, for the target. */
  readonly columns: readonly BoundColumn[];
  readonly wholeEvent: false;
  /** An event or a map, which becomes an event of the target. */
  readonly from: Bound;
}

/**
 * `insert into T select transpose(value)`: undefined where the select clause is another one.
 * @throws Fault where the value is no event and no map, or the stream is not declared and the value does not say its columns
 */
export function bindTransposed(
  { items, insertInto }: Select,
  binder: Binder,
  types: ReadonlyMap<string, EventType> | undefined,
): Transposed | undefined {
  const [item, more] = items;
  if (insertInto === undefined || more !== undefined || item.kind !== 'expression') return undefined;
  const { expression } = item;
  if (expression.kind !== 'path' || !isTransposing(expression)) return undefined;
  const { list } = expression.parts[0].arguments!;
  if (list.length !== 1) throw new Fault('EPL_VALUE', 'transpose takes one value', expression);
  if (insertInto.columns !== undefined)
    throw new Fault('EPL_VALUE', 'what transpose gives has its own columns: leave the list out', insertInto);
  const from = bindExpression(list[0], binder);
  const column = (name: string, type: PropertyType): BoundColumn => ({
    name,
    value: { kind: 'member', type, base: from, name },
    span: expression,
    named: true,
  });
  const { type } = from;
  const { name } = insertInto.target;
  if (typeof type !== 'string' && type.kind === 'event')
    return {
      columns: type.type.properties.map((own) => column(own.name, own.type)),
      wholeEvent: false,
      from,
    };
  const target = types?.get(name);
  if (type !== 'map' && type !== 'object')
    throw typeFault(
      `transpose needs an event or a map, and ${printType(type)} cannot be one of '${name}'`,
      list[0],
    );
  if (target === undefined)
    throw typeFault(
      `a ${type} does not say what columns '${name}' has: declare its schema first`,
      expression,
    );
  return { columns: target.properties.map((own) => column(own.name, own.type)), wholeEvent: false, from };
}

function isTransposing({ parts: [first, second] }: Path): boolean {
  return first.arguments !== undefined && second === undefined && first.name.toLowerCase() === 'transpose';
}
