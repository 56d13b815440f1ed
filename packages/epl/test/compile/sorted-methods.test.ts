import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll, refusal } from '../evaluate.ts';

const schema = 'create schema E(k int, id int)';
interface Event {
  readonly k: number;
  readonly id: number;
}

type Find = (events: readonly Event[]) => readonly Event[];

/** The events of the first key, or with `last` of the last one, that fits. */
const ofKey =
  (fits: (k: number) => boolean, last = false): Find =>
  (events) => {
    const keys = events.map(({ k }) => k).filter(fits);
    const key = last ? Math.max(...keys) : Math.min(...keys);
    return events.filter(({ k }) => k === key);
  };

const found: Readonly<Record<string, Find>> = {
  'ceiling%(3)': ofKey((k) => k >= 3),
  'higher%(3)': ofKey((k) => k > 3),
  'floor%(3)': ofKey((k) => k <= 3, true),
  'lower%(3)': ofKey((k) => k < 3, true),
  'first%()': ofKey(() => true),
  'last%()': ofKey(() => true, true),
};

describe('methods of sorted events', () => {
  const events = fc
    .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 })
    .map((keys) => keys.map((k, id): Event => ({ k, id })));
  const last = (expression: string, list: readonly Event[]) =>
    evaluateAll(
      `${schema}`,
      expression,
      list.map((event) => ({ ...event })),
    ).at(-1);
  const over = (method: string) => `sorted(k).${method}`;

  it.each(Object.entries(found))('%s', (method, find) => {
    fc.assert(
      fc.property(events, (list) => {
        const expected = find(list);
        const said = (kind: string) => last(over(method.replace('%', kind)), list);
        expect(said('Key')).toBe(expected[0]?.k ?? null);
        expect((said('Event') as Event | null)?.id).toBe(expected[0]?.id);
        expect((said('Events') as readonly Event[] | null)?.map(({ id }) => id) ?? []).toEqual(
          expected.map(({ id }) => id),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('count, find and cut out', () => {
    fc.assert(
      fc.property(events, (list) => {
        const keys = new Set(list.map(({ k }) => k));
        expect(last(over('countEvents()'), list)).toBe(list.length);
        expect(last(over('countKeys()'), list)).toBe(keys.size);
        expect(last(over('containsKey(3)'), list)).toBe(keys.has(3));
        const between = last(over('eventsBetween(2, true, 4, false)'), list) as readonly Event[];
        expect(between.map(({ k }) => k)).toEqual(
          list
            .map(({ k }) => k)
            .filter((k) => k >= 2 && k < 4)
            .sort((a, b) => a - b),
        );
        expect(Object.keys(last(over('submap(2, false, 9, true)'), list) as object).map(Number)).toEqual(
          [...keys].filter((k) => k > 2).sort((a, b) => a - b),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('run downwards where the keys do', () => {
    const list = [1, 5, 3].map((k, id) => ({ k, id }));
    expect(last('sorted(k desc).firstKey()', list)).toBe(5);
    expect(last('sorted(k desc).higherKey(3)', list)).toBe(1);
    expect(last('sorted(k).firstEvent().id', list)).toBe(0);
  });

  it.each([
    ['sorted(k, id).firstKey()', "firstKey needs a 'sorted' of one key"],
    ["sorted(k).floorKey('a')", 'floorKey takes int here, not string'],
    ['sorted(k).firstKey(1)', 'firstKey takes 0 arguments, not 1'],
  ])('%s is refused: %s', (expression, message) => {
    expect(refusal(`${schema}; select ${expression} from E#keepall`)).toContain(message);
  });
});

describe('event_identity_equals', () => {
  it('tells events apart that are equal', () => {
    const schemas = `${schema}; create schema P(a E, b E)`;
    const text = 'event_identity_equals(first(*), last(*))';
    expect(evaluateAll(schema, text, [{ k: 1 }, { k: 1 }])).toEqual([true, false]);
    expect(refusal(`${schemas}; select event_identity_equals(k, k) from E`)).toContain('takes two events');
  });
});
