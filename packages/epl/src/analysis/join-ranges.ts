import type { Bound } from '../plan/expression.ts';
import type { JoinRange, RangeBound } from '../plan/plan.ts';
import { planKey } from '../plan/plan-key.ts';
import { isNumeric, isText } from './types.ts';

/**
 * What conditions on the joined rows say of the order of two streams' values: `a.x < b.y`, `b.ts between a.ts and
 * a.ts + 1000`. Those of one value against the same streams are one range.
 */
export function rangesOf(
  conditions: readonly Bound[],
  streamOf: (node: Bound) => number | undefined,
): readonly JoinRange[] {
  const ranges = new Map<string, JoinRange>();
  const add = (range: JoinRange): void => {
    const name = planKey([range.stream, range.streams, range.key]);
    const known = ranges.get(name);
    const mergeable = known !== undefined && !known.eitherWay && !range.eitherWay;
    if (known === undefined) ranges.set(name, range);
    else if (mergeable)
      ranges.set(name, { ...known, low: known.low ?? range.low, high: known.high ?? range.high });
  };
  /** The value of one stream against bounds of others; constants have no stream. */
  const compare = (
    key: Bound,
    low: RangeBound | undefined,
    high: RangeBound | undefined,
    eitherWay: boolean,
  ): void => {
    const stream = streamOf(key);
    if (stream === undefined) return;
    const streams = new Set<number>();
    for (const bound of [low, high]) {
      if (bound === undefined || bound.value.kind === 'constant') continue;
      const other = streamOf(bound.value);
      if (other === undefined || other === stream || !haveOrder(key, bound.value)) return;
      streams.add(other);
    }
    if (streams.size > 0) add({ stream, key, low, high, eitherWay, streams: [...streams].sort() });
  };
  for (const condition of conditions) {
    if (condition.kind === 'range' && !condition.not) {
      const { value, low, high, lowIncluded, highIncluded } = condition;
      compare(value, { value: low, included: lowIncluded }, { value: high, included: highIncluded }, true);
      if (!isBehind(high, low)) continue;
      compare(low, undefined, { value, included: lowIncluded }, false);
      compare(high, { value, included: highIncluded }, undefined, false);
    } else if (condition.kind === 'comparison') {
      const { left, right, operator } = condition;
      const included = operator === '<=' || operator === '>=';
      if (operator === '<' || operator === '<=') {
        compare(left, undefined, { value: right, included }, false);
        compare(right, { value: left, included }, undefined, false);
      } else if (operator === '>' || operator === '>=') {
        compare(left, { value: right, included }, undefined, false);
        compare(right, undefined, { value: left, included }, false);
      }
    }
  }
  return [...ranges.values()];
}

/** Values of these types are ordered in JavaScript as the language orders them. */
const haveOrder = (a: Bound, b: Bound): boolean =>
  (isNumeric(a.type) && isNumeric(b.type)) || (isText(a.type) && isText(b.type));

/** Whether one is the other and a constant of at least 0, in a type whose sums do not wrap where anybody counts. */
const isBehind = (high: Bound, low: Bound): boolean =>
  high.kind === 'arithmetic' &&
  high.operator === '+' &&
  (high.type === 'long' || high.type === 'double' || high.type === 'float') &&
  high.right.kind === 'constant' &&
  Number(high.right.value) >= 0 &&
  planKey(high.left) === planKey(low);
