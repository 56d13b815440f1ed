import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSequenceCounting, type SequenceCount } from '../../src/message/sequence-counting.ts';

interface Sent {
  readonly sequenceNumber: number;
  readonly count: SequenceCount;
}

/** Messages of an exporter whose numbers count their own data records as well. */
function including(first: number, counts: readonly SequenceCount[]): readonly Sent[] {
  let sequenceNumber = first;
  return counts.map((count) => {
    sequenceNumber = (sequenceNumber + count.data) >>> 0;
    return { sequenceNumber, count };
  });
}

function track(messages: readonly Sent[]) {
  const counting = createSequenceCounting();
  const verdicts = messages.map(({ sequenceNumber, count }) => counting.track(sequenceNumber, count));
  const lost = verdicts.reduce((sum, verdict) => {
    if (verdict.kind === 'gap') return sum + verdict.lost;
    return verdict.kind === 'late' || verdict.kind === 'recounted' ? sum - verdict.recovered : sum;
  }, 0);
  return { lost, kinds: verdicts.map(({ kind }) => kind) };
}

const count = (data: number, options = 0): SequenceCount => ({ all: data + options, data });

/** Counts of which any two that follow each other differ, so that the ways of counting can be told apart. */
const differingCounts = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(3)), { minLength: 10, maxLength: 30 })
  .map((counts) =>
    counts
      .filter(([data], i) => i === 0 || counts[i - 1][0] !== data)
      .map(([data, options]) => count(data, options)),
  );

describe('sequence numbers that count their own message', () => {
  it('are known from the first message of an exporter', () => {
    fc.assert(
      fc.property(differingCounts, (counts) => {
        const { lost, kinds } = track(including(0, counts));
        expect(lost).toBe(0);
        expect(new Set(kinds)).toEqual(new Set(['expected']));
      }),
    );
  });

  it('are known after four messages of an exporter that was there before, and nothing stays lost', () => {
    const counts = [28, 10, 30, 7, 28, 9, 30].map((data) => count(data));
    const { lost, kinds } = track(including(1000, counts));
    expect(lost).toBe(0);
    expect(kinds.slice(0, 4)).toContain('gap');
    expect(kinds.slice(4)).toEqual(['recounted', 'expected', 'expected']);
  });

  it('show what is lost as others do', () => {
    const sent = including(
      0,
      [28, 10, 30, 7].map((data) => count(data)),
    );
    expect(track([sent[0], sent[1], sent[3]])).toEqual({ lost: 30, kinds: ['expected', 'expected', 'gap'] });
  });
});

describe('sequence numbers by the standard', () => {
  it('count options records', () => {
    const counting = createSequenceCounting();
    expect(counting.track(0, count(3, 2)).kind).toBe('expected');
    expect(counting.track(5, count(4)).kind).toBe('expected');
    expect(counting.track(10, count(1))).toEqual({ kind: 'gap', lost: 1, expected: 9 });
  });

  it('are found again where the first message only looked otherwise', () => {
    // The number of the first message happens to be its count.
    const { lost, kinds } = track([
      { sequenceNumber: 5, count: count(5) },
      { sequenceNumber: 10, count: count(8) },
      { sequenceNumber: 18, count: count(3) },
      { sequenceNumber: 22, count: count(1) },
    ]);
    expect(kinds).toEqual(['expected', 'recounted', 'expected', 'gap']);
    expect(lost).toBe(1);
  });
});
