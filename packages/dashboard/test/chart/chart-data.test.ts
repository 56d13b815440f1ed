import { describe, expect, it } from 'vitest';
import { rateData, stackedData } from '../../src/chart/chart-data.ts';
import { createPalette } from '../../src/chart/palette.ts';

const buckets = { startMs: 10_000, bucketMs: 5000 };

describe('the data of charts', () => {
  it('are rates a second', () => {
    expect(rateData(buckets, [5, 10], { factor: 8 })).toEqual([
      [10, 15],
      [8, 16],
    ]);
  });

  it('leave out the parts that are not complete', () => {
    expect(rateData(buckets, [5, 10, 15], { untilMs: 24_999 })).toEqual([
      [10, 15],
      [1, 2],
    ]);
  });

  it('are stacked with the highest first', () => {
    expect(
      stackedData(buckets, [
        [1, 2],
        [10, 20],
        [100, 200],
      ]),
    ).toEqual([
      [10, 15],
      [111, 222],
      [11, 22],
      [1, 2],
    ]);
    expect(stackedData(buckets, [])).toEqual([[]]);
  });
});

describe('the palette', () => {
  it('keeps a colour for each name, and the last one for all beyond', () => {
    const { colourOf } = createPalette();
    const names = Array.from({ length: 10 }, (_, i) => `s${i}`);
    const first = names.map(colourOf);
    expect(new Set(first.slice(0, 8)).size).toBe(8);
    expect(first[8]).toBe(first[7]);
    expect(names.toReversed().map(colourOf).reverse()).toEqual(first);
  });
});
