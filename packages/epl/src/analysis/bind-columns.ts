import type { Bound } from '../plan/expression.ts';
import type { ColumnPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { SelectItem } from '../syntax/select.ts';
import type { Span } from '../syntax/source.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { eventOf, propertyOf, unknownProperty } from './scope.ts';

export interface BoundColumn extends ColumnPlan {
  readonly span: Span;
  /** Named by `as` or by its place in a wildcard, rather than after its text. */
  readonly named: boolean;
}

/**
 * The columns of the select clause; `wholeEvent` where it is nothing but the event of the only stream. `renamed`: they
 * get other names, so that two of one name do not matter.
 */
export function bindColumns(
  items: readonly SelectItem[],
  binder: Binder,
  renamed = false,
): { columns: readonly BoundColumn[]; wholeEvent: boolean } {
  const { streams } = binder.scope;
  const columns: BoundColumn[] = [];
  let spreads = 0;
  const spread = (stream: number, span: Span) => {
    for (const { name } of streams[stream].type.properties) {
      columns.push({ name, value: propertyOf(binder.scope, stream, name), span, named: true });
    }
  };
  const event = (stream: number): Bound => eventOf(binder.scope, stream);
  for (const item of items) {
    switch (item.kind) {
      case 'wildcard':
        if (streams.length === 1) spread(0, item);
        else
          streams.forEach((_, stream) => {
            columns.push({
              name: streamColumn(binder, stream),
              value: event(stream),
              span: item,
              named: true,
            });
          });
        break;
      case 'stream-wildcard': {
        // The name of its type does not stand for a stream here; that of a contained property does.
        const stream = streams.findIndex(
          ({ name, aliased, type }) => name === item.stream.name && (aliased || name !== type.name),
        );
        const tag = stream < 0 ? taggedEvent(binder, item.stream.name) : undefined;
        if (tag !== undefined) {
          if (item.alias !== undefined)
            columns.push({ name: item.alias, value: tag.event, span: item, named: true });
          else
            for (const { name, type } of tag.type.properties)
              columns.push({
                name,
                value: { kind: 'member', type, base: tag.event, name },
                span: item,
                named: true,
              });
          break;
        }
        if (stream < 0) {
          const close = closestName(
            item.stream.name,
            streams.map(({ name }) => name),
          );
          throw new Fault(
            'EPL_UNKNOWN_PROPERTY',
            `unknown stream '${item.stream.name}' in '${item.stream.name}.*'`,
            item.stream,
            close,
          );
        }
        if (item.alias === undefined && spreads++ > 0)
          throw new Fault(
            'EPL_DUPLICATE_NAME',
            `'${item.stream.name}.*' needs a column name: write '${item.stream.name}.* as …' for all streams but one`,
            item,
          );
        if (item.alias === undefined) spread(stream, item);
        else columns.push({ name: item.alias, value: event(stream), span: item, named: true });
        break;
      }
      case 'expression': {
        // Events are given as they are in any case, which is what `@eventbean` asks for.
        for (const { name } of item.annotations)
          if (name.toLowerCase() !== 'eventbean')
            throw new Fault('EPL_VALUE', `a column has no annotation '@${name}'`, item, '@eventbean');
        const value = bindExpression(item.expression, binder);
        // The whole event is selected by the alias of its stream.
        if (
          value.kind === 'event' &&
          item.expression.kind === 'path' &&
          streams[value.stream]?.aliased === false
        )
          throw unknownProperty(binder.scope, item.expression.parts);
        columns.push({
          name: item.alias ?? columnName(item.expression, value),
          value,
          span: item,
          named: item.alias !== undefined,
        });
        break;
      }
      default:
        item satisfies never;
    }
  }
  const names = new Set<string>();
  for (const { name, span } of columns) {
    if (!renamed && names.has(name)) {
      throw new Fault(
        'EPL_DUPLICATE_NAME',
        `the column '${name}' occurs twice: name one of them with 'as'`,
        span,
      );
    }
    names.add(name);
  }
  const [only] = items;
  const ownStream = only.kind === 'stream-wildcard' && streams.some(({ name }) => name === only.stream.name);
  const whole =
    only.kind === 'wildcard' || (ownStream && only.kind === 'stream-wildcard' && only.alias === undefined);
  return { columns, wholeEvent: items.length === 1 && whole && streams.length === 1 };
}

/** The event under a tag of a pattern, or in any other property: `a.*` gives its columns. */
function taggedEvent(
  { scope }: Binder,
  name: string,
): { readonly event: Bound; readonly type: EventType } | undefined {
  for (const [stream, { type }] of scope.streams.entries()) {
    const property = type.property(name)?.type;
    if (property !== undefined && typeof property !== 'string' && property.kind === 'event')
      return { event: { kind: 'property', type: property, stream, name }, type: property.type };
  }
  return undefined;
}

/** As the expression reads; the key of a map stands in single quotes. */
function columnName(expression: Expression, value: Bound): string {
  const text = reprint(expression);
  const mapped = value.kind === 'member' && value.base.type === 'map';
  return mapped ? text.replace(/\("(.*)"\)$/, "('$1')") : text;
}

/** In `select *` over a join each stream is a column: under its alias, else `stream_N`. */
function streamColumn(binder: Binder, stream: number): string {
  const { aliased, name } = binder.scope.streams[stream];
  return aliased ? name : `stream_${stream}`;
}
