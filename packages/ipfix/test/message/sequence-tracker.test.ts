import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSequenceTracker, type SequenceVerdict } from '../../src/message/sequence-tracker.ts';

interface Sent {
  readonly sequenceNumber: number;
  readonly count: number;
}

/** Messages as an exporter numbers them, from anywhere in the number space. */
const stream = fc
  .tuple(fc.nat(0xffffffff), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 30 }))
  .map(([first, counts]) => {
    let next = first;
    return counts.map((count): Sent => {
      const sent = { sequenceNumber: next, count };
      next = (next + count) >>> 0;
      return sent;
    });
  });

function track(messages: readonly Sent[]): {
  readonly lost: number;
  readonly kinds: readonly SequenceVerdict['kind'][];
} {
  const tracker = createSequenceTracker();
  const verdicts = messages.map(({ sequenceNumber, count }) => tracker.track(sequenceNumber, count));
  const lost = verdicts.reduce((sum, verdict) => {
    if (verdict.kind === 'gap') return sum + verdict.lost;
    return verdict.kind === 'late' ? sum - verdict.recovered : sum;
  }, 0);
  return { lost, kinds: verdicts.map(({ kind }) => kind) };
}

describe('a sequence tracker', () => {
  it('counts exactly what is missing between the first message and the last', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (sent, came) => {
        const received = sent.filter((_, i) => i === 0 || i === sent.length - 1 || came[i]);
        const missing = sent.filter((message) => !received.includes(message));
        const { lost, kinds } = track(received);
        expect(lost).toBe(missing.reduce((sum, { count }) => sum + count, 0));
        expect(kinds.every((kind) => kind === 'expected' || kind === 'gap')).toBe(true);
      }),
    );
  });

  it('takes nothing for lost where messages overtake their neighbours, and none comes late twice', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (sent, swapped) => {
        const received = [...sent];
        // The first message is what all others are counted from.
        for (let i = 1; i + 1 < received.length; i += 2) {
          if (swapped[i]) [received[i], received[i + 1]] = [received[i + 1], received[i]];
        }
        const { lost, kinds } = track(received);
        expect(lost).toBe(0);
        expect(kinds).not.toContain('repeated');
        expect(kinds.filter((kind) => kind === 'late').length).toBe(
          kinds.filter((kind) => kind === 'gap').length,
        );
      }),
    );
  });

  it('takes nothing for lost where messages come twice', () => {
    fc.assert(
      fc.property(stream, (sent) => {
        const { lost, kinds } = track(sent.flatMap((message) => [message, message]));
        expect(lost).toBe(0);
        expect(kinds.filter((kind) => kind === 'repeated').length).toBe(sent.length);
      }),
    );
  });

  it('sees a restart at the second message after it', () => {
    const before = { sequenceNumber: 500_000_000, count: 3 };
    const after = [0, 3, 6].map((sequenceNumber) => ({ sequenceNumber, count: 3 }));
    expect(track([before, ...after]).kinds).toEqual(['expected', 'repeated', 'reset', 'expected']);
  });

  it('says nothing about the message behind one whose records could not be counted', () => {
    const tracker = createSequenceTracker();
    expect(tracker.track(5, undefined).kind).toBe('expected');
    expect(tracker.track(900, 1).kind).toBe('expected');
    expect(tracker.track(902, 1)).toEqual({ kind: 'gap', lost: 1, expected: 901 });
  });

  it('remembers the 16 youngest gaps', () => {
    const tracker = createSequenceTracker();
    for (let i = 0; i <= 17; i++) tracker.track(2 * i, 1);
    expect(tracker.track(1, 1).kind).toBe('repeated');
    expect(tracker.track(3, 1)).toEqual({ kind: 'late', recovered: 1 });
  });
});
