import { expect, it } from 'vitest';
import { placeOf } from '../../src/parts/stage-places.ts';

it('places times between the first and the last', () => {
  expect([10, 15, 20, 0, 30].map((timeMs) => placeOf(timeMs, 10, 20))).toEqual([0, 50, 100, 0, 100]);
  expect(placeOf(10, 10, 10)).toBe(50);
});
